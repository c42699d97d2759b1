"""One engine step and everything that follows: tickets, assignments, timers, status, journal."""

from app.advance.deciding import Act, Verdict, verdict
from app.advance.finishing import Done, close_case, finish, move_by_clock, waive
from app.advance.loading import Loaded, load, load_by_assignment
from app.advance.opening import open_case
from app.advance.pickers import form_context
from app.advance.reference import calendar, compiled, organisation, profile, profile_by_key
from app.advance.timing import plan_timers, set_due, set_lights

__all__ = [
    "Act",
    "Done",
    "Loaded",
    "Verdict",
    "calendar",
    "close_case",
    "compiled",
    "finish",
    "form_context",
    "load",
    "load_by_assignment",
    "move_by_clock",
    "open_case",
    "organisation",
    "plan_timers",
    "profile",
    "profile_by_key",
    "set_due",
    "set_lights",
    "verdict",
    "waive",
]
