"""Somebody stands in for somebody else for a time (代理, domain row 4): named, and ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from app import clock, forms
from app.actor import Actor
from app.commands import faster, keeping
from app.commands.command import command
from app.db import session
from app.effects import accounts, deputies
from app.errors import Invalid, NotFound, Stale
from app.forms.definition import NOTHING
from app.i18n import Text, _
from app.model import Deputyship, Person, RoleHolding
from app.rules import access
from app.rules import deputies as rules
from app.rules.deputies import Post, Term

ALL: Final = "all"
ONE_DAY: Final = timedelta(days=1)
LONGEST: Final = timedelta(days=366)
CHANGES: Final = ("deputy.named", "deputy.ended", *keeping.OF_POSTS)
NOT_YOURS: Final = _(
    "People name their own deputy; for others the leaders of their unit do, or the security "
    "administrator."
)


@command
def name_deputy(
    person_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, int]:
    """Let somebody act for this person in a post, or in all, for a time: `{"deputyship": id}`.

    What speaks against it is told first; with `despite` it is done all the same.
    """
    _require_may_name(actor, person_id)
    person, deputy = _both(person_id, _deputy_id(answers))
    _require_unchanged(person.id, seen)
    held = accounts.posts_of(person.id)
    said = _said(answers, held)
    since, until = _period(said)
    posts = _posts(actor, person.id, _within(held, since, until), said["post"])
    _require_possible(actor, person, deputy, posts)
    wanted = Term(person.id, deputy.id, frozenset(posts), since, until)
    doubts = _doubts(wanted, deputy)
    if doubts and not said["despite"]:
        raise Invalid(
            _("Please read this before you name the deputy."),
            fields={"despite": _("%(doubts)s", doubts=doubts)},
        )

    made = _written(wanted, said, held, actor)
    told = {"deputyship": made.id, "person": person.id, "deputy": deputy.id}
    accounts.record(
        "deputy.named",
        actor,
        {
            **told,
            "posts": [{"unit": unit, "role": role} for unit, role in posts],
            "kinds": made.kinds,
            "from": since,
            "until": until,
            "reason": said["reason"],
            "despite": [each.as_json() for each in doubts],
            "persons": [person.id, deputy.id],
        },
    )
    return {"deputyship": made.id}


@command
def end_deputyship(deputyship_id: int, *, actor: Actor) -> dict[str, int]:
    """End it before its time; either of the two may, and whoever could have named it."""
    found = session().get(Deputyship, deputyship_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    if actor.person_id != found.deputy_id:
        _require_could_name(actor, found)
    if found.ended_at is not None:
        ending = {"deputy.ended": faster.about(deputyship=found.id)}
        details = faster.last(accounts.STREAM, ending, 0)
        raise Stale(_("This deputyship was ended already."), details=details)

    deputies.end([found], actor)

    return {"deputyship": found.id}


def _require_may_name(actor: Actor, person_id: int) -> None:
    units = [each.unit_id for each in accounts.posts_of(person_id)]
    access.require(rules.may_name(actor, person_id, units), NOT_YOURS)


def _require_could_name(actor: Actor, found: Deputyship) -> None:
    """A leader could have named it where they lead every unit it is about."""
    held = [each.unit_id for each in accounts.posts_of(found.person_id)]
    units = [found.unit_id] if found.unit_id else held
    led = rules.leads(actor, units)
    all_led = bool(units) and len(led) == len(units)
    access.require(all_led or rules.may_name(actor, found.person_id, ()), NOT_YOURS)


def _require_unchanged(person_id: int, seen: int | None) -> None:
    changed = dict.fromkeys(CHANGES, faster.about(person=person_id))
    faster.require_unchanged(accounts.STREAM, seen, changed)


def _deputy_id(answers: Mapping[str, Any]) -> int:
    login = str(answers.get("deputy") or "")
    found = session().scalar(select(Person.id).where(Person.login == login))
    if found is None:
        text = _("Choose who stands in.")
        raise Invalid(text, fields={"deputy": text})
    return found


def _both(person_id: int, deputy_id: int) -> tuple[Person, Person]:
    """Both locked, in one order, so that two who name each other at once do not block."""
    rows = {each: accounts.locked(Person, each) for each in sorted({person_id, deputy_id})}
    return rows[person_id], rows[deputy_id]


def _said(answers: Mapping[str, Any], held: list[RoleHolding]) -> dict[str, Any]:
    posts = dict.fromkeys((ALL, *(f"{p.unit_id}:{p.role}" for p in held)), NOTHING)
    form = forms.offering(forms.load("deputy"), "post", posts)
    return forms.checked(form, answers, context=forms.Context(today=clock.today()))


def _period(said: Mapping[str, Any]) -> tuple[datetime, datetime]:
    first, last = (date.fromisoformat(said[name]) for name in ("first_day", "last_day"))
    if last < first:
        raise _at("last_day", _("The deputyship ends before it begins."))
    if last - first > LONGEST:
        raise _at("last_day", _("Name a deputy for a year at most; it can be done again."))
    return clock.from_local(first), clock.from_local(last + ONE_DAY)


def _within(held: list[RoleHolding], since: datetime, until: datetime) -> list[RoleHolding]:
    """Those of the posts that are held at some moment of that time."""
    begun = [each for each in held if each.valid_from is None or each.valid_from < until]
    return [each for each in begun if each.valid_until is None or each.valid_until > since]


def _posts(actor: Actor, person_id: int, held: list[RoleHolding], wanted: str) -> list[Post]:
    """The posts meant, as far as this actor may give them to a deputy."""
    posts = [(p.unit_id, p.role) for p in held if wanted in (ALL, f"{p.unit_id}:{p.role}")]
    if not posts:
        raise _at("post", _("There is nothing to deputise for: this person holds no post."))
    if access.may_grant_roles(actor):
        return posts
    if any(role in access.ADMINISTRATORS for _unit, role in posts):
        raise _at(
            "post", _("For an administrator the security administrator alone names a deputy.")
        )
    led = rules.leads(actor, [unit_id for unit_id, _role in posts])
    if person_id != actor.person_id and any(unit_id not in led for unit_id, _role in posts):
        raise _at("post", _("Choose a post in the unit you lead."))
    return posts


def _require_possible(actor: Actor, person: Person, deputy: Person, posts: list[Post]) -> None:
    """Nobody stands in for themselves; a deputy is of the unit, and no second administrator."""
    if deputy.id == person.id:
        raise _at("deputy", _("Nobody deputises for themselves."))
    if not deputy.active:
        raise _at("deputy", _("This account is closed."))
    own = accounts.posts_of(deputy.id)
    of_units = {each.unit_id for each in own}
    if not access.may_grant_roles(actor) and not of_units.issuperset(u for u, _role in posts):
        raise _at("deputy", _("Choose somebody who works in that unit."))
    accounts.require_compatible(
        [*accounts.roles_held(deputy.id), *(role for _unit, role in posts)],
    )


def _doubts(wanted: Term, deputy: Person) -> list[Text]:
    others = deputies.running(wanted.since, wanted.until)
    concerned = {each for term in (wanted, *others) for each in (term.person_id, term.deputy_id)}
    names = select(Person.id, Person.name).where(Person.id.in_(concerned))
    own = {(each.unit_id, each.role) for each in accounts.posts_of(deputy.id)}
    checks = list(deputies.checks(sorted(wanted.posts), sorted(own), deputy.name))
    working = {unit for unit, role in wanted.posts if role in access.WORKERS}
    if working - {unit for unit, _role in own}:
        checks.append(_sees_all(deputy))
    return rules.doubts(wanted, others, dict(list(session().execute(names))), checks)


def _sees_all(deputy: Person) -> Text:
    return _(
        "%(deputy)s works elsewhere and will see every case of that unit, whatever processes "
        "are chosen.",
        deputy=deputy.name,
    )


def _written(
    wanted: Term, said: Mapping[str, Any], held: list[RoleHolding], actor: Actor
) -> Deputyship:
    """A post that is itself held for a time is stood in for within that time alone."""
    kinds, term = said["kinds"] or None, {"valid_from": wanted.since, "valid_until": wanted.until}
    unit_id, role = next(iter(wanted.posts)) if said["post"] != ALL else (None, None)
    made = Deputyship(
        person_id=wanted.person_id,
        deputy_id=wanted.deputy_id,
        unit_id=unit_id,
        role=role,
        kinds=kinds,
        reason=said["reason"],
        given_by=actor.person_id,
        given_at=clock.now(),
        **term,
    )
    session().add(made)
    session().flush()
    session().add_all(
        RoleHolding(
            person_id=wanted.deputy_id,
            unit_id=post.unit_id,
            role=post.role,
            deputy_for_id=wanted.person_id,
            deputyship_id=made.id,
            kinds=kinds,
            valid_from=max(filter(None, (wanted.since, post.valid_from))),
            valid_until=min(filter(None, (wanted.until, post.valid_until)), default=None),
        )
        for post in held
        if (post.unit_id, post.role) in wanted.posts
    )
    return made


def _at(field: str, text: Text) -> Invalid:
    return Invalid(text, fields={field: text})
