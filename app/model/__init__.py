"""Every table of the system; importing this package makes them all known to the metadata."""

from app.model.attachment import Attachment, Draft
from app.model.calendar import CalendarDay, CalendarYear
from app.model.case import (
    ENDED_EARLY,
    RUNNING,
    Case,
    CaseState,
    CaseUnit,
    Comment,
    Follow,
    NumberSeries,
)
from app.model.definition import DefinitionVersion, ProfileVersion
from app.model.document import Delivery, Document, Instruction, InstructionItem, Sending
from app.model.event import Answered, ClockOffset, Event, PersonalValue, Setting, Work
from app.model.incident import Incident, Worker
from app.model.indicator import (
    Area,
    Aspect,
    Grading,
    ImportBatch,
    ImportRow,
    Indicator,
    IndicatorUnit,
    Reading,
    Round,
)
from app.model.organisation import (
    Deputyship,
    Person,
    RoleHolding,
    SignInFailure,
    Unit,
    WebSession,
)
from app.model.roster import Roster
from app.model.search import SearchText
from app.model.supervision import (
    AssessmentRecord,
    Deduction,
    Measure,
    Meeting,
    Outcome,
    Report,
    Resolution,
)
from app.model.telling import Letter, Notification, Told, Wording
from app.model.ticket import OPEN, Assignment, Ticket, Timer
from app.model.view import SavedView

__all__ = [
    "ENDED_EARLY",
    "OPEN",
    "RUNNING",
    "Answered",
    "Area",
    "Aspect",
    "AssessmentRecord",
    "Assignment",
    "Attachment",
    "CalendarDay",
    "CalendarYear",
    "Case",
    "CaseState",
    "CaseUnit",
    "ClockOffset",
    "Comment",
    "Deduction",
    "DefinitionVersion",
    "Delivery",
    "Deputyship",
    "Document",
    "Draft",
    "Event",
    "Follow",
    "Grading",
    "ImportBatch",
    "ImportRow",
    "Incident",
    "Indicator",
    "IndicatorUnit",
    "Instruction",
    "InstructionItem",
    "Letter",
    "Measure",
    "Meeting",
    "Notification",
    "NumberSeries",
    "Outcome",
    "Person",
    "PersonalValue",
    "ProfileVersion",
    "Reading",
    "Report",
    "Resolution",
    "RoleHolding",
    "Roster",
    "Round",
    "SavedView",
    "SearchText",
    "Sending",
    "Setting",
    "SignInFailure",
    "Ticket",
    "Timer",
    "Told",
    "Unit",
    "WebSession",
    "Wording",
    "Work",
    "Worker",
]
