"""Says what a BPMN or DMN file holds as people see it, without running anything."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from app.engine import reading
from app.engine.failures import EngineError
from app.engine.gate import constructs
from app.engine.language import tables
from app.engine.reading import Element, bpmn
from app.engine.results import Description, Node
from app.i18n import _


def describe(xml: bytes) -> Description:
    """The processes of a file, their nodes, and what they call; or the decisions of a table."""
    root = reading.parse(xml, largest=reading.LARGEST_DRAFT)
    if tables.is_dmn(root):
        return _decisions(root)
    processes = root.findall(bpmn("process"))
    if not processes:
        raise EngineError(_("The file holds no process."), code="no_process")
    nodes = tuple(node for process in processes for node in _nodes(process, reading.lanes(root)))
    first = processes[0]
    return Description(
        process_id=first.get("id", ""),
        process_ids=tuple(process.get("id", "") for process in processes),
        title=reading.wv(first, "title") or first.get("name", first.get("id", "")),
        title_en=reading.wv(first, "titleEn"),
        calls=_distinct(call.get("calledElement", "") for call in root.iter(bpmn("callActivity"))),
        decisions=_distinct(node.extensions.get("decision", "") for node in nodes),
        forms=_distinct(node.form for node in nodes),
        nodes=nodes,
    )


def _decisions(root: Element) -> Description:
    found = [decision for decision, _table in tables.table_elements(root)]
    if not found:
        raise EngineError(_("The file must hold exactly one decision table."), code="tables")
    first = found[0]
    return Description(
        process_id=first.get("id", ""),
        process_ids=(),
        title=first.get("name", first.get("id", "")),
        title_en=reading.wv(first, "nameEn"),
        calls=(),
        decisions=tuple(decision.get("id", "") for decision in found),
        forms=(),
        nodes=(),
    )


def _nodes(process: Element, lanes: dict[str, str]) -> list[Node]:
    """The flow nodes of a process, those inside sub-processes too; they lie in its lane."""
    found: list[Node] = []
    for element in constructs.model(process):
        if reading.kind(element) not in constructs.NODES:
            continue
        attributes = reading.wv_attributes(element)
        around = [element, *element.iterancestors(bpmn("subProcess"))]
        lane = next((lanes[one.get("id", "")] for one in around if one.get("id") in lanes), "")
        found.append(
            Node(
                id=element.get("id", ""),
                kind=reading.kind(element),
                name=element.get("name", ""),
                name_en=attributes.get("nameEn", ""),
                lane=lane,
                stage=attributes.get("stage", ""),
                form=attributes.get("form", ""),
                process=process.get("id", ""),
                extensions=MappingProxyType(attributes),
            )
        )
    return found


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in the order of the file."""
    return tuple(dict.fromkeys(name for name in names if name))
