// Every page's script: htmx and our own small behaviours; Tabler is used for its style alone.
import htmx from "htmx.org/dist/htmx.esm.js";

import { prepareBulk } from "./bulk.js";
import { prepareDrafts } from "./drafts.js";
import { prepareFiles } from "./files.js";
import { prepareForms } from "./forms.js";
import { prepareKeys } from "./keys.js";
import { prepareLive } from "./live.js";
import { preparePage, preparePart } from "./page.js";
import { preparePane } from "./pane.js";
import { prepareParts } from "./parts.js";
import { prepareMentions, prepareOpened } from "./sharing.js";

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
    { code: "[45]..", swap: true, error: true },
  ],
});

preparePage(document);
prepareKeys(document);
prepareBulk(document);
prepareParts(document);
prepareLive(document);
prepareDrafts(document);
prepareMentions(document);
prepareOpened(document);
prepareFiles(document);
preparePane(document, [prepareDrafts, prepareFiles, prepareMentions, prepareOpened]);
htmx.onLoad(prepareForms);
htmx.onLoad(preparePart);
