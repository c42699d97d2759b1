"""The files that answer a task's questions: they are added before, so the form only names them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import select

from app import forms
from app.db import session
from app.model import Attachment


def attached(form: forms.Form, assignment_id: int) -> dict[str, list[dict[str, Any]]]:
    """What was added under each question that asks for files; nothing is read where none does."""
    asking = [field.name for field in form.fields if field.type == "attachments"]
    if not asking:
        return {}
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = session().execute(
        select(Attachment.field, Attachment.id, Attachment.name, Attachment.sha256)
        .where(Attachment.assignment_id == assignment_id, Attachment.withdrawn_at.is_(None))
        .order_by(Attachment.id)
    )
    for name, number, called, sha256 in rows:
        found[name].append({"attachment": number, "name": called, "sha256": sha256})
    return {name: found[name] for name in asking}
