// What is opened counts as read by the unit; and names to choose from after an @ in a comment.

/** Send the forms that note that somebody opened what came to them; the button does it otherwise. */
export function prepareOpened(page) {
  for (const form of page.querySelectorAll("form[data-opened]")) {
    const body = new FormData(form);
    // `keepalive`: it arrives even where the reader goes on at once
    const sent = fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true });
    sent.then((answer) => {
      form.querySelector("button").hidden = answer.type === "opaqueredirect" || answer.ok;
    }, () => {});
  }
}

const WRITTEN = /(?:^|[^A-Za-z0-9_.@])@([^\s@]{0,20})$/u;
const MOST = 8;

/** In forms with `data-mentions`: offer who may be addressed (its boxes) while an @ is written. */
export function prepareMentions(root) {
  for (const form of root.querySelectorAll("form[data-mentions]")) {
    const text = form.querySelector("textarea");
    if (!text || form.querySelector(".mentions")) continue;
    const people = [...form.querySelectorAll("input[type=checkbox]")].map((box) => ({
      login: box.value,
      name: box.parentElement.textContent.trim(),
    }));
    offering(text, people);
  }
}

function offering(text, people) {
  const list = document.createElement("ul");
  list.id = `${text.id}-people`;
  list.className = "mentions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", text.labels[0]?.textContent.trim() ?? "@");
  text.after(list);
  text.setAttribute("aria-autocomplete", "list");
  text.setAttribute("aria-controls", list.id);

  const close = () => {
    list.hidden = true;
    text.removeAttribute("aria-activedescendant");
  };
  const mark = (step) => {
    const options = [...list.children];
    const at = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
    const next = options[(at + step + options.length) % options.length];
    for (const each of options) each.setAttribute("aria-selected", String(each === next));
    text.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  };
  const take = (option) => {
    const before = text.value.slice(0, text.selectionStart).replace(/@[^\s@]*$/u, "");
    const named = `${before}@${option.dataset.login} `;
    text.value = named + text.value.slice(text.selectionStart);
    text.setSelectionRange(named.length, named.length);
    close();
    text.focus();
  };

  text.addEventListener("input", () => {
    const begun = WRITTEN.exec(text.value.slice(0, text.selectionStart));
    const sought = begun?.[1].toLowerCase();
    const found = begun ? people.filter((each) => fits(each, sought)).slice(0, MOST) : [];
    list.replaceChildren(...found.map((each, place) => option(each, `${list.id}-${place}`)));
    list.hidden = found.length === 0;
    if (found.length) mark(1);
    else close();
  });
  text.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const acts = {
      ArrowDown: () => mark(1),
      ArrowUp: () => mark(-1),
      Enter: () => take(list.querySelector("[aria-selected=true]")),
      Escape: close,
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault(); // the writing goes on where it was
    const chosen = event.target.closest("[role=option]");
    if (chosen) take(chosen);
  });
  text.addEventListener("blur", close);
}

const fits = ({ login, name }, sought) =>
  login.toLowerCase().includes(sought) || name.toLowerCase().includes(sought);

function option({ login, name }, id) {
  const made = document.createElement("li");
  made.id = id;
  made.dataset.login = login;
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", "false");
  made.textContent = name;
  const small = document.createElement("small");
  small.textContent = `@${login}`;
  made.append(" ", small);
  return made;
}
