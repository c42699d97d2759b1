"""The route table: every address of the application, and to whom what is behind it is open.

A new route needs a line here, or the walk fails and says so. The lines are written by hand from
what people are meant to see; they ask none of the application's own predicates.
"""

from __future__ import annotations

from tests.access.cast import (
    AUDITORS,
    COURT,
    EVERY_CASE,
)
from tests.access.of_people import OF_PEOPLE
from tests.access.of_programs import OF_PROGRAMS
from tests.access.offers import OUR_OFFICE, STARTS
from tests.access.routes import Entry, Thing, each, page
from tests.access.things import (
    ANALYST,
    ANALYSTS,
    CALENDAR_KEEPERS,
    IMPORT_READERS,
    IN_DETAIL,
    INCIDENT_READERS,
    NOWHERE,
    ROUND_READERS,
    STUDIO_READERS,
    WORDERS,
    areas,
    attachments,
    batch,
    circulated,
    collections,
    completions,
    copied,
    definitions,
    incidents,
    indicators,
    kept_views,
    of_cases,
    operations,
    papers,
    recalled,
    received,
    rounds,
    rows,
    said,
    streams,
    talked_about,
    task_operations,
    tasks,
)

THE_CASE = "those who may know of the case"
THE_POST = "who holds the post the task was given to; others who know of the case hear why not"
OFFERED = "those it is offered to there; others who know of the case hear why not"
THE_PAPER = "those who may know of its case, and the units it was delivered to"
EVERYBODY_SIGNED_IN = "everybody signed in"
NO_CASE = {"case_id": NOWHERE}
NO_BATCH = {"batch_id": NOWHERE}
NO_INCIDENT = {"incident_id": NOWHERE}
NO_ROUND = {"round_id": NOWHERE}
KINDS_OF_FILE = ("csv", "xlsx")

TABLE: dict[str, Entry] = {
    **OF_PEOPLE,
    **OF_PROGRAMS,
    "GET /healthz": page("everybody", public=True),
    "GET /readyz": page("everybody", public=True),
    "GET /signin": page("everybody", public=True),
    "POST /signin": page("everybody", public=True),
    "POST /language/<locale>": each("everybody", "locale", ["en"], public=True),
    "POST /theme": Entry("everybody", lambda _t: [Thing()], public=True,
                         body=lambda: {"theme": "dark"}),
    "POST /post": page(EVERYBODY_SIGNED_IN),
    "POST /signout": page(EVERYBODY_SIGNED_IN),
    "GET /account/password": page(EVERYBODY_SIGNED_IN),
    "POST /account/password": page(EVERYBODY_SIGNED_IN),
    "GET /me/": page(EVERYBODY_SIGNED_IN),
    "POST /me/sessions/end": page(EVERYBODY_SIGNED_IN),
    "POST /me/telling": page("everybody signed in: about themselves"),
    "GET /wordings/": page("the supervising office, the system administrator", WORDERS),
    **{
        f"{method} /wordings/<name>": each(
            "the supervising office, the system administrator", "name",
            ["urged.en", "overdue.zh_Hans_CN"], WORDERS, absent="nothing.en")
        for method in ("GET", "POST")
    },
    "GET /news/": page("everybody signed in: what they were told"),
    "POST /news/read": page("everybody signed in: what they were told"),
    "GET /": page(EVERYBODY_SIGNED_IN),
    "GET /inbox/": page("everybody signed in: what waits for them"),
    **{
        f"GET /inbox/{tab}": page("everybody signed in: their own and their units’")
        for tab in ("receipts", "done", "begun", "copies", "followed", "counts.json")
    },
    "GET /inbox/tasks.<ending>": each("the same as a file", "ending", KINDS_OF_FILE, absent="pdf"),
    "GET /inbox/bulk": page("everybody signed in: those of the tasks they may know of"),
    "POST /inbox/bulk": page("everybody signed in: each task answers for itself"),
    "POST /inbox/views": Entry(EVERYBODY_SIGNED_IN, lambda _t: [Thing()],
                               body=lambda: {"name": "视图"}),
    "POST /inbox/views/<int:view_id>/removal": Entry(
        "who keeps the view; others of a unit it is open to hear why not", kept_views,
        {"view_id": NOWHERE}),
    "GET /ledger/": page("everybody signed in: the items they may know of"),
    "GET /ledger/ledger.<kind>": each("the same as a file", "kind", KINDS_OF_FILE, absent="pdf"),
    "GET /documents/": page("everybody signed in: the papers they may read"),
    "GET /meetings/": page("everybody signed in: the meetings they may know of"),
    "GET /search/": page("everybody signed in: among what they may know of"),
    "GET /calendar/": page(EVERYBODY_SIGNED_IN),
    "POST /calendar/day": page("supervision director, system administrator", CALENDAR_KEEPERS),
    "POST /calendar/year": page("supervision director, system administrator", CALENDAR_KEEPERS),
    "GET /cases/<int:case_id>": Entry(THE_CASE, of_cases(), NO_CASE),
    "GET /cases/<int:case_id>/diagram.bpmn": Entry(THE_CASE, of_cases(*IN_DETAIL), NO_CASE),
    "GET /cases/<int:case_id>/marks.json": Entry(THE_CASE, of_cases(*IN_DETAIL), NO_CASE),
    "POST /cases/<int:case_id>/follow": Entry(THE_CASE, of_cases("item"), NO_CASE),
    **{
        f"{method} /cases/<int:case_id>/operations/<name>":
        Entry(OFFERED, operations, {**NO_CASE, "name": "progress"})
        for method in ("GET", "POST")
    },
    "GET /tasks/<int:assignment_id>": Entry(THE_CASE, tasks, {"assignment_id": NOWHERE}),
    "POST /tasks/<int:assignment_id>/completion":
        Entry(THE_POST, completions, {"assignment_id": NOWHERE}),
    **{
        f"POST /tasks/<int:assignment_id>/{way}":
        Entry(THE_POST, completions, {"assignment_id": NOWHERE})
        for way in ("draft", "draft/removal", "attachments")
    },
    **{
        f"{method} /tasks/<int:assignment_id>/operations/<name>":
        Entry(OFFERED, task_operations, {"assignment_id": NOWHERE, "name": "claim"})
        for method in ("GET", "POST")
    },
    "POST /cases/<int:case_id>/attachments":
        Entry("those who may know of the case; files come from those who work on it",
              of_cases("item"), NO_CASE),
    **{
        f"GET /attachments/<int:attachment_id>{part}":
        Entry(THE_CASE, attachments(), {"attachment_id": NOWHERE})
        for part in ("", "/content", "/preview")
    },
    "POST /attachments/<int:attachment_id>/withdrawal": Entry(
        "who added the file; others who know of the case hear why not",
        attachments(frozenset({"lead unit's handler"})), {"attachment_id": NOWHERE}),
    "GET /documents/<int:document_id>": Entry(THE_PAPER, papers, {"document_id": NOWHERE}),
    "POST /documents/<int:document_id>/read": Entry(
        "the units it was delivered to; who else may read it hears why not",
        received, {"document_id": NOWHERE}),
    "POST /cases/<int:case_id>/read": Entry(
        "who got a copy of the case; who else knows of it hears why not", copied, NO_CASE),
    "POST /deliveries/<int:delivery_id>/read": Entry(
        "who is asked to read it; who else knows of the case hears why not",
        circulated, {"delivery_id": NOWHERE}),
    "POST /sendings/<int:sending_id>/recall": Entry(
        "the unit that sent it round; who else knows of the case hears why not",
        recalled, {"sending_id": NOWHERE}),
    "POST /cases/<int:case_id>/comments": Entry(
        "who works on cases and knows of this one; who audits hears why not",
        talked_about, NO_CASE, body=lambda: {"text": "请看第二项。"}),
    "POST /comments/<int:comment_id>/withdrawal": Entry(
        "who wrote it; who else knows of the case hears why not",
        said, {"comment_id": NOWHERE}),
    "GET /start/<name>": Entry("those who may start it", lambda _t: [
        Thing({"name": name}, whom) for name, whom in STARTS.items()], {"name": "nothing"}),
    "POST /start/<name>": Entry("those who may start it", lambda _t: [
        Thing({"name": name}, whom) for name, whom in STARTS.items()], {"name": "nothing"}),
    "GET /incidents/":
        page("supervisors, business auditor; system administrator", INCIDENT_READERS),
    "GET /incidents/<int:incident_id>":
        Entry("supervisors, business auditor", incidents(EVERY_CASE), NO_INCIDENT),
    **{
        f"POST /incidents/<int:incident_id>/{act}": Entry(
            "the supervising office; the other supervisors hear why not",
            incidents(EVERY_CASE, OUR_OFFICE), NO_INCIDENT)
        for act in ("retry", "data", "skip-proposal", "skip", "move", "stay")
    },
    "GET /rounds/": page("those to whom rounds are open", ROUND_READERS),
    "POST /rounds/": page("court analyst", ANALYST),
    "GET /rounds/new": page("court analyst", ANALYST),
    "GET /rounds/<int:round_id>":
        Entry("those to whom rounds are open", rounds(ROUND_READERS), NO_ROUND),
    "GET /rounds/template.<kind>": each(
        "those to whom rounds are open", "kind", KINDS_OF_FILE, ROUND_READERS, absent="pdf"),
    "GET /rounds/<int:round_id>/collection":
        Entry("those to whom rounds are open, and units that got a notice", collections, NO_ROUND),
    "GET /rounds/<int:round_id>/consolidation.<kind>": Entry(
        "supervisors, court, business auditor", lambda town: [
            Thing({"round_id": town.first_round_id, "kind": kind}, EVERY_CASE | COURT)
            for kind in KINDS_OF_FILE
        ], {**NO_ROUND, "kind": "csv"}),
    "GET /rounds/<int:round_id>/imports/new":
        Entry("court analyst, external analyst", rounds(ANALYSTS), NO_ROUND),
    "POST /rounds/<int:round_id>/imports":
        Entry("court analyst, external analyst", rounds(ANALYSTS), NO_ROUND),
    "GET /imports/<int:batch_id>":
        Entry("supervisors, auditor, analysts", batch(IMPORT_READERS), NO_BATCH),
    "GET /imports/<int:batch_id>/progress":
        Entry("supervisors, auditor, analysts", batch(IMPORT_READERS), NO_BATCH),
    "POST /imports/<int:batch_id>/names":
        Entry("court analyst, external analyst", batch(ANALYSTS), NO_BATCH),
    "POST /imports/<int:batch_id>/unknown":
        Entry("court analyst, external analyst", batch(ANALYSTS), NO_BATCH),
    "POST /imports/<int:batch_id>/confirmation":
        Entry("court analyst; the external one hears why not", batch(ANALYSTS, ANALYST), NO_BATCH),
    "POST /imports/<int:batch_id>/discard":
        Entry("court analyst, and who uploaded it", batch(ANALYSTS, ANALYST), NO_BATCH),
    "POST /imports/<int:batch_id>/rows/<int:line>/exclusion":
        Entry("court analyst, external analyst", rows, {**NO_BATCH, "line": 2}),
    "POST /imports/<int:batch_id>/rows/<int:line>/inclusion":
        Entry("court analyst, external analyst", rows, {**NO_BATCH, "line": 2}),
    "GET /indicators/": page("those to whom rounds are open", ROUND_READERS),
    "GET /indicators/<int:indicator_id>":
        Entry("those to whom rounds are open", indicators(ROUND_READERS),
              {"indicator_id": NOWHERE}),
    "POST /indicators/<int:indicator_id>":
        Entry("court analyst", indicators(ANALYST), {"indicator_id": NOWHERE}),
    "POST /indicators/aspects": page("court analyst", ANALYST),
    "POST /indicators/areas/<int:area_id>/own": Entry("court analyst", areas, {"area_id": NOWHERE}),
    "GET /studio/": page("designers, supervisors, court, auditor", STUDIO_READERS),
    "GET /studio/<int:version_id>":
        Entry("designers, supervisors, court, auditor", definitions, {"version_id": NOWHERE}),
    "GET /studio/<int:version_id>/source":
        Entry("designers, supervisors, court, auditor", definitions, {"version_id": NOWHERE}),
    "GET /audit/": page("business auditor, audit administrator", AUDITORS),
    "POST /audit/verification": page("business auditor, audit administrator", AUDITORS),
    "GET /audit/streams/<path:name>":
        Entry("business auditor; streams that are no case's also the audit administrator",
              streams, {"name": "case:999999"}),
}  # fmt: skip
