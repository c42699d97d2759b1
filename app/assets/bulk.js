// Choosing rows of a list: how many are chosen is said, and a click with Shift chooses those between.

let last = null;

/** Keep the number of chosen rows up to date, wherever the list is drawn anew. */
export function prepareBulk(page) {
  page.addEventListener("click", (event) => {
    const box = event.target.closest?.("[data-bulk] input[name=task]");
    if (!box) return;
    if (event.shiftKey && last?.isConnected) between(last, box);
    last = box;
  });
  page.addEventListener("change", (event) => {
    const form = event.target.closest?.("[data-bulk]");
    if (form) count(form);
  });
  addEventListener("pageshow", () => page.querySelectorAll("[data-bulk]").forEach(count));
}

/** Choose the row the focus is in, or leave it out again. */
export function choose(page) {
  const box = page.activeElement?.closest(".work-row")?.querySelector("input[name=task]");
  box?.click();
  return box;
}

/** Choose the same rows in a list that was drawn anew. */
export function chooseAgain(before, now) {
  const chosen = new Set([...boxes(before)].filter((box) => box.checked).map((box) => box.value));
  for (const box of boxes(now)) box.checked = chosen.has(box.value);
  now.querySelectorAll("[data-bulk]").forEach(count);
}

function boxes(root) {
  return root.querySelectorAll("[data-bulk] input[name=task]");
}

function between(first, box) {
  const all = [...boxes(document)];
  const [from, until] = [all.indexOf(first), all.indexOf(box)].sort((a, b) => a - b);
  for (const each of all.slice(from, until + 1)) each.checked = box.checked;
  count(box.form);
}

function count(form) {
  const chosen = form.querySelectorAll("input[name=task]:checked").length;
  const said = form.querySelector("[data-count]");
  if (said) said.textContent = said.dataset.many.replace("{}", chosen);
}
