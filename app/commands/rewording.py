"""The words mails are written in: changed by the supervising office, every version kept."""

from __future__ import annotations

from sqlalchemy import func, select

from app import clock
from app.actor import Actor
from app.commands import faster
from app.commands.command import command
from app.db import session
from app.errors import Invalid, Stale
from app.i18n import _
from app.journal import record
from app.model import Wording
from app.rules import access, wordings


@command
def reword(
    kind: str,
    locale: str,
    subject: str,
    body: str,
    *,
    actor: Actor,
    version: int | None = None,
) -> int:
    """Write the words of a kind of mail anew in one language; the number of the new version."""
    access.require(
        access.may_word_mails(actor),
        _("Only the supervising office and the system administrator word mails."),
    )
    said = {"subject": subject.strip(), "body": body.replace("\r\n", "\n").strip() + "\n"}
    require_words(said["subject"], said["body"])
    last = session().scalar(
        select(func.max(Wording.version)).where(Wording.kind == kind, Wording.locale == locale)
    )
    if version is not None and version != (last or 0):
        clashes = {"wording.changed": faster.about(kind=kind, locale=locale)}
        raise Stale(
            _("Somebody else changed these words meanwhile. Look again."),
            details=faster.last("settings", clashes, last or 0),
        )

    row = Wording(
        kind=kind,
        locale=locale,
        version=(last or 0) + 1,
        written_at=clock.now(),
        written_by=actor.person_id,
        **said,
    )
    session().add(row)
    told = {"kind": kind, "locale": locale, "version": row.version, **said}
    record("wording.changed", stream="settings", actor=actor, data=told)
    return row.version


def require_words(subject: str, body: str) -> None:
    """Refuse words with places nobody knows, too many, or none at all."""
    problems = {
        "subject": wordings.problem(subject, wordings.LONGEST_SUBJECT),
        "body": wordings.problem(body, wordings.LONGEST_BODY),
    }
    wrong = {name: text for name, text in problems.items() if text}
    if wrong:
        raise Invalid(_("Nothing was changed."), fields=wrong)
