// Forms: fields shown only when another has a certain value, tables whose rows grow and shrink.

/**
 * Wire up every form below `root`.
 * `data-shown-when="field" data-shown-values='["a","b"]'` on a fieldset shows it only then;
 * `data-rows` holds a table's rows, a <template> and a `data-add-row` button; `data-remove-row`
 * inside a row takes it away. `data-submit-on-change` sends the form when one of its fields changes.
 */
export function prepareForms(root) {
  const forms = root.matches?.("form") ? [root] : [...root.querySelectorAll("form")];
  for (const form of forms.filter((each) => !each.dataset.ready)) {
    form.dataset.ready = "yes";
    form.addEventListener("input", () => showConditional(form));
    form.addEventListener("click", (event) => changeRows(form, event.target));
    form.addEventListener("change", () => "submitOnChange" in form.dataset && form.requestSubmit());
    showConditional(form);
  }
}

function showConditional(form) {
  for (const part of form.querySelectorAll("[data-shown-when]")) {
    const wanted = JSON.parse(part.dataset.shownValues);
    const shown = values(form, part.dataset.shownWhen).some((value) => wanted.includes(value));
    part.hidden = !shown;
    part.disabled = !shown;
  }
}

function values(form, name) {
  const fields = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  return fields
    .filter((field) => !["radio", "checkbox"].includes(field.type) || field.checked)
    .map((field) => field.value);
}

function changeRows(form, clicked) {
  const add = clicked.closest("[data-add-row]");
  const remove = clicked.closest("[data-remove-row]");
  if (add) addRow(add.closest("[data-rows]"));
  if (remove) removeRow(remove.closest("[data-row]"));
  if (add || remove) form.dispatchEvent(new Event("input", { bubbles: true }));
}

function addRow(table) {
  const template = table.querySelector("template");
  const row = template.content.firstElementChild.cloneNode(true);
  const number = Number(table.dataset.next ?? table.querySelectorAll("[data-row]").length);
  table.dataset.next = number + 1;
  for (const part of [row, ...row.querySelectorAll("*")]) {
    for (const attribute of part.attributes) {
      attribute.value = attribute.value.replaceAll("__row__", number);
    }
  }
  template.before(row);
  row.querySelector("input, select, textarea")?.focus();
}

function removeRow(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  next?.querySelector("input, select, textarea, button")?.focus();
}
