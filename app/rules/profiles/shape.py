"""What a mechanism profile (机制配置) consists of: how one county works, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from typing import Any

from app.errors import Invalid
from app.i18n import _
from app.rules.deadlines import DeadlineRule
from app.rules.ladder import Ladder
from app.rules.lights import LightRule
from app.rules.outcomes import Ground, Thresholds


@dataclass(frozen=True)
class Basis:
    """The written rule the mechanism rests on, printed on documents."""

    title: str
    issuer: str
    text: str
    effective: date | None
    source: str


@dataclass(frozen=True)
class Entry:
    """A thing with a key and a name in both languages, and where it is written."""

    key: str
    name: str
    name_en: str
    source: str = ""
    sample: bool = False


@dataclass(frozen=True)
class Post:
    """Who fills a post of the mechanism: the unit, and the role somebody holds in it."""

    unit: str
    role: str


@dataclass(frozen=True)
class Recipient:
    """Where a paper goes, and how the addressee is called on it."""

    unit: str
    title: str
    role: str = ""


@dataclass(frozen=True)
class Upward:
    """What goes up to the superiors: a copy of every notice (抄报), or the report itself."""

    by: str
    recipients: tuple[Recipient, ...]


@dataclass(frozen=True)
class Section:
    """One item of a meeting's agenda."""

    key: str
    name: str
    name_en: str
    required: bool
    source: str = ""


@dataclass(frozen=True)
class Meeting:
    """The meeting that coordinates: joint and half-yearly, or special and ad hoc."""

    kind: str
    name: str
    name_en: str
    half_yearly: bool
    months: tuple[int, ...]
    convener_required: bool
    agenda: tuple[Section, ...]


@dataclass(frozen=True)
class Cadence:
    """A month of the year in which a round is evaluated, and what it covers."""

    month: int
    covers: str


@dataclass(frozen=True)
class Publication:
    """The yearly publication of the report and its companions."""

    month: int
    seminar: bool
    partner: str


@dataclass(frozen=True)
class Grading:
    """The decision table that turns readings into levels."""

    decision: str
    sample: bool


@dataclass(frozen=True)
class Deadline:
    """A named time limit with its label."""

    name: str
    name_en: str
    rule: DeadlineRule


@dataclass(frozen=True)
class Lights:
    """The table of lights, and from how many points on progress is behind schedule."""

    table: tuple[LightRule, ...]
    schedule_lag: Decimal
    sample: bool


@dataclass(frozen=True)
class Extension:
    """How far an extension may go, and when a leader has to decide instead of the office."""

    max_workdays: int
    leader_over_workdays: int
    leader_from_time: int
    sample: bool

    def needs_leader(self, *, workdays: int, time: int) -> bool:
        """Whether the `time`-th extension of an item, by so many working days, is the leader's."""
        return workdays > self.leader_over_workdays or time >= self.leader_from_time


@dataclass(frozen=True)
class Urging:
    """How often an item may be urged, and the hours in which nobody is disturbed."""

    per_workday: int
    quiet_from: time
    quiet_until: time
    sample: bool


@dataclass(frozen=True)
class Receipts:
    """Until how many working days after delivery a unit may hand something back (退签)."""

    refuse_within_workdays: int
    sample: bool


@dataclass(frozen=True)
class Numbers:
    """Templates of numbers per kind: {year}, {n} (a counter) and {case} (the case's number)."""

    cases: Mapping[str, str]
    documents: Mapping[str, str]


@dataclass(frozen=True)
class Clock:
    """When a local working day ends, and after which hour things count as received next day."""

    end_of_day: time
    cut_off: time | None


@dataclass(frozen=True)
class Profile:
    """How one county works; every difference between counties is a value in here."""

    format: int
    key: str
    code: str
    name: str
    name_en: str
    basis: Basis
    interpreting_unit: str
    domains: tuple[Entry, ...]
    stages: tuple[Entry, ...]
    posts: Mapping[str, Post]
    trigger_levels: tuple[str, ...]
    notice_type: Entry
    suggestion_allowed: bool
    notice_approval: bool
    copy_upward: Upward
    opinion_addressee: tuple[str, ...]
    report_recipients: tuple[Recipient, ...]
    brief_recipients: tuple[Recipient, ...]
    meeting: Meeting
    dispatch_document: Entry
    superior_report: Entry | None
    urgent_report: bool
    interview_grounds: tuple[Entry, ...]
    listing_grounds: tuple[Entry, ...]
    evaluation_months: tuple[Cadence, ...]
    publication: Publication | None
    assessment_schemes: tuple[Entry, ...]
    deduction_grounds: tuple[Ground, ...]
    outcomes: Thresholds
    grading: Grading
    clock: Clock
    deadlines: Mapping[str, Deadline]
    ladders: Mapping[str, Ladder]
    lights: Lights
    extension: Extension
    urging: Urging
    receipts: Receipts
    numbers: Numbers

    @property
    def supervising_office(self) -> str:
        """The unit that supervises."""
        return self.posts["supervising_office"].unit

    @property
    def notice_copies(self) -> tuple[Recipient, ...]:
        """Who gets a copy of every notice (抄报); nobody where the report does that."""
        return self.copy_upward.recipients if self.copy_upward.by == "notice" else ()

    def post(self, name: str) -> Post:
        """Who fills a post."""
        if name not in self.posts:
            raise Invalid(
                _("The mechanism %(profile)s has no post %(post)s.", profile=self.name, post=name)
            )
        return self.posts[name]

    def deadline(self, name: str) -> DeadlineRule:
        """A time limit by its name, or written out (`5wd`), with this county's working day."""
        if name in self.deadlines:
            return self.deadlines[name].rule
        return replace(
            DeadlineRule.parse(name), end_of_day=self.clock.end_of_day, cut_off=self.clock.cut_off
        )

    def ladder(self, name: str) -> Ladder:
        """The rungs of a ladder by its name; without one, only reminders and the due date."""
        key = name or "basic"
        if key not in self.ladders:
            raise Invalid(
                _("The mechanism %(profile)s has no ladder %(name)s.", profile=self.name, name=key)
            )
        return self.ladders[key]

    def case_number(self, kind: str, *, year: int, n: int) -> str:
        """The number of the `n`-th case of a kind in a year."""
        return self.numbers.cases[kind].format(year=year, n=n)

    def document_number(self, kind: str, *, year: int, n: int, case: str) -> str:
        """The number of a document; some carry the number of their case."""
        return self.numbers.documents[kind].format(year=year, n=n, case=case)

    def counts(self, kind: str) -> bool:
        """Whether documents of this kind have a counter of their own."""
        return "{n}" in self.numbers.documents[kind]

    def facts(self) -> dict[str, Any]:
        """What diagrams may ask the profile about, given to every case at its start."""
        return {
            "profile": self.key,
            "trigger_levels": list(self.trigger_levels),
            "notice_kind": self.notice_type.key,
            "notice_approval": self.notice_approval,
            "suggestion_allowed": self.suggestion_allowed,
            "copies_upward": bool(self.notice_copies),
            "meeting_kind": self.meeting.kind,
            "meeting_half_yearly": self.meeting.half_yearly,
            "convener_required": self.meeting.convener_required,
            "dispatch_document": self.dispatch_document.key,
            "superior_report": self.superior_report is not None,
            "urgent_report": self.urgent_report,
            "publication": self.publication is not None,
            "seminar": self.publication is not None and self.publication.seminar,
        }
