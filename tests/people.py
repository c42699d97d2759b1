"""The county the tests live in: its units, and somebody in every post of the mechanism.

Nobody has an invented name: a person is called by unit and role. In a test three people answer
most questions: the one who may (`county.post("drafting_office")`), a colleague of the same unit
(`county.actor("unit_leader", "ZJJ")`), and a stranger (`county.stranger`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import insert, select

from app import advance, clock
from app.actor import Actor
from app.db import session
from app.model import Indicator, IndicatorUnit, Person, RoleHolding, Unit
from app.queries.people import actor_by_login
from app.rules.access import UNIT_STAFF
from app.rules.profiles import Profile

UNITS = {
    "XW": ("县委", "party", None),
    "XZF": ("县政府", "government", None),
    "ZFW": ("县委政法委", "party", "XW"),
    "PAB": ("县平安建设领导小组办公室", "office", "ZFW"),
    "FY": ("县人民法院", "court", None),
    "FY-SGB": ("县人民法院审判管理办公室", "court_dept", "FY"),
    "FY-PZB": ("县人民法院平安建设暨综合治理办公室", "court_dept", "FY"),
    "FY-BGS": ("县人民法院办公室", "court_dept", "FY"),
    "RD": ("县人大常委会", "observer", None),
    "YJY": ("司法大数据研究院", "external", None),
    "ZJJ": ("县住房和城乡建设局", "dept", "XZF"),
    "FGW": ("县发展和改革委员会", "dept", "XZF"),
    "CZJ": ("县财政局", "dept", "XZF"),
    "JGB": ("县建筑业管理部门", "dept", "XZF"),
    "SJG": ("县市场监督管理局", "dept", "XZF"),
    "RSJ": ("县人力资源和社会保障局", "dept", "XZF"),
    "ZGH": ("县总工会", "mass_org", None),
    "WLX": ("国际货物物流协会", "association", None),
}
DEPARTMENTS = ("ZJJ", "FGW", "CZJ", "JGB", "SJG", "RSJ", "ZGH", "WLX")
OTHER_POSTS = (
    ("ZFW", "convener"),
    ("ZFW", "approving_leader"),
    ("ZFW", "business_auditor"),
    ("PAB", "supervision_clerk"),
    ("PAB", "supervision_director"),
    ("PAB", "process_designer"),
    ("ZFW", "process_reviewer"),
    ("FY", "suggestion_drafter"),
    ("FY", "court_president"),
    ("FY-SGB", "court_analyst"),
    ("FY-PZB", "supervision_clerk"),
    ("FY-PZB", "supervision_director"),
    ("FY-BGS", "assessment_clerk"),
    ("RD", "npc_observer"),
    ("YJY", "external_analyst"),
    ("XZF", "sys_admin"),
    ("XZF", "sec_admin"),
    ("XZF", "audit_admin"),
)
INDICATORS = {
    "I02": ("建设工程施工合同纠纷风险指数", ("ZJJ", "JGB", "CZJ")),
    "I06": ("农民工劳动权益纠纷风险指数", ("RSJ", "ZGH", "ZJJ")),
    "I10": ("物业服务合同纠纷风险指数", ("ZJJ", "SJG")),
    "I11": ("电动汽车充电桩纠纷风险指数", ("FGW", "ZJJ")),
    "I03": ("货运代理行业纠纷风险指数", ("WLX", "SJG")),
}


@dataclass
class County:
    """A county at work under one mechanism profile."""

    profile_id: int
    profile: Profile
    units: dict[str, int]
    indicators: dict[str, int]
    people: dict[str, Actor] = field(default_factory=dict)

    def unit(self, code: str) -> int:
        """The id of a unit."""
        return self.units[code]

    def code(self, unit_id: int) -> str:
        """The code of a unit."""
        return next(code for code, each in self.units.items() if each == unit_id)

    def actor(self, role: str, unit: str | None = None) -> Actor:
        """Whoever holds a role, in that unit where several units have it."""
        code = unit or self._only_unit_with(role)
        login = login_of(code, role)
        if login not in self.people:
            self.people[login] = actor_by_login(login)
        return self.people[login]

    def post(self, name: str) -> Actor:
        """Whoever fills a post of the mechanism profile."""
        post = self.profile.posts[name]
        return self.actor(post.role, post.unit)

    @property
    def stranger(self) -> Actor:
        """Somebody with nothing to do with the case at hand: an association's handler."""
        return self.actor("unit_handler", "WLX")

    def _only_unit_with(self, role: str) -> str:
        holders = [unit for unit, each in OTHER_POSTS if each == role]
        mine = [post.unit for post in self.profile.posts.values() if post.role == role]
        found = list(dict.fromkeys(mine or holders))
        assert len(found) == 1, f"{role} is held in {found or 'every department'}: name the unit"
        return found[0]


def login_of(unit: str, role: str) -> str:
    """What somebody with that role in that unit signs in as."""
    return f"{unit.lower()}_{role}"


def settle_in(profile_key: str) -> County:
    """Create units, people and indicators; the profile must be there (stories.publish)."""
    profile_id, profile = advance.profile_by_key(profile_key)
    units = _create_units()
    _create_people(units)
    indicators = _create_indicators(units)
    session().commit()
    return County(profile_id, profile, units, indicators)


def _create_units() -> dict[str, int]:
    ids: dict[str, int] = {}
    for code, (name, kind, parent) in UNITS.items():
        unit = Unit(code=code, name=name, kind=kind, parent_id=ids.get(parent or ""))
        session().add(unit)
        session().flush()
        ids[code] = unit.id
    return ids


def _create_people(units: dict[str, int]) -> None:
    posts = [(unit, role) for unit in DEPARTMENTS for role in UNIT_STAFF] + list(OTHER_POSTS)
    logins = {login_of(unit, role): (unit, role) for unit, role in posts}
    session().execute(
        insert(Person), [{"login": login, "name": f"演示-{login}"} for login in logins]
    )
    ids = dict(session().execute(select(Person.login, Person.id)).all())
    session().execute(
        insert(RoleHolding),
        [
            {"person_id": ids[login], "unit_id": units[unit], "role": role}
            for login, (unit, role) in logins.items()
        ],
    )


def _create_indicators(units: dict[str, int]) -> dict[str, int]:
    ids: dict[str, int] = {}
    for code, (name, responsible) in INDICATORS.items():
        indicator = Indicator(code=code, name=name, synthetic=True)
        session().add(indicator)
        session().flush()
        ids[code] = indicator.id
        session().add_all(
            IndicatorUnit(indicator_id=indicator.id, unit_id=units[unit], position=position)
            for position, unit in enumerate(responsible)
        )
    return ids


def deputise(county: County, deputy: Actor, of: Actor, *kinds: str) -> Actor:
    """Let one person stand in for another from now on, in all kinds of cases or in these.

    Returns the deputy as they act now.
    """
    session().add_all(
        RoleHolding(
            person_id=deputy.person_id,
            unit_id=held.unit_id,
            role=held.role,
            deputy_for_id=of.person_id,
            kinds=list(kinds) or None,
            valid_from=clock.now(),
        )
        for held in of.holdings
    )
    session().commit()
    county.people.pop(deputy.login, None)
    return actor_by_login(deputy.login)
