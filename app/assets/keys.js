// Keys that work everywhere: / goes to the search field.

/** Listen for the keys of every page. */
export function prepareKeys(page) {
  page.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    const search = page.querySelector("[data-search]");
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing || !search) {
      return;
    }
    event.preventDefault();
    search.focus();
  });
}
