"""The same table for what is done about units, accounts, posts and deputies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app import clock
from app.commands import deputies, leaving, organisation, roles, rosters, units
from tests.access.act import LEADER, STRONG, Act, person
from tests.access.town import Town
from tests.rosters import of


def naming(town: Town, deputy: str) -> dict[str, Any]:
    """A deputy for the next days."""
    today = clock.today()
    days = {"first_day": str(today), "last_day": str(today + timedelta(days=3))}
    return {"deputy": town.county.actor(deputy, "ZJJ").login, "post": "all", **days}


def handler(town: Town) -> int:
    """Somebody with a post, who is none of those who try."""
    found = town.county.actor("co_handler", "ZJJ").person_id
    assert found is not None
    return found


OF_PEOPLE: dict[Any, Act] = {
    units.add_unit: Act(
        "system administrator", "security administrator",
        lambda _town, actor: units.add_unit("XZ1", "示例乡", "dept", actor=actor),
        hidden=False,
    ),
    units.rename_unit: Act(
        "system administrator", "security administrator",
        lambda town, actor: units.rename_unit(
            town.county.unit("WLX"), {"name": "物流协会"}, actor=actor
        ),
        hidden=False,
    ),
    units.retire_unit: Act(
        "system administrator", "security administrator",
        lambda town, actor: units.retire_unit(town.county.unit("WLX"), actor=actor),
        hidden=False, now=False,
    ),
    organisation.add_person: Act(
        "system administrator", "security administrator",
        lambda _town, actor: organisation.add_person("newcomer", "新人", STRONG, actor=actor),
        hidden=False,
    ),
    organisation.reset_password: Act(
        "system administrator", "security administrator",
        lambda town, actor: organisation.reset_password(
            person(town), {"password": STRONG}, actor=actor
        ),
        hidden=False,
    ),
    leaving.disable_person: Act(
        "system administrator", "security administrator",
        lambda town, actor: leaving.disable_person(person(town), actor=actor), hidden=False,
    ),
    roles.set_roles: Act(
        "security administrator", "system administrator",
        lambda town, actor: roles.set_roles(
            person(town), [{"unit": "WLX", "role": "unit_liaison"}], actor=actor
        ),
        hidden=False,
    ),
    units.move_unit: Act(
        "system administrator", "security administrator",
        lambda town, actor: units.move_unit(
            town.county.unit("WLX"), {"parent": "XZF"}, actor=actor
        ),
        hidden=False,
    ),
    units.reopen_unit: Act(
        "system administrator", "security administrator",
        lambda town, actor: units.reopen_unit(town.county.unit("WLX"), actor=actor), hidden=False,
    ),
    organisation.rename_person: Act(
        "system administrator", "security administrator",
        lambda town, actor: organisation.rename_person(
            person(town), {"name": "演示-新名"}, actor=actor
        ),
        hidden=False,
    ),
    leaving.enable_person: Act(
        "system administrator", "security administrator",
        lambda town, actor: leaving.enable_person(person(town), actor=actor), hidden=False,
    ),
    leaving.hand_over: Act(
        LEADER, "system administrator",
        lambda town, actor: leaving.hand_over(handler(town), {}, actor=actor),
        hidden=False, now=False,
    ),
    leaving.end_post: Act(
        "security administrator", "system administrator",
        lambda town, actor: leaving.end_post(
            person(town), {"post": f"{town.county.unit('WLX')}:unit_handler"}, actor=actor
        ),
        hidden=False,
    ),
    roles.grant_post: Act(
        "security administrator", "system administrator",
        lambda town, actor: roles.grant_post(
            person(town), {"unit": "ZGH", "role": "unit_handler"}, actor=actor
        ),
        hidden=False,
    ),
    deputies.name_deputy: Act(
        LEADER, "supervision director",
        lambda town, actor: deputies.name_deputy(
            handler(town), naming(town, "unit_liaison"), actor=actor
        ),
        hidden=False,
    ),
    deputies.end_deputyship: Act(
        "security administrator", LEADER,
        lambda town, actor: deputies.end_deputyship(town.deputyship_id, actor=actor),
        hidden=False,
    ),
    rosters.upload: Act(
        "system administrator", "security administrator",
        lambda _town, actor: rosters.upload(
            "people", "a.csv", "login,name\nnewcomer,演示-新人\n".encode(), actor=actor
        ),
        hidden=False,
    ),
    rosters.confirm: Act(
        "system administrator", "security administrator",
        lambda _town, actor: rosters.confirm(of("units"), actor=actor), hidden=False,
    ),
    rosters.discard: Act(
        "system administrator", "security administrator",
        lambda _town, actor: rosters.discard(of("units"), actor=actor), hidden=False,
    ),
    rosters.grant_posts: Act(
        "security administrator", "system administrator",
        lambda _town, actor: rosters.grant_posts(of("people"), actor=actor), hidden=False,
    ),
    rosters.decline_posts: Act(
        "security administrator", "system administrator",
        lambda _town, actor: rosters.decline_posts(of("people"), actor=actor), hidden=False,
    ),
}  # fmt: skip
