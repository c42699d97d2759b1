"""The routes for programs, as part of the route table: to whom the same is open as in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from tests.access import of_people, things
from tests.access.offers import OUR_OFFICE, STARTS
from tests.access.routes import Entry, Thing, page
from tests.access.town import Town

NOTHING = {"number": things.NOWHERE}
MADE = Callable[[Town], Iterable[Thing]]


def numbered(found: MADE) -> MADE:
    """The same things, as addresses for programs call them."""

    def renamed(town: Town) -> Iterable[Thing]:
        for thing in found(town):
            values = {
                name if name == "name" else "number": value for name, value in thing.values.items()
            }
            yield replace(thing, values=values)

    return renamed


def entry(audience: str, found: MADE, name: str = "", **body: Any) -> Entry:
    """A route about one thing; `name`: one of what may be done with it."""
    absent = {**NOTHING, **({"name": name} if name else {})}
    return Entry(audience, numbered(found), absent, body=lambda: body)


THE_CASE = "those who may know of the case"
OFFERED = "those it is offered to there; others who know of the case hear why not"
THE_POST = "who holds the post the task was given to; others who know of the case hear why not"
IN_BULK = ("sign", "transfer", "circulate")
WATCHED = things.of_cases(*things.IN_DETAIL)
OF_PROGRAMS: dict[str, Entry] = {
    **{
        f"GET /api/{name}": page("everybody signed in: themselves, their own and their units’")
        for name in ("session", "openapi.json", "tasks", "done", "begun", "followed", "copies")
    },
    "GET /api/tasks/<int:number>": entry(THE_CASE, things.tasks),
    "GET /api/tasks/<int:number>/operations": entry(THE_CASE, things.tasks),
    "POST /api/tasks/<int:number>/operations/<name>":
        entry(OFFERED, things.task_operations, "claim"),
    **{
        f"POST /api/tasks/<int:number>/{act}": entry(THE_POST, things.completions)
        for act in ("completion", "draft", "draft/removal")
    },
    "POST /api/tasks/in-bulk/<name>": Entry(
        "everybody signed in (urging: supervisors); each task answers for itself",
        lambda _town: [
            *(Thing({"name": name}) for name in IN_BULK),
            Thing({"name": "urge"}, things.holding("supervision_clerk", "supervision_director")),
        ],
        {"name": "nothing"},
        body=lambda: {"tasks": [{"id": things.NOWHERE}]},
    ),
    "GET /api/cases/<int:number>": entry(THE_CASE, WATCHED),
    "GET /api/cases/<int:number>/operations": entry(THE_CASE, WATCHED),
    "POST /api/cases/<int:number>/operations/<name>":
        entry(OFFERED, things.operations, "progress"),
    **{
        f"POST /api/cases/<int:number>/{act}": entry(THE_CASE, things.of_cases("item"))
        for act in ("follow", "unfollow")
    },
    **{
        f"GET /api/cases/<int:number>/{part}": entry(THE_CASE, WATCHED)
        for part in ("comments", "sendings", "attachments")
    },
    "POST /api/cases/<int:number>/comments": entry(
        "who works on cases and knows of this one; who audits hears why not",
        things.talked_about, answers={"text": "请看第二项。", "people": []}),
    "POST /api/comments/<int:number>/withdrawal":
        entry("who wrote it; who else knows of the case hears why not", things.said),
    "POST /api/cases/<int:number>/read":
        entry("who got a copy of the case; who else knows of it hears why not", things.copied),
    "POST /api/documents/<int:number>/read": entry(
        "the units it was delivered to; who else may read it hears why not", things.received),
    "POST /api/deliveries/<int:number>/read": entry(
        "who is asked to read it; who else knows of the case hears why not", things.circulated),
    "POST /api/sendings/<int:number>/recall": entry(
        "the unit that sent it round; who else knows of the case hears why not", things.recalled),
    "POST /api/cases/<int:number>/attachments": entry(
        "those who may know of the case; files come from those who work on it",
        things.of_cases("item")),
    "POST /api/tasks/<int:number>/attachments": entry(
        "those who may know of the case; files come from the post the task belongs to",
        things.tasks),
    "GET /api/attachments/<int:number>": entry(THE_CASE, things.attachments()),
    "GET /api/attachments/<int:attachment_id>/content":
        Entry(THE_CASE, things.attachments(), {"attachment_id": things.NOWHERE}),
    "POST /api/attachments/<int:number>/withdrawal": entry(
        "who added the file; others who know of the case hear why not",
        things.attachments(frozenset({"lead unit's handler"}))),
    **{
        f"{method} /api/starts/<name>": Entry("those who may start it", lambda _town: [
            Thing({"name": name}, whom) for name, whom in STARTS.items()], {"name": "nothing"})
        for method in ("GET", "POST")
    },
    "GET /api/people/<int:number>/operations": entry(of_people.ON_ONE, of_people.person),
    "POST /api/people/<int:number>/operations/<name>": entry(
        "each act those whose it is; who may see the page hears why not",
        of_people.acts, "rename"),
    "GET /api/units/<int:number>/operations":
        entry("administrators", of_people.unit(of_people.ADMINISTRATORS)),
    "POST /api/units/<int:number>/operations/<name>": entry(
        "system administrator; the other administrators hear why not",
        of_people.unit_acts, "rename"),
    "POST /api/deputies/<int:number>/end": entry(
        "either of the two, a leader of the unit, the security administrator; others hear why not",
        of_people.deputyship),
    "GET /api/incidents":
        page("supervisors, business auditor; system administrator", things.INCIDENT_READERS),
    "GET /api/incidents/<int:number>":
        entry("supervisors, business auditor", things.incidents(things.EVERY_CASE)),
    **{
        f"POST /api/incidents/<int:number>/{act}": entry(
            "the supervising office; the other supervisors hear why not",
            things.incidents(things.EVERY_CASE, OUR_OFFICE))
        for act in ("move", "stay")
    },
}  # fmt: skip
