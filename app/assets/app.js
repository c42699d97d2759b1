// Every page's script: htmx, the few moving parts of Tabler, and our own small behaviours.
import htmx from "htmx.org/dist/htmx.esm.js";
import "@tabler/core/js/src/bootstrap/collapse.ts";
import "@tabler/core/js/src/bootstrap/dropdown.ts";
import "@tabler/core/js/src/bootstrap/modal.ts";
import "@tabler/core/js/src/bootstrap/offcanvas.ts";
import "@tabler/core/js/src/bootstrap/tab.ts";

import { prepareForms } from "./forms.js";
import { prepareKeys } from "./keys.js";

// The content security policy allows no inline style and no eval; pages hold what nobody else
// may see, so none is kept in the browser; a refusal (4xx) comes as a page part worth showing.
Object.assign(htmx.config, {
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "40[0349]|422", swap: true, error: true },
    { code: "...", swap: false, error: true },
  ],
});

prepareKeys(document);
htmx.onLoad(prepareForms);
