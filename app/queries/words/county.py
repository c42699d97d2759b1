"""How the journal says what happens to units, people, the calendar and what the system runs on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.i18n import Text, _
from app.queries.words.registry import SENTENCES, Names, day, day_before, plain, says
from app.rules import role_words, telling

SENTENCES.update(
    {
        "person.password_changed": plain(_("changed the own password")),
        "definition.published": plain(
            _("published version %(version)s of “%(title)s”"), version="version", title="title"
        ),
        "calendar.year_imported": plain(
            _("took in the schedule of %(year)s (%(source)s)"), year="year", source="source"
        ),
        "roster.uploaded": plain(_("uploaded the file %(file)s"), file="file"),
        "roster.discarded": plain(_("discarded the file %(file)s"), file="file"),
        "roster.posts_granted": plain(
            _("granted the %(granted)s posts that %(file)s proposed"),
            granted="granted",
            file="file",
        ),
        "roster.posts_declined": plain(
            _("granted none of the posts %(file)s proposed"), file="file"
        ),
        "demonstration.begun": plain(_("made this database a demonstration’s")),
    }
)


@says("profile.published")
def _profile(data: Mapping[str, Any], names: Names) -> Text:
    return _(
        "published version %(version)s of the mechanism %(key)s",
        version=data["version"],
        key=names.coded(data["key"]),
    )


def _about(kind: str, text: Text) -> None:
    """Say something about the person a row is about."""

    @says(kind)
    def words(data: Mapping[str, Any], names: Names) -> Text:
        return Text(text.msgid, {"person": names.person(data["person"])})


_about("person.added", _("added the account of %(person)s"))
_about("person.disabled", _("closed the account of %(person)s"))
_about("person.locked", _("Wrong passwords locked the account of %(person)s for a while."))
_about("person.password_reset", _("gave %(person)s a new initial password"))


@says("person.roles_set")
def _roles(data: Mapping[str, Any], names: Names) -> Text:
    posts = [
        _("%(role)s of %(unit)s", role=role_name(each["role"]), unit=names.coded(each["unit"]))
        for each in data["after"]
    ]
    if not posts:
        return _("took every post from %(person)s", person=names.person(data["person"]))
    return _(
        "gave %(person)s the posts %(posts)s", person=names.person(data["person"]), posts=posts
    )


def role_name(code: str) -> Text | str:
    """What a role is called; a role that is gone keeps its code."""
    return role_words.WORDS.get(code, code)


_about("person.renamed", _("corrected the name of %(person)s"))
_about("person.enabled", _("opened the account of %(person)s again"))


@says("person.handed_over")
def _handed_over(data: Mapping[str, Any], names: Names) -> Text:
    return _(
        "handed over what %(person)s had open: %(number)s",
        person=names.person(data["person"]),
        number=sum(data["handed"].values()),
    )


@says("post.granted")
def _post_granted(data: Mapping[str, Any], names: Names) -> Text:
    post = _post(data, names)
    until = data["until"]
    person = names.person(data["person"])
    if until:
        return _(
            "gave %(person)s the post %(post)s until %(day)s",
            person=person,
            post=post,
            day=day_before(until),
        )
    return _("gave %(person)s the post %(post)s", person=person, post=post)


@says("post.ended")
def _post_ended(data: Mapping[str, Any], names: Names) -> Text:
    person, post = names.person(data["person"]), _post(data, names)
    if data.get("lapsed"):
        return _("The time of %(person)s in the post %(post)s is over.", person=person, post=post)
    return _("took the post %(post)s from %(person)s", person=person, post=post)


def _post(data: Mapping[str, Any], names: Names) -> Text:
    return _("%(role)s of %(unit)s", role=role_name(data["role"]), unit=names.coded(data["unit"]))


@says("deputy.named")
def _deputy(data: Mapping[str, Any], names: Names) -> Text:
    posts = [
        _("%(role)s of %(unit)s", role=role_name(each["role"]), unit=names.unit(each["unit"]))
        for each in data["posts"]
    ]
    return _(
        "let %(deputy)s act for %(person)s as %(posts)s from %(first)s until %(last)s",
        deputy=names.person(data["deputy"]),
        person=names.person(data["person"]),
        posts=posts,
        first=day(data["from"]),
        last=day_before(data["until"]),
    )


@says("deputy.ended")
def _deputy_ended(data: Mapping[str, Any], names: Names) -> Text:
    return _(
        "ended that %(deputy)s acts for %(person)s",
        deputy=names.person(data["deputy"]),
        person=names.person(data["person"]),
    )


@says("unit.added")
def _unit_added(data: Mapping[str, Any], _names: Names) -> Text:
    return _("added the unit %(unit)s", unit=data["after"]["name"])


@says("unit.renamed")
def _unit_renamed(data: Mapping[str, Any], _names: Names) -> Text:
    return _(
        "renamed the unit %(before)s to %(after)s",
        before=data["before"]["name"],
        after=data["after"]["name"],
    )


@says("unit.moved")
def _unit_moved(data: Mapping[str, Any], names: Names) -> Text:
    unit, above = data["after"]["name"], data["after"]["parent_id"]
    if above is None:
        return _("put the unit %(unit)s at the top of the tree", unit=unit)
    return _("put the unit %(unit)s under %(above)s", unit=unit, above=names.unit(above))


@says("unit.reopened")
def _unit_reopened(data: Mapping[str, Any], _names: Names) -> Text:
    return _("took the unit %(unit)s into use again", unit=data["after"]["name"])


@says("unit.retired")
def _unit_retired(data: Mapping[str, Any], _names: Names) -> Text:
    return _("took the unit %(unit)s out of use", unit=data["before"]["name"])


@says("roster.confirmed")
def _roster_confirmed(data: Mapping[str, Any], _names: Names) -> Text:
    counts = {name: data["counts"][name] for name in ("new", "changed")}
    if data["what"] == "units":
        return _("took in %(file)s: %(new)s units added, %(changed)s changed",
                 file=data["file"], **counts)  # fmt: skip
    return _("took in %(file)s: %(new)s accounts added, %(changed)s changed",
             file=data["file"], **counts)  # fmt: skip


@says("calendar.extended")
def _extended(data: Mapping[str, Any], _names: Names) -> Text:
    return _("took in the statutory calendar until %(day)s", day=day(data["covered_until"]))


@says("calendar.day_changed")
def _day_changed(data: Mapping[str, Any], _names: Names) -> Text:
    when = day(data["day"])
    return {
        "holiday": _("made %(day)s a holiday", day=when),
        "makeup": _("made %(day)s a day worked in exchange", day=when),
        "": _("made %(day)s an ordinary day again", day=when),
    }[data["after"]]


_about("person.email_changed", _("changed the e-mail address of %(person)s"))


@says("wording.changed")
def _reworded(data: Mapping[str, Any], _names: Names) -> Text:
    language = _("English") if data["locale"] == "en" else _("Chinese")
    return _(
        "worded the mail “%(kind)s” anew (%(language)s, version %(version)s)",
        kind=telling.KINDS[data["kind"]].label,
        language=language,
        version=data["version"],
    )
