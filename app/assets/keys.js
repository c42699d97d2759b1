// Keys: / goes to the search field, j and k through a list, Enter opens, ? tells which there are.

/** Listen for the keys of every page. */
export function prepareKeys(page) {
  page.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable], dialog");
    if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
    const act = { "/": search, j: () => step(page, 1), k: () => step(page, -1), "?": tell }[event.key];
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
  const now = rows.indexOf(page.activeElement);
  const next = rows[now < 0 ? 0 : Math.min(Math.max(now + by, 0), rows.length - 1)];
  next?.focus();
  return next;
}

function tell(page) {
  const dialog = page.getElementById("keys");
  dialog?.showModal();
  return dialog;
}
