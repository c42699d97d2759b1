// Files: chosen, dropped or pasted, they are sent at once, one by one, and the list is drawn anew.

const MOST = 50 * 1024 * 1024;

/** Watch every `data-files` place below `root`. */
export function prepareFiles(root) {
  for (const place of root.querySelectorAll("[data-files]")) watch(place);
}

function watch(place) {
  if (place.dataset.ready) return;
  place.dataset.ready = "yes";
  const drop = place.querySelector("[data-drop]");
  const input = place.querySelector("input[type=file]");
  place.querySelector(".files-send").hidden = true;
  input.addEventListener("change", () => send(place, [...input.files]));
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.dataset.over = "yes";
    });
  }
  for (const kind of ["dragleave", "drop"]) {
    drop.addEventListener(kind, () => delete drop.dataset.over);
  }
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    send(place, [...event.dataTransfer.files]);
  });
  place.closest("form").addEventListener("paste", (event) => {
    const pasted = [...(event.clipboardData?.files ?? [])];
    if (!pasted.length) return;
    event.preventDefault();
    send(place, pasted);
  });
  place.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=withdraw]");
    if (!button) return;
    event.preventDefault();
    const body = basics(place);
    body.append("withdraw", button.value);
    post(place, body).then((problem) => done(place, problem, ""));
  });
}

async function send(place, files) {
  const said = place.querySelector("[data-files-said]");
  const problems = [];
  said.textContent = said.dataset.sending;
  for (const file of files) {
    if (file.size > MOST) {
      problems.push(`${file.name}: ${said.dataset.large}`);
      continue;
    }
    const body = basics(place);
    body.append(place.querySelector("input[type=file]").name, file, file.name);
    const problem = await post(place, body);
    if (problem) problems.push(`${file.name}: ${problem}`);
  }
  await done(place, problems.join(" "), said.dataset.added);
}

function basics(place) {
  const body = new FormData();
  body.append("csrf_token", place.closest("form").elements.csrf_token.value);
  return body;
}

/** Send one file; what was wrong, in words, or nothing. */
function post(place, body) {
  const said = place.querySelector("[data-files-said]");
  const bar = place.querySelector("progress");
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", place.querySelector(".files-send").formAction);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.hidden = false;
      bar.value = total ? (100 * loaded) / total : 0;
    });
    request.addEventListener("loadend", () => {
      bar.hidden = true;
      const fine = request.status >= 200 && request.status < 300;
      resolve(fine ? "" : (request.response?.message ?? said.dataset.failed));
    });
    request.send(body);
  });
}

/** Draw the list as it is now, whatever else is on the page stays as it is. */
async function done(place, problem, words) {
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
  if (answer?.ok) {
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const list of document.querySelectorAll("[data-file-list]")) {
      const now = fresh.querySelector(`[data-file-list="${CSS.escape(list.dataset.fileList)}"]`);
      if (now) list.replaceChildren(...now.children);
    }
  }
  place.querySelector("input[type=file]").value = "";
  place.querySelector("[data-files-said]").textContent = problem || words;
}
