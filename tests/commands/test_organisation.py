"""Units, people and roles change by those who may, with before and after in the journal."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import clock
from app.actor import SYSTEM
from app.commands.leaving import disable_person
from app.commands.organisation import add_person, reset_password
from app.commands.roles import set_roles
from app.commands.units import add_unit, move_unit, rename_unit, reopen_unit, retire_unit
from app.db import session
from app.errors import Invalid, NotAllowed, NotFound
from app.model import Assignment, Event, Person, PersonalValue, RoleHolding, Unit, WebSession
from app.queries.people import actor_by_id, actor_by_login
from app.rules import passwords
from tests import stories, supervision

PASSWORD = "a lamp beside the river"


@pytest.fixture
def newcomer(system):
    return add_person("new_clerk", "演示-新人", PASSWORD, actor=system)["person"]


def last_act(kind):
    return stories.acts("organisation", kind)[-1]["data"]


def signed_in(person_id):
    now = clock.now()
    session().add(WebSession(id_hash="x", person_id=person_id, created_at=now, seen_at=now))
    session().commit()


def sessions_open(person_id):
    return (
        session()
        .scalars(
            select(WebSession.id).where(
                WebSession.person_id == person_id, WebSession.ended_at.is_(None)
            )
        )
        .all()
    )


def test_a_unit_is_added_under_its_parent(tanghe, system):
    made = add_unit("SLJ", "县水利局", "dept", parent="XZF", name_en="Water", actor=system)

    unit = session().get(Unit, made["unit"])
    assert (unit.code, unit.parent_id, unit.name_en) == ("SLJ", tanghe.unit("XZF"), "Water")
    assert last_act("unit.added")["after"]["name"] == "县水利局"


@pytest.mark.parametrize(
    ("code", "name", "kind", "field"),
    [
        ("slj", "水", "dept", "code"),
        ("ZJJ", "水", "dept", "code"),
        ("SLJ", " ", "dept", "name"),
        ("SLJ", "水", "ministry", "kind"),
    ],
)
def test_a_unit_that_is_not_right_is_refused_at_its_field(system, code, name, kind, field):
    with pytest.raises(Invalid) as refused:
        add_unit(code, name, kind, actor=system)

    assert list(refused.value.fields) == [field]


def test_a_unit_under_a_parent_that_does_not_exist_is_refused(system):
    with pytest.raises(Invalid, match="NONE"):
        add_unit("SLJ", "县水利局", "dept", parent="NONE", actor=system)


def test_renaming_keeps_the_name_before(tanghe, system):
    rename_unit(tanghe.unit("ZJJ"), {"name": "县住建局"}, actor=system)

    act = last_act("unit.renamed")
    assert (act["before"]["name"], act["after"]["name"]) == ("县住房和城乡建设局", "县住建局")


def test_a_unit_is_retired_only_when_nobody_acts_for_it(tanghe, system):
    made = add_unit("SLJ", "县水利局", "dept", actor=system)

    retire_unit(made["unit"], actor=system)

    assert session().get(Unit, made["unit"]).active is False
    with pytest.raises(Invalid, match="Hand them over"):
        retire_unit(tanghe.unit("ZJJ"), actor=system)


def test_a_unit_that_helps_with_a_case_is_kept_before_it_has_a_task(tanghe, system):
    made = add_unit("SLJ", "县水利局", "dept", actor=system)
    tanghe.units["SLJ"] = made["unit"]
    item = supervision.open_item(tanghe, co=["SLJ"])
    assert not session().scalars(select(Assignment).where(Assignment.unit_id == made["unit"])).all()

    with pytest.raises(Invalid, match="a part in 1 running cases"):
        retire_unit(made["unit"], actor=system)
    assert stories.case(item).status == "open"


def test_an_account_starts_with_a_password_to_be_changed(newcomer):
    person = session().get(Person, newcomer)

    assert person.must_change_password
    assert passwords.matches(person.password_hash, PASSWORD)
    assert actor_by_login("new_clerk").holdings == ()


def test_names_stand_beside_the_row_and_not_in_it(newcomer):
    [row] = session().scalars(select(Event).where(Event.kind == "person.added")).all()
    kept = (
        session()
        .scalars(
            select(PersonalValue.value).where(
                PersonalValue.stream == row.stream, PersonalValue.seq == row.seq
            )
        )
        .all()
    )

    assert "演示-新人" not in row.body
    assert "new_clerk" not in row.body
    assert sorted(kept) == ["new_clerk", "演示-新人"]


@pytest.mark.parametrize(
    ("login", "name", "password", "field"),
    [
        ("New Clerk", "新人", PASSWORD, "login"),
        ("zjj_unit_head", "新人", PASSWORD, "login"),
        ("new_clerk", "", PASSWORD, "name"),
        ("new_clerk", "新人", "short", "password"),
        ("new_clerk", "新人", "new_clerk-2026", "password"),
    ],
)
def test_an_account_that_is_not_right_is_refused_at_its_field(system, login, name, password, field):
    with pytest.raises(Invalid) as refused:
        add_person(login, name, password, actor=system)

    assert list(refused.value.fields) == [field]


def test_a_new_initial_password_ends_the_sessions(system, newcomer):
    signed_in(newcomer)

    reset_password(newcomer, {"password": "another lamp by the bridge"}, actor=system)

    assert sessions_open(newcomer) == []
    assert session().get(Person, newcomer).must_change_password
    with pytest.raises(Invalid):
        reset_password(newcomer, {"password": "short"}, actor=system)


def test_roles_are_replaced_and_sessions_end(tanghe, security, newcomer):
    set_roles(newcomer, [{"unit": "PAB", "role": "supervision_clerk"}], actor=security)
    signed_in(newcomer)

    after = set_roles(newcomer, [{"unit": "ZJJ", "role": "unit_handler"}], actor=security)

    assert after == [{"unit": "ZJJ", "role": "unit_handler"}]
    assert [held.role for held in actor_by_id(newcomer).holdings] == ["unit_handler"]
    assert sessions_open(newcomer) == []
    act = last_act("person.roles_set")
    assert act["before"] == [{"unit": "PAB", "role": "supervision_clerk"}]
    assert act["after"] == after


@pytest.mark.parametrize(
    ("roles", "why"),
    [
        ([("PAB", "king")], "no role named king"),
        ([("NONE", "unit_handler")], "NONE"),
        ([("XZF", "sys_admin"), ("XZF", "audit_admin")], "three different people"),
    ],
)
def test_roles_that_cannot_be_are_refused(security, newcomer, roles, why):
    wanted = [{"unit": unit, "role": role} for unit, role in roles]

    with pytest.raises(Invalid, match=why):
        set_roles(newcomer, wanted, actor=security)


def test_a_disabled_person_is_gone_from_everywhere_but_the_records(
    tanghe, system, security, newcomer
):
    set_roles(newcomer, [{"unit": "PAB", "role": "supervision_clerk"}], actor=security)
    signed_in(newcomer)

    disable_person(newcomer, actor=system)

    assert sessions_open(newcomer) == []
    with pytest.raises(NotFound):
        actor_by_login("new_clerk")
    held = select(RoleHolding.id).where(
        (RoleHolding.person_id == newcomer) | (RoleHolding.deputy_for_id == newcomer)
    )
    assert session().scalars(held).all() == []
    assert last_act("person.disabled")["before"] == [{"unit": "PAB", "role": "supervision_clerk"}]


def test_accounts_and_roles_are_in_different_hands(tanghe, system, security, newcomer):
    unit = tanghe.unit("ZJJ")
    for act in (
        lambda: add_unit("SLJ", "县水利局", "dept", actor=security),
        lambda: rename_unit(unit, {"name": "局"}, actor=security),
        lambda: retire_unit(unit, actor=security),
        lambda: add_person("x_clerk", "新人", PASSWORD, actor=security),
        lambda: reset_password(newcomer, {"password": PASSWORD}, actor=security),
        lambda: disable_person(newcomer, actor=security),
        lambda: set_roles(newcomer, [], actor=system),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_the_operator_may_do_both(tanghe):
    person = add_person("first_admin", "演示-首任", PASSWORD, actor=SYSTEM)["person"]

    assert set_roles(person, [{"unit": "XZF", "role": "sys_admin"}], actor=SYSTEM)


def test_what_does_not_exist_is_not_found(system, security):
    for act in (
        lambda: rename_unit(4711, {"name": "局"}, actor=system),
        lambda: disable_person(4711, actor=system),
        lambda: set_roles(4711, [], actor=security),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_unit_moves_but_never_under_itself(tanghe, system):
    move_unit(tanghe.unit("ZFW"), {"parent": None}, actor=system)
    assert session().get_one(Unit, tanghe.unit("ZFW")).parent_id is None
    for above in ("PAB", "ZFW"):
        with pytest.raises(Invalid) as refused:
            move_unit(tanghe.unit("ZFW"), {"parent": above}, actor=system)
        assert "parent" in refused.value.fields
    move_unit(tanghe.unit("PAB"), {"parent": "XZF"}, actor=system)
    move_unit(tanghe.unit("ZFW"), {"parent": "PAB"}, actor=system)
    acts = stories.acts("organisation", "unit.moved")
    assert [act["data"]["after"]["parent_id"] for act in acts] == [
        None, tanghe.unit("XZF"), tanghe.unit("PAB"),
    ]  # fmt: skip


def test_a_unit_closes_only_when_nothing_stands_below_it_and_opens_again(tanghe, system, security):
    for who in (("RD", "npc_observer"),):
        set_roles(tanghe.actor(who[1], who[0]).person_id, [], actor=security)
    move_unit(tanghe.unit("YJY"), {"parent": "RD"}, actor=system)
    with pytest.raises(Invalid, match="1 units below"):
        retire_unit(tanghe.unit("RD"), actor=system)
    move_unit(tanghe.unit("YJY"), {"parent": None}, actor=system)
    retire_unit(tanghe.unit("RD"), actor=system)
    with pytest.raises(Invalid):
        move_unit(tanghe.unit("YJY"), {"parent": "RD"}, actor=system)
    reopen_unit(tanghe.unit("RD"), actor=system)
    move_unit(tanghe.unit("YJY"), {"parent": "RD"}, actor=system)
