// Every page's script: htmx, Tabler's few moving parts, and our own small behaviours.
import "htmx.org/dist/htmx.js";
import { Collapse, Dropdown, Modal, Offcanvas, Tab } from "@tabler/core/dist/js/tabler.esm.js";

window.weathervane = { Collapse, Dropdown, Modal, Offcanvas, Tab };
