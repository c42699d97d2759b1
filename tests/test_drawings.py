"""Every shipped diagram is drawn: lanes in a pool, boxes apart, lines around them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import pytest

from tests.drawn import KEYS, NS, flows, found, kind, nodes

every_diagram = pytest.mark.parametrize("key", KEYS)
Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle on the drawing."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def holds(self, other: Box) -> bool:
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def meets(self, other: Box) -> bool:
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )

    def touches(self, point: Point) -> bool:
        x, y = point
        return self.x <= x <= self.right and self.y <= y <= self.bottom


def box(key: str, element: str) -> Box:
    drawn = found(key, f".//bpmndi:BPMNShape[@bpmnElement='{element}']/dc:Bounds")
    assert len(drawn) == 1, element
    return Box(*(float(drawn[0].get(side)) for side in ("x", "y", "width", "height")))


def line(key: str, flow: str) -> list[Point]:
    drawn = found(key, f".//bpmndi:BPMNEdge[@bpmnElement='{flow}']")
    assert len(drawn) == 1, flow
    return [(float(p.get("x")), float(p.get("y"))) for p in drawn[0].findall("di:waypoint", NS)]


def stretch(one: Point, other: Point) -> Box:
    """The stretch of line between two points, as a box without width."""
    left, right = sorted((one[0], other[0]))
    top, bottom = sorted((one[1], other[1]))
    return Box(left, top, right - left, bottom - top)


def boxes(key: str) -> dict[str, Box]:
    return {node.get("id"): box(key, node.get("id")) for node in nodes(key)}


def labels(key: str) -> list[Box]:
    drawn = found(key, ".//bpmndi:BPMNLabel/dc:Bounds")
    return [Box(*(float(b.get(side)) for side in ("x", "y", "width", "height"))) for b in drawn]


@every_diagram
def test_everything_is_drawn_and_nothing_else(key):
    drawn = [d.get("bpmnElement") for d in found(key, ".//bpmndi:*[@bpmnElement]")]
    plane, *elements = drawn
    modelled = [*nodes(key), *flows(key), *found(key, ".//bpmn:lane | .//bpmn:participant")]

    assert plane == found(key, "bpmn:collaboration")[0].get("id")
    assert sorted(elements) == sorted(element.get("id") for element in modelled)


@every_diagram
def test_lanes_fill_the_pool_from_top_to_bottom(key):
    pool = box(key, found(key, ".//bpmn:participant")[0].get("id"))
    lanes = [box(key, lane.get("id")) for lane in found(key, ".//bpmn:lane")]

    assert lanes[0].y == pool.y
    assert lanes[-1].bottom == pool.bottom
    for upper, lower in itertools.pairwise(lanes):
        assert upper.bottom == lower.y
    assert {(lane.x, lane.right) for lane in lanes} == {(pool.x + 30, pool.right)}


@every_diagram
def test_every_box_stands_in_its_lane_and_apart_from_the_others(key):
    placed = boxes(key)

    for lane in found(key, ".//bpmn:lane"):
        around = box(key, lane.get("id"))
        for reference in lane.findall("bpmn:flowNodeRef", NS):
            assert around.holds(placed[reference.text]), reference.text
    for (one, first), (other, second) in itertools.combinations(placed.items(), 2):
        assert not first.meets(second), (one, other)


@every_diagram
def test_lines_run_at_right_angles_from_box_to_box_and_through_none(key):
    placed = boxes(key)

    for flow in flows(key):
        points = line(key, flow.get("id"))
        ends = flow.get("sourceRef"), flow.get("targetRef")
        assert placed[ends[0]].touches(points[0])
        assert placed[ends[1]].touches(points[-1])
        for one, other in itertools.pairwise(points):
            assert (one[0] == other[0]) != (one[1] == other[1]), flow.get("id")
            crossed = {name for name, b in placed.items() if b.meets(stretch(one, other))}
            assert not crossed, (flow.get("id"), crossed)


@every_diagram
def test_lines_lie_on_each_other_only_where_they_lead_to_the_same_box(key):
    pieces = [
        (flow.get("targetRef"), stretch(one, other))
        for flow in flows(key)
        for one, other in itertools.pairwise(line(key, flow.get("id")))
    ]

    for (to, first), (also, second) in itertools.combinations(pieces, 2):
        if to == also:
            continue
        across = min(first.right, second.right) - max(first.x, second.x)
        down = min(first.bottom, second.bottom) - max(first.y, second.y)
        assert not (min(across, down) == 0 and max(across, down) > 0), (to, also, first, second)


@every_diagram
def test_labels_cover_neither_boxes_nor_each_other(key):
    for label in labels(key):
        assert not [name for name, b in boxes(key).items() if b.meets(label)]
    for one, other in itertools.combinations(labels(key), 2):
        assert not one.meets(other), (one, other)


@every_diagram
def test_it_reads_from_left_to_right(key):
    placed = boxes(key)
    start = next(n.get("id") for n in nodes(key) if kind(n) == "startEvent")

    assert all(placed[start].x <= other.x for other in placed.values())
    forward = [placed[f.get("sourceRef")].x < placed[f.get("targetRef")].right for f in flows(key)]
    assert sum(forward) > len(forward) * 2 / 3
