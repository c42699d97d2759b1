"""The operations on a person and on a unit, in the order in which they are offered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app import forms
from app.commands import deputies, leaving, organisation, roles, units
from app.commands.operations.shape import Operation
from app.effects.handover import HANDLER, READER
from app.i18n import _
from app.rules import staff
from app.rules.staff import OpenGroup, PersonStanding

STAYS: Final = forms.Words("退回岗位（由同岗人员办理）", "Leave it with the post")
MATTERS: Final = forms.Words("承办事项（指定的经办人）", "matters whose named handler this is")

UNREAD: Final = forms.Words("待阅", "cases to read")
OWN_WORDS: Final = {HANDLER: MATTERS, READER: UNREAD}


def _posts(person: PersonStanding) -> Mapping[str, forms.Words]:
    return {each.key: _post_words(each.unit, each.unit_en, each.role) for each in person.posts}


def _posts_or_all(person: PersonStanding) -> Mapping[str, forms.Words]:
    return {deputies.ALL: forms.Words("全部岗位", "All posts"), **_posts(person)}


def _post_words(unit: str, unit_en: str | None, role: str) -> forms.Words:
    called = _role(role)
    return forms.Words(f"{unit}·{called.zh}", f"{called.en}, {unit_en or unit}")


def _role(code: str) -> forms.Words:
    """What a post is called, as the form says with which it is granted."""
    asked = forms.load("post_grant").field("role")
    option = asked.option(code) if asked else None
    return option.label if option else forms.Words(code, code)


def _successors(person: PersonStanding) -> list[forms.Field]:
    """One question for each group: who takes it over."""
    return [_successor(group) for group in person.open]


def of_group(group: OpenGroup) -> forms.Words:
    """What it is that passes on together."""
    post = _role(group.post)
    tasks = forms.Words(f"{post.zh}任务", f"tasks of the {post.en}")
    what = OWN_WORDS.get(group.post, tasks)
    return forms.Words(f"{group.unit}·{what.zh}", f"{group.unit_en or group.unit}, {what.en}")


def _successor(group: OpenGroup) -> forms.Field:
    what = of_group(group)
    label = forms.Words(
        f"{what.zh}：{group.number} 项，移交给", f"{what.en}: {group.number} open, to"
    )
    options = [forms.Option(login, forms.Words(name, name)) for login, name in group.successors]
    return forms.Field(group.field, "choice", label, options=(forms.Option("", STAYS), *options))


ON_PEOPLE: Final = (
    Operation(
        "rename",
        _("Correct the name"),
        "pencil",
        "person_rename",
        _("The name is corrected."),
        staff.may_correct,
        organisation.rename_person,
    ),
    Operation(
        "password",
        _("New password"),
        "key",
        "person_password",
        _("The new initial password holds. Hand it over in person."),
        staff.may_give_password,
        organisation.reset_password,
    ),
    Operation(
        "grant",
        _("Grant a post"),
        "plus",
        "post_grant",
        _("The post is granted."),
        staff.may_grant,
        roles.grant_post,
    ),
    Operation(
        "end_post",
        _("End a post"),
        "user-minus",
        "post_end",
        _("The post is ended."),
        staff.may_end_post,
        leaving.end_post,
        choices=(("post", _posts),),
        further=_successors,
    ),
    Operation(
        "hand_over",
        _("Hand over open work"),
        "users",
        "hand_over",
        _("Handed over."),
        staff.may_hand_over,
        leaving.hand_over,
        further=_successors,
    ),
    Operation(
        "deputy",
        _("Name a deputy"),
        "user-share",
        "deputy",
        _("The deputy is named."),
        staff.may_name_deputy,
        deputies.name_deputy,
        choices=(("post", _posts_or_all),),
    ),
    Operation(
        "close",
        _("Close the account"),
        "user-off",
        "person_close",
        _("The account is closed."),
        staff.may_close,
        leaving.disable_person,
        further=_successors,
    ),
    Operation(
        "open",
        _("Open again"),
        "user-check",
        "person_open",
        _("The account is open again."),
        staff.may_open,
        leaving.enable_person,
    ),
)
ON_UNITS: Final = (
    Operation(
        "rename",
        _("Rename"),
        "pencil",
        "unit_rename",
        _("The unit has its new name."),
        staff.may_change_unit,
        units.rename_unit,
    ),
    Operation(
        "move",
        _("Move"),
        "sitemap",
        "unit_move",
        _("The unit stands there now."),
        staff.may_change_unit,
        units.move_unit,
    ),
    Operation(
        "close",
        _("Take out of use"),
        "building-off",
        "unit_close",
        _("The unit is out of use."),
        staff.may_change_unit,
        units.retire_unit,
    ),
    Operation(
        "open",
        _("Take into use again"),
        "building",
        "unit_open",
        _("The unit is in use again."),
        staff.may_open_unit,
        units.reopen_unit,
    ),
)
