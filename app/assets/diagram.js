// Mounts a BPMN viewer on every element with data-diagram-url and marks where the case stands.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

const NAMESPACE = "urn:weathervane:bpmn:1";
const MARKS = ["open", "passed", "late", "problem"]; // data-open="node node …" marks them wv-open
const PADDING = 24;

/** Show the diagrams below `root` that are not shown yet. */
export function mountDiagrams(root) {
  const places = [...root.querySelectorAll("[data-diagram-url]")];
  if (root.matches?.("[data-diagram-url]")) places.push(root);
  return Promise.all(places.filter((place) => !place.dataset.diagramState).map(mount));
}

/**
 * Fetch the diagram an element names and draw it there; `data-diagram-state` says how it went.
 * What stood inside (a sentence, a link to the table view) stays if it cannot be drawn.
 */
async function mount(place) {
  place.dataset.diagramState = "loading";
  const fallback = [...place.childNodes];
  const viewer = new NavigatedViewer({ container: place });
  viewer.on("import.parse.start", ({ xml }) => inPageLanguage(xml));
  try {
    const answer = await fetch(place.dataset.diagramUrl, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${place.dataset.diagramUrl} answered ${answer.status}`);
    await viewer.importXML(await answer.text());
    fallback.forEach((node) => node.remove());
    mark(viewer, place.dataset);
    fit(viewer);
    place.dataset.diagramState = "shown";
    place.addEventListener("diagram:marks", () => mark(viewer, place.dataset));
    whenResized(place, () => fit(viewer));
  } catch (problem) {
    viewer.destroy();
    place.dataset.diagramState = "failed";
    console.error(problem);
  }
}

/** On an English page, put wv:nameEn where the Chinese name stands. */
function inPageLanguage(xml) {
  if (document.documentElement.lang.startsWith("zh")) return xml;
  const parsed = new DOMParser().parseFromString(xml, "application/xml");
  for (const element of parsed.querySelectorAll("*")) {
    const english = element.getAttributeNS(NAMESPACE, "nameEn");
    if (english) element.setAttribute("name", english);
  }
  return new XMLSerializer().serializeToString(parsed);
}

/** Give the nodes named in data-open, data-passed, … the class wv-open, wv-passed, … */
function mark(viewer, marks) {
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  for (const kind of MARKS) {
    const named = (marks[kind] ?? "").split(/\s+/).filter(Boolean);
    for (const element of registry.getAll().filter((each) => each.parent)) {
      const wanted = named.includes(element.id);
      if (wanted) canvas.addMarker(element.id, `wv-${kind}`);
      else canvas.removeMarker(element.id, `wv-${kind}`);
    }
  }
}

function fit(viewer) {
  const canvas = viewer.get("canvas");
  canvas.resized(); // it keeps the size it last saw
  const { inner, outer } = canvas.viewbox();
  if (!outer.width || !outer.height || !inner.width) return;
  const scale = Math.min(
    outer.width / (inner.width + 2 * PADDING),
    outer.height / (inner.height + 2 * PADDING),
    1,
  );
  const width = outer.width / scale;
  const height = outer.height / scale;
  const x = inner.x - (width - inner.width) / 2;
  const y = inner.y - (height - inner.height) / 2;
  canvas.viewbox({ x, y, width, height });
}

/** A diagram on a tab has no size until the tab is opened. */
function whenResized(place, act) {
  let before = place.clientWidth;
  new ResizeObserver(() => {
    if (place.clientWidth !== before) act();
    before = place.clientWidth;
  }).observe(place);
}

document.addEventListener("htmx:load", (event) => mountDiagrams(event.target));
mountDiagrams(document);
