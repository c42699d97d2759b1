"""The journal in words: every kind of row the code records has a sentence."""

from __future__ import annotations

import ast
import re

import pytest

from app.queries.words import SENTENCES, Names, sentence
from tests.house import matching, tree

KIND = re.compile(r"[a-z]+\.[a-z_]+")
NO_KINDS = {
    "search.read_until",
    "weathervane.commands",
    "weathervane.timers",
    "weathervane.workers",
    "demo.database",
    "demo.password",
}
NAMES = Names({1: "县住建局", 2: "县财政局"}, {7: "县住建局·经办人"})


def test_every_kind_of_row_has_a_sentence():
    recorded = {
        node.value
        for name in matching(".py", under=("app/advance/", "app/commands/", "app/effects/"))
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if KIND.fullmatch(node.value)
    }

    assert "item.dispatched" in recorded
    assert recorded - NO_KINDS - set(SENTENCES) == set()


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("task.completed", {"name": "签收", "late": True}, "completed “签收”, after the due date"),
        ("attachment.added", {"name": "报告.pdf"}, "added the file “报告.pdf”"),
        ("attachment.withdrawn", {"name": "报告.pdf"}, "withdrew the file “报告.pdf”"),
        (
            "case.branched",
            {"kind": "escalation", "number": "示处置〔2026〕1号", "title": "…"},
            "opened out of this case: Escalation 示处置〔2026〕1号",
        ),
        (
            "signers.added",
            {"how": "after", "name": "审签", "persons": [7], "units": [2]},
            "had 县住建局·经办人、县财政局 sign “审签” afterwards",
        ),
        (
            "task.delegated",
            {"name": "报告", "to": 7},
            "had “报告” filled in by 县住建局·经办人",
        ),
        (
            "task.opinion_given",
            {"name": "报告", "answers": {"decision": "reject"}},
            "was asked about “报告” and does not agree",
        ),
        ("document.issued", {"title": "纪要", "number": None}, "issued “纪要”"),
        (
            "document.issued",
            {"title": "纪要", "number": "联席〔2026〕2号"},
            "issued “纪要” (联席〔2026〕2号)",
        ),
        (
            "item.dispatched",
            {"lead": [1], "co": [2], "due_day": "2026-09-14"},
            "dispatched the item to 县住建局 with 县财政局 helping; due on 2026-09-14",
        ),
        (
            "item.dispatched",
            {"lead": [1], "co": [], "due_day": "2026-09-14"},
            "dispatched the item to 县住建局; due on 2026-09-14",
        ),
        (
            "timer.fired",
            {
                "of_unit": 1,
                "kind": "remind",
                "superseded": False,
                "due": "2026-09-14T15:59:59.000000+00:00",
            },
            "Reminder for 县住建局: due on 2026-09-14.",
        ),
        (
            "timer.fired",
            {"of_unit": 1, "kind": "urge", "superseded": True, "due": None},
            "A step for 县住建局 was passed over: a later one was due as well.",
        ),
        (
            "measure.proposed",
            {"measure": "interview", "ground_name": "群众反映强烈"},
            "proposed an interview on the ground “群众反映强烈”",
        ),
        ("measure.approved", {"measure": "none", "ground_name": ""}, "approved no measure"),
        (
            "deduction.decided",
            {"of_unit": 1, "after": {"decision": "dropped", "points": None}},
            "dropped a deduction proposed for 县住建局",
        ),
        (
            "deduction.decided",
            {"of_unit": 1, "after": {"decision": "confirmed", "points": "2"}},
            "confirmed a deduction for 县住建局: 2 points",
        ),
        (
            "deputy.ended",
            {"person": 7, "deputy": 7},
            "ended that 县住建局·经办人 acts for 县住建局·经办人",
        ),
        (
            "calendar.day_changed",
            {"day": "2026-10-09", "after": ""},
            "made 2026-10-09 an ordinary day again",
        ),
        ("completion.reviewed", {"decision": "redo"}, "sent the matter back to be done again"),
        (
            "instruction.given",
            {"leader_post": "召集人", "kind": "act", "entry": "on_behalf"},
            "召集人 asked for action (entered on behalf)",
        ),
        (
            "clock.asked",
            {"asks": "suspend", "wanted": "2026-07-20"},
            "asked to stop the clock until 2026-07-20",
        ),
        ("clock.refused", {"asks": "resume"}, "left the clock standing still"),
        (
            "item.reassigned",
            {"role": "co", "before": 1, "after": 2},
            "re-assigned the co-handling from 县住建局 to 县财政局",
        ),
        (
            "item.clock_started",
            {"after": "2026-08-24"},
            "The time runs from the unit’s receipt: due on 2026-08-24.",
        ),
        (
            "co.disagreed",
            {"stage": "opinion"},
            "does not agree with the lead unit; the supervising office coordinates",
        ),
        (
            "instruction.followed",
            {"title": "充电桩建设", "leader_post": "县委书记"},
            "opened an item on the instruction of 县委书记",
        ),
        (
            "unit.added",
            {"after": {"name": "县住建局"}},
            "added the unit 县住建局",
        ),
        (
            "unit.renamed",
            {"before": {"name": "县建设局"}, "after": {"name": "县住建局"}},
            "renamed the unit 县建设局 to 县住建局",
        ),
        ("unit.retired", {"before": {"name": "县建设局"}}, "took the unit 县建设局 out of use"),
        ("roster.uploaded", {"file": "units.xlsx"}, "uploaded the file units.xlsx"),
        ("roster.discarded", {"file": "units.xlsx"}, "discarded the file units.xlsx"),
        (
            "roster.confirmed",
            {"file": "units.xlsx", "what": "units", "counts": {"new": 2, "changed": 1}},
            "took in units.xlsx: 2 units added, 1 changed",
        ),
        (
            "roster.confirmed",
            {"file": "people.xlsx", "what": "people", "counts": {"new": 2, "changed": 0}},
            "took in people.xlsx: 2 accounts added, 0 changed",
        ),
        (
            "roster.posts_granted",
            {"file": "people.xlsx", "granted": 3},
            "granted the 3 posts that people.xlsx proposed",
        ),
        (
            "roster.posts_declined",
            {"file": "people.xlsx"},
            "granted none of the posts people.xlsx proposed",
        ),
        (
            "post.granted",
            {"person": 7, "unit": "ZJJ", "role": "unit_handler", "until": None},
            "gave 县住建局·经办人 the post Handler of ZJJ",
        ),
        (
            "post.ended",
            {"person": 7, "unit": "ZJJ", "role": "unit_handler", "lapsed": True},
            "The time of 县住建局·经办人 in the post Handler of ZJJ is over.",
        ),
        (
            "unit.moved",
            {"after": {"name": "县住建局", "parent_id": 2}},
            "put the unit 县住建局 under 县财政局",
        ),
        (
            "unit.moved",
            {"after": {"name": "县住建局", "parent_id": None}},
            "put the unit 县住建局 at the top of the tree",
        ),
        ("person.disabled", {"person": 7}, "closed the account of 县住建局·经办人"),
        ("person.roles_set", {"person": 7, "after": []}, "took every post from 县住建局·经办人"),
        (
            "deputy.named",
            {
                "person": 7,
                "deputy": 7,
                "posts": [{"unit": 1, "role": "unit_handler"}],
                "from": "2026-11-22T16:00:00+00:00",
                "until": "2026-11-25T16:00:00+00:00",
            },
            (
                "let 县住建局·经办人 act for 县住建局·经办人 as Handler of 县住建局 "
                "from 2026-11-23 until 2026-11-25"
            ),
        ),
        ("indicator.changed", {"after": {"name": "物业指数"}}, "changed the indicator 物业指数"),
        (
            "calendar.extended",
            {"covered_until": "2026-12-31"},
            "took in the statutory calendar until 2026-12-31",
        ),
        (
            "calendar.day_changed",
            {"day": "2026-10-10", "after": "makeup"},
            "made 2026-10-10 a day worked in exchange",
        ),
        (
            "case.resumed",
            {"before": "2026-09-18", "after": "2026-09-18"},
            "let the case’s clock run again",
        ),
        (
            "case.resumed",
            {"before": "2026-09-18", "after": "2026-09-24"},
            "let the case’s clock run again; due on 2026-09-24 now",
        ),
        (
            "deadlines.found_again",
            {"due_day": None},
            "The calendar changed; due dates of this case were found again.",
        ),
        (
            "extension.endorsed",
            {"day": "2026-10-23"},
            "would grant the extension until 2026-10-23; the leader decides",
        ),
        (
            "outcomes.recorded",
            {"changed": [1]},
            "recorded the outcomes, 1 of them otherwise than computed",
        ),
        ("deductions.proposed", {"deductions": []}, "proposed no deductions"),
        (
            "extension.applied",
            {"wanted": "2026-10-23", "late": True},
            "asked for more time until 2026-10-23, after the due date",
        ),
        ("no.such_kind", {}, "recorded “no.such_kind”"),
    ],
)
def test_a_row_in_words(kind, data, said):
    assert str(sentence(kind, data, NAMES)) == said
