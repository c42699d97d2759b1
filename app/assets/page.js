// What pages do besides htmx: menus, dialogs, messages, the theme, the demonstration's accounts.

const TOAST_SECONDS = 7;

/** Wire up the document once; everything is found by its data attributes. */
export function preparePage(page) {
  page.documentElement.dataset.scripts = "yes";
  page.addEventListener("click", onClick);
  page.addEventListener("keydown", onKey);
  page.addEventListener("submit", onSubmit);
  page.addEventListener("htmx:configRequest", (event) => {
    const token = page.querySelector("meta[name=csrf-token]");
    if (token) event.detail.headers["X-CSRFToken"] = token.content;
  });
}

/** Wire up what came with a page or a part of it. */
export function preparePart(root) {
  root.querySelector("[data-focus]")?.focus();
  for (const toast of root.querySelectorAll("[data-toast]")) letGoLater(toast);
  for (const text of root.querySelectorAll("textarea[data-grows]")) growing(text);
}

function onClick(event) {
  const { target } = event;
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
  const acts = {
    "[data-opens]": (button) => document.getElementById(button.dataset.opens).showModal(),
    "[data-closes]": (button) => button.closest("dialog").close(),
    "[data-dismiss]": (button) => button.closest("[data-toast]").remove(),
    "[data-back]": () => history.back(),
    "[data-print]": () => print(),
    "[data-fill]": (link) => fillIn(link.dataset, event),
  };
  for (const [selector, act] of Object.entries(acts)) {
    const found = target.closest(selector);
    if (found) act(found);
  }
  if (target.matches("dialog")) target.close(); // the backdrop
}

function onKey(event) {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
}

function onSubmit(event) {
  const { target: form, submitter } = event;
  if ("themeForm" in form.dataset) {
    event.preventDefault();
    paint(form, submitter);
    return;
  }
  if (form.dataset.sent) event.preventDefault(); // a second click sends nothing
  if (form.method === "post" && !event.defaultPrevented) markSent(form);
}

/** Keep a form from being sent twice; coming back to the page makes it usable again. */
function markSent(form) {
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
  addEventListener("pageshow", () => unmark(form), { once: true });
  form.addEventListener("htmx:afterRequest", () => unmark(form), { once: true });
}

function unmark(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}

/** Change the theme at once, and have the server remember it. */
function paint(form, button) {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const system = dark ? "dark" : "light";
  document.documentElement.dataset.bsTheme = button.value === "auto" ? system : button.value;
  for (const other of form.querySelectorAll("button")) {
    other.setAttribute("aria-pressed", String(other === button));
  }
  const menu = form.closest("[data-menu]");
  const sign = button.querySelector("use").getAttribute("href");
  menu.querySelector("summary use").setAttribute("href", sign);
  menu.open = false;
  const body = new FormData(form, button);
  fetch(form.action, { method: "POST", body, headers: { "X-Painted": "yes" } });
}

function fillIn({ fill, secret }, event) {
  event.preventDefault();
  document.getElementById("login").value = fill;
  document.getElementById("password").value = secret;
  document.querySelector(".signin-form button").focus();
}

function letGoLater(toast) {
  if (toast.querySelector(".notice-danger")) return;
  let timer;
  const wait = () => {
    timer = setTimeout(() => toast.remove(), TOAST_SECONDS * 1000);
  };
  for (const come of ["mouseenter", "focusin"]) {
    toast.addEventListener(come, () => clearTimeout(timer));
  }
  for (const go of ["mouseleave", "focusout"]) toast.addEventListener(go, wait);
  wait();
}

function growing(text) {
  const fit = () => {
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + 2}px`;
  };
  text.addEventListener("input", fit);
  if (text.value) fit();
}
