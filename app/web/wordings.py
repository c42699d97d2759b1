"""邮件模板: what mails say, worded by the supervising office or the system administrator."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.commands import rewording
from app.errors import Invalid, NotFound, Refusal, Stale
from app.i18n import _
from app.queries.wordings import LOCALES, Worded, outgoing, wordings
from app.rules.access import WORDERS
from app.rules.telling import KINDS
from app.rules.wordings import CHINESE, PLACES, Words, default, fill
from app.web.faster import shown
from app.web.frame import toast
from app.web.policy import current_actor, require, roles
from app.web.posted import idempotency_key, version
from app.web.sessions import settings

bp = Blueprint("wordings", __name__, url_prefix="/wordings")
SEE_OTHER: Final = 303
EXAMPLES: Final = {
    CHINESE: ("督办事项", "平督〔2026〕12号", "办理并填报办结报告", "2026年11月25日", "某单位"),
    "en": ("Supervision item", "No. 12 of 2026", "Complete the item", "25 Nov 2026", "A unit"),
}


@bp.get("/")
@require(roles(*WORDERS))
def index() -> str:
    """Every kind of mail in both languages, and whether mail goes out."""
    return render_template(
        "wordings/index.html",
        kinds=KINDS,
        locales=LOCALES,
        found=wordings(),
        mail=settings().mail,
        outgoing=outgoing(),
    )


@bp.get("/<name>")
@require(roles(*WORDERS))
def show(name: str) -> str:
    """The words of one, to be changed, as they would look."""
    kind, locale, worded = _known(name)
    return _page(kind, locale, worded, worded.words)


@bp.post("/<name>")
@require(roles(*WORDERS))
def reword(name: str) -> Response:
    """Keep the words; or only show how they would look."""
    kind, locale, worded = _known(name)
    said = Words(request.form.get("subject", ""), request.form.get("body", ""))
    try:
        if request.form.get("do") == "look":
            rewording.require_words(said.subject, said.body)
            return make_response(_page(kind, locale, worded, said))
        rewording.reword.once(
            idempotency_key(),
            kind,
            locale,
            said.subject,
            said.body,
            version=version(),
            actor=current_actor(),
        )
    except (Invalid, Stale) as refusal:
        return make_response(shown(refusal, partial(_page, kind, locale, worded, said, refusal)))
    toast(_("The words are kept; mails are written in them from now on."))
    return redirect(url_for("wordings.index"), SEE_OTHER)


def _page(
    kind: str, locale: str, worded: Worded, said: Words, refusal: Refusal | None = None
) -> str:
    values = dict(zip(PLACES, (*EXAMPLES[locale], "1", f"{_address()}/tasks/12"), strict=True))
    looks: Any = None
    if refusal is None:
        looks = Words(fill(said.subject, values), fill(said.body, values))
    return render_template(
        "wordings/form.html",
        kind=kind,
        label=KINDS[kind].label,
        spoken=locale,
        worded=worded,
        said=said,
        looks=looks,
        refusal=refusal,
        problems=refusal.fields if refusal else {},
        places=[f"{{{zh if locale == CHINESE else name}}}" for name, zh in PLACES.items()],
        given=default(kind, locale),
    )


def _address() -> str:
    return settings().public_url.rstrip("/") or request.host_url.rstrip("/")


def _known(name: str) -> tuple[str, str, Worded]:
    """`urged.en`: the words for one kind of news in one language."""
    kind, _dot, locale = name.partition(".")
    found = wordings().get((kind, locale))
    if found is None:
        raise NotFound
    return kind, locale, found
