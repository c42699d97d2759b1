// Mounts a BPMN viewer on every element with data-diagram-url and marks its nodes.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

window.weathervane = { ...window.weathervane, NavigatedViewer };
