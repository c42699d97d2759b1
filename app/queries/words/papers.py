"""How the journal says what happens to papers: approved, issued, signed for, answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.i18n import Text, _
from app.queries.words.registry import SENTENCES, Names, Words, says


def _paper(numbered: Text, plain: Text) -> Words:
    """A sentence about a paper, with its number where it has one."""

    def words(data: Mapping[str, Any], _names: Names) -> Text:
        said = numbered if data.get("number") else plain
        return Text(said.msgid, {"title": data["title"], "number": data.get("number") or ""})

    return words


SENTENCES.update(
    {
        "document.approved": _paper(
            _("approved “%(title)s” (%(number)s)"), _("approved “%(title)s”")
        ),
        "document.issued": _paper(_("issued “%(title)s” (%(number)s)"), _("issued “%(title)s”")),
        "document.voided": _paper(
            _("withdrew “%(title)s” (%(number)s)"), _("withdrew “%(title)s”")
        ),
        "document.delivered": _paper(
            _("delivered “%(title)s” (%(number)s)"), _("delivered “%(title)s”")
        ),
        "document.signed_for": _paper(
            _("signed for “%(title)s” (%(number)s)"), _("signed for “%(title)s”")
        ),
        "document.refused": _paper(_("refused “%(title)s” (%(number)s)"), _("refused “%(title)s”")),
        "document.read": _paper(_("read “%(title)s” (%(number)s)"), _("read “%(title)s”")),
        "notice.insisted": _paper(
            _("insisted on “%(title)s” (%(number)s)"), _("insisted on “%(title)s”")
        ),
    }
)


@says("notice.opened")
def _opened(data: Mapping[str, Any], names: Names) -> Text:
    return _(
        "opened the notice %(number)s to %(unit)s",
        number=data["number"] or "",
        unit=names.unit(data["unit"]),
    )


@says("opinion.accepted")
def _accepted(data: Mapping[str, Any], names: Names) -> Text:
    return _("accepted the work opinion of %(unit)s", unit=names.unit(data["unit"]))


@says("opinion.supplement_asked")
def _asked(data: Mapping[str, Any], names: Names) -> Text:
    return _("asked %(unit)s to supplement its work opinion", unit=names.unit(data["unit"]))
