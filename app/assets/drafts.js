// Drafts: a task's form is saved as somebody types, and what came of it is said beside the buttons.

const PAUSE = 1_500;
const AGAIN = 10_000;

/** Watch every form with `data-draft`; its `data-keeps` button knows where drafts go. */
export function prepareDrafts(root) {
  for (const form of root.querySelectorAll("form[data-draft]")) watch(form);
}

function watch(form) {
  const said = form.querySelector("[data-draft-said]");
  const tell = (words) => {
    if (said.textContent !== words) said.textContent = words;
  };
  let saved = written(form);
  let timer = null;
  let under = null; // the save that is on its way: the next one comes after it

  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };
  async function save() {
    if (under) return later(PAUSE);
    const now = written(form);
    if (now === saved || form.dataset.sent) return undefined;
    under = sent(form);
    const { answer, body } = await under;
    under = null;
    if (answer?.ok) {
      saved = now;
      form.elements.draft_seen.value = body.version;
      tell(body.said);
      if (written(form) !== saved) later(PAUSE);
    } else if (!answer || answer.status >= 500) {
      tell(form.dataset.draftFailed);
      later(AGAIN);
    } else {
      tell(answer.status === 401 ? form.dataset.draftOut : body?.message ?? form.dataset.draftFailed);
    }
    return undefined;
  }

  for (const kind of ["input", "change", "click"]) form.addEventListener(kind, () => later(PAUSE));
  document.addEventListener("visibilitychange", () => document.hidden && save());
}

/** What is typed, to see whether anything changed. */
function written(form) {
  const frame = ["csrf_token", "idempotency_key", "version", "draft_seen"];
  const fields = [...new FormData(form)].filter(([name]) => !frame.includes(name));
  return JSON.stringify(fields.filter(([, value]) => typeof value === "string"));
}

async function sent(form) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") body.append(name, value);
  }
  const headers = { Accept: "application/json" };
  try {
    const answer = await fetch(form.querySelector("[data-keeps]").formAction, { method: "POST", body, headers });
    return { answer, body: await answer.json() };
  } catch {
    return { answer: null, body: null };
  }
}
