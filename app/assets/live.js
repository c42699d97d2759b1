// What waits, kept up to date: the numbers in the frame, and the list where it is open.

import { chooseAgain } from "./bulk.js";

const LIST = location.href; // a task opened beside the list has an address of its own
const EVERY = 15_000;
const FILLED_IN = ".filters:focus-within, .view-form:focus-within, dialog[open]";

/** Ask at once and then again and again, while somebody can see the page. */
export function prepareLive(page) {
  const badge = page.querySelector("[data-waits]");
  if (!badge) return;
  let tag = null;
  const look = async () => {
    if (page.hidden) return;
    const answer = await asked(badge.dataset.waits, tag);
    if (!answer?.ok) return; // 304: nothing new; anything else: the next visit will say
    tag = answer.headers.get("ETag");
    const found = await answer.json();
    show(badge, found.all);
    if (await read(page, found.news)) return look();
    await renew(page, found.state);
  };
  setInterval(look, EVERY);
  page.addEventListener("visibilitychange", look);
  look();
}

function show(badge, number) {
  badge.textContent = number;
  badge.hidden = number === 0;
}

/** Show how much is unread; what is about the case that is open here is read: true if so. */
async function read(page, unread) {
  const bell = page.querySelector("[data-news]");
  if (!bell) return false;
  show(bell, unread);
  const about = page.querySelector("main[data-case]")?.dataset.case;
  if (!about || !unread || bell.dataset.readOf === about) return false;
  bell.dataset.readOf = about;
  const headers = { "X-CSRFToken": page.querySelector("meta[name=csrf-token]").content };
  const body = new URLSearchParams({ case: about });
  const sent = { method: "POST", headers, body, keepalive: true }; // also when one leaves at once
  const answer = await fetch(new URL("read", bell.closest("a").href), sent).catch(() => null);
  return Boolean(answer?.ok);
}

async function asked(url, tag) {
  try {
    const headers = tag ? { "If-None-Match": tag } : {};
    return await fetch(url, { headers, cache: "no-store", redirect: "manual" });
  } catch {
    return null; // away, or signed out
  }
}

/** Show the list as it is now, unless somebody is filling something in there. */
async function renew(page, state) {
  const list = page.querySelector("[data-live]");
  if (!list || list.dataset.state === state) return;
  if (list.querySelector(FILLED_IN)) return;
  const answer = await asked(LIST);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = fresh.querySelector("[data-live]");
  if (!now) return;
  const here = list.contains(page.activeElement) ? page.activeElement.getAttribute("href") : null;
  chooseAgain(list, now);
  list.replaceWith(now);
  if (here) now.querySelector(`a[href="${CSS.escape(here)}"]`)?.focus();
  page.dispatchEvent(new Event("list:renewed"));
  const said = page.querySelector("[data-live-said]");
  if (said) said.textContent = said.dataset.words;
}
