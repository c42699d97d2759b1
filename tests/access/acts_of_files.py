"""The same table for files and for what is typed and not submitted yet."""

from __future__ import annotations

from typing import Any

from app.commands import attachments, drafts
from tests.access.act import HELPER, LEAD, Act, case

FILE = {"name": "a.pdf", "kind": "pdf", "size": 1, "sha256": "0" * 64}
OF_FILES: dict[Any, Act] = {
    attachments.add: Act(
        LEAD, "business auditor",
        lambda town, actor: attachments.add(case(town, "item"), FILE, actor=actor),
    ),
    attachments.withdraw: Act(
        LEAD, HELPER, lambda _town, actor: attachments.withdraw(1, actor=actor),
    ),
    drafts.save_draft: Act(
        "suggestion drafter", "court president",
        lambda town, actor: drafts.save_draft(
            town.tasks(town.case("drafted notice"))[-1].id, [("title", "a")], actor=actor, seen=0
        ),
    ),
    drafts.drop_draft: Act(
        "suggestion drafter", "court president",
        lambda town, actor: drafts.drop_draft(
            town.tasks(town.case("drafted notice"))[-1].id, actor=actor
        ),
    ),
}  # fmt: skip
