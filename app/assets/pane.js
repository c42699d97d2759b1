// On wide screens a task opens beside the list it stands in; everywhere else it is a page of its own.
import htmx from "htmx.org/dist/htmx.esm.js";

const WIDE = matchMedia("(min-width: 75rem)");
let prepare = () => {};

/**
 * Let the rows of the page's list open beside it; Back and Forward go through what was open.
 * `preparations` are wired to what is shown as they are to a page.
 */
export function preparePane(page, preparations) {
  prepare = (shown) => preparations.forEach((each) => each(shown));
  const desk = page.querySelector("[data-desk]");
  if (!desk) return;
  const list = { address: location.href, title: page.title };
  history.replaceState({ list: true }, "");
  page.addEventListener("click", (event) => {
    const row = event.target.closest("a.work-link");
    if (row && WIDE.matches && plain(event)) {
      event.preventDefault();
      show(page, desk, row.href, { push: true });
    }
    if (event.target.closest("[data-pane-closes]")) leave(page, desk, list);
  });
  page.addEventListener("keydown", (event) => {
    const open = desk.querySelector("details[open], dialog[open]");
    if (event.key === "Escape" && pane(desk) && !open) leave(page, desk, list);
  });
  page.addEventListener("list:renewed", () => mark(desk));
  addEventListener("popstate", ({ state }) => {
    if (state?.pane) show(page, desk, state.pane, {});
    else if (state?.list) close(page, desk, list);
  });
}

function plain(event) {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

function pane(desk) {
  return desk.querySelector("[data-pane]");
}

/** Fetch a task's page and show what is in it; what cannot be shown here is gone to. */
async function show(page, desk, address, { push }) {
  if (pane(desk)?.dataset.pane === address) return;
  const answer = await fetch(address, { cache: "no-store" }).catch(() => null);
  const there = answer?.ok && !answer.redirected ? await answer.text() : null;
  const main = there && new DOMParser().parseFromString(there, "text/html");
  const content = main?.querySelector("main");
  if (!content) {
    location.href = address;
    return;
  }
  if (push) history.pushState({ pane: address }, "", address);
  put(page, desk, address, content);
  page.title = main.title;
}

function put(page, desk, address, content) {
  pane(desk)?.remove();
  const shown = page.importNode(page.getElementById("pane").content, true).firstElementChild;
  shown.dataset.pane = address;
  shown.querySelector("[data-pane-content]").append(...content.childNodes);
  desk.append(shown);
  page.querySelector("main").dataset.case = content.dataset.case ?? "";
  htmx.process(shown);
  htmx.trigger(shown, "htmx:load");
  prepare(shown);
  mark(desk);
  dispatchEvent(new Event("hashchange")); // its tabs are marked as those of any page
  shown.focus({ preventScroll: true });
}

/** Say in the list which row is open. */
function mark(desk) {
  const open = pane(desk)?.dataset.pane;
  for (const row of desk.querySelectorAll("a.work-link")) {
    if (row.href === open) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

/** Close it, and have Back come here again. */
function leave(page, desk, list) {
  history.pushState({ list: true }, "", list.address);
  close(page, desk, list);
}

function close(page, desk, list) {
  const row = desk.querySelector("a.work-link[aria-current]");
  pane(desk)?.remove();
  delete page.querySelector("main").dataset.case;
  mark(desk);
  page.title = list.title;
  row?.focus();
}
