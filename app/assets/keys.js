// Keys: / goes to the search field, j and k through a list, Enter opens, x selects, o shows what
// else may be done, ? tells which there are.
import { choose } from "./bulk.js";

const ACTS = {
  "/": search,
  j: (page) => step(page, 1),
  k: (page) => step(page, -1),
  x: choose,
  o: operations,
  "?": tell,
};

const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable], dialog";

/** Listen for the keys of every page. */
export function prepareKeys(page) {
  page.addEventListener("keydown", (event) => {
    const typing = event.target.closest(TYPING);
    if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
    const act = ACTS[event.key];
    if (act?.(page)) event.preventDefault();
  });
}

function search(page) {
  const field = page.querySelector("[data-search]");
  field?.focus();
  return field;
}

/** Go to the next or the previous row of the page's list. */
function step(page, by) {
  const rows = [...page.querySelectorAll("[data-steps] a.work-link")];
  const within = (row) => row.closest(".work-row").contains(page.activeElement);
  const here = rows.findIndex(within);
  const now = here < 0 ? rows.findIndex((row) => row.hasAttribute("aria-current")) : here;
  const next = rows[now < 0 ? 0 : Math.min(Math.max(now + by, 0), rows.length - 1)];
  next?.focus();
  return next;
}

/** Open the menu of what else may be done here: of the selected tasks, or of the open one. */
function operations(page) {
  const bar = page.querySelector(".bulk-bar");
  if (bar?.checkVisibility()) return focused(bar.querySelector("button"));
  const menu = page.querySelector("main details[data-operations]");
  if (!menu) return null;
  menu.open = true;
  return focused(menu.querySelector("a, button"));
}

function focused(found) {
  found?.focus();
  return found;
}

function tell(page) {
  const dialog = page.getElementById("keys");
  dialog?.showModal();
  return dialog;
}
