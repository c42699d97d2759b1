"""管理·人员: the accounts, and one with its posts, deputies and what is open in its name."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import forms
from app.commands.deputies import end_deputyship
from app.commands.operations import ON_PEOPLE
from app.commands.operations.on_people import of_group
from app.commands.organisation import add_person
from app.errors import Invalid, Refusal, Stale
from app.i18n import Text, _
from app.queries.staff import STATES, PersonPage, Wanted, colleagues, people_page, person_page
from app.queries.units import unit_choices
from app.rules import access, handing
from app.rules.staff import OpenGroup
from app.web.faster import shown
from app.web.frame import toast
from app.web.operating import performed
from app.web.policy import current_actor, require, roles, signed_in
from app.web.posted import form_fields, idempotency_key
from app.web.security import safe_next
from app.web.wording import say, worded

bp = Blueprint("people", __name__, url_prefix="/people")
READERS = roles(*access.ADMINISTRATORS, *handing.LEADING)
KEEPERS = roles("sys_admin")
LONGEST: Final = 80
PASSWORD_BYTES: Final = 12
DOUBTS: Final = "despite"


@bp.get("/")
@require(READERS)
def index() -> str:
    """Accounts by login, with their posts."""
    viewer, args = current_actor(), request.args
    unit = args.get("unit", "")
    wanted = Wanted(
        text=args.get("text", "")[:LONGEST].strip(),
        unit_id=int(unit) if unit.isdecimal() and len(unit) < 10 else None,
        state=args.get("state", ""),
    )
    page = people_page(viewer, wanted, now=g.now, after=args.get("after", "")[:LONGEST])
    return render_template(
        "people/index.html",
        page=page,
        wanted=wanted,
        states=STATES,
        units=unit_choices(viewer),
        query={name: said for name, said in args.items() if said and name != "after"},
        keeps=KEEPERS.admits(viewer),
        administers=access.may_see_people(viewer),
    )


@bp.get("/new")
@require(KEEPERS)
def form() -> str:
    """The form for a new account."""
    return _form()


@bp.post("/new")
@require(KEEPERS)
def create() -> Response | tuple[str, int]:
    """Add the account; posts are for the security administrator to grant."""
    asked = forms.load("person_add")
    answers = forms.parse_post(asked, form_fields())
    try:
        said = forms.checked(asked, answers, context=forms.Context())
        made = add_person.once(
            idempotency_key(),
            said["login"],
            said["name"],
            said["password"],
            name_en=said["name_en"] or "",
            actor=current_actor(),
        )
    except (Invalid, Stale) as refusal:
        return shown(refusal, partial(_form, answers, refusal))
    toast(_("The account is there. Hand the initial password over in person."))
    return redirect(url_for("people.show", person_id=made["person"]), 303)


@bp.get("/<int:person_id>")
@require(signed_in)
def show(person_id: int) -> str:
    """One account, for administrators, the leaders of its units, and its owner."""
    viewer = current_actor()
    page = person_page(viewer, person_id, now=g.now)
    return render_template(
        "people/show.html",
        page=page,
        offers=ON_PEOPLE.offers(viewer, page.standing),
        crumbs=_crumbs(),
        administers=access.may_see_people(viewer),
    )


@bp.get("/<int:person_id>/operations/<name>")
@require(signed_in)
def operation(person_id: int, name: str) -> str:
    """The form of one thing that may be done about somebody."""
    return _operation_page(person_id, name)


@bp.post("/<int:person_id>/operations/<name>")
@require(signed_in)
def operate(person_id: int, name: str) -> Response | tuple[str, int]:
    """Do it; on a problem the form comes back with every word typed."""
    viewer = current_actor()
    standing = person_page(viewer, person_id, now=g.now).standing
    return performed(
        ON_PEOPLE,
        name,
        person_id,
        page=_operation_page,
        home=_home(person_id),
        form=ON_PEOPLE.after(viewer, standing, name).form,
        told=partial(_told, standing.open),
    )


@bp.post("/deputies/<int:deputyship_id>/end")
@require(signed_in)
def end(deputyship_id: int) -> Response:
    """End a deputyship before its time."""
    end_deputyship.once(idempotency_key(), deputyship_id, actor=current_actor())
    toast(_("The deputyship is ended."))
    return redirect(safe_next(request.form.get("next")) or url_for("me.show"), 303)


def _told(groups: Sequence[OpenGroup], done: Text, answer: Any) -> Text:
    """What was done, and line by line how much passed on to whom where something did."""
    if not isinstance(answer, Mapping) or "handed" not in answer:
        return done
    handed = answer["handed"]
    rows = [
        _(
            "%(what)s: %(number)s to %(person)s",
            what=of_group(group),
            number=handed[group.field],
            person=dict(group.successors).get(request.form.get(group.field, ""), ""),
        )
        for group in groups
        if group.field in handed
    ]
    return _(
        "%(done)s %(handed)s handed over, %(left)s left with the post. %(rows)s",
        done=done,
        handed=sum(handed.values()),
        left=answer.get("left", 0),
        rows=rows,
    )


def _form(answers: Mapping[str, Any] | None = None, refusal: Refusal | None = None) -> str:
    return render_template(
        "people/operation.html",
        title=forms.load("person_add"),
        form=forms.load("person_add"),
        answers=answers or {"password": _made_up()},
        refusal=refusal,
        choices={},
        crumbs=_crumbs(),
        seen=None,
        button=_("Add the account"),
        why_not=None,
        lead="",
    )


def _operation_page(
    person_id: int,
    name: str,
    answers: Mapping[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> str:
    viewer = current_actor()
    page = person_page(viewer, person_id, now=g.now)
    offer = (ON_PEOPLE.after if refusal else ON_PEOPLE.offered)(viewer, page.standing, name)
    asked = offer.form
    if refusal is None or DOUBTS not in refusal.fields:
        asked = forms.without(asked, DOUBTS)
    choices: dict[str, Any] = {"unit": [(code, name) for _n, code, name in unit_choices(viewer)]}
    if name == "deputy":
        choices["person"] = colleagues(viewer, page.standing)
    return render_template(
        "people/operation.html",
        title=offer.label,
        form=asked,
        answers=_first(page, name) if answers is None else answers,
        refusal=refusal,
        choices=choices,
        crumbs=[*_crumbs(), (worded(page.row, "name"), _home(person_id))],
        seen=page.standing.seen,
        button=offer.label,
        why_not=offer.why_not,
        lead=page.row.login,
    )


def _first(page: PersonPage, name: str) -> dict[str, Any]:
    """What stands in a form before anybody fills it in."""
    if name == "rename":
        return {"name": page.row.name, "name_en": page.row.name_en}
    if name == "password":
        return {"password": _made_up()}
    return {
        "post": "all" if name == "deputy" else None,
        **{o.field: "" for o in page.standing.open},
    }


def _made_up() -> str:
    return secrets.token_urlsafe(PASSWORD_BYTES)


def _home(person_id: int) -> str:
    return url_for("people.show", person_id=person_id)


def _crumbs() -> list[tuple[str, str]]:
    if not READERS.admits(current_actor()):
        return [(say(_("My page")), url_for("me.show"))]
    return [(say(_("People")), url_for("people.index"))]
