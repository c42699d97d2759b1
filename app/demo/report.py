"""The story as people read it, and the same as JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app import clock
from app.demo.diary import Chapter, Checkpoint, Entry, Step, Waiting
from app.demo.story import Told
from app.i18n import Text, _
from app.queries.evaluation import OutcomeLine
from app.rules import lights, outcomes

Say = Callable[[Any], str]
LONGEST: Final = 160
RULES: Final[Mapping[str, Text]] = {
    "calendar": _("calendar"),
    "light": _("light"),
    "copy": _("copy"),
    "lead": _("lead unit"),
    "chain": _("chain"),
    "timer": _("timer"),
    "approval": _("approval"),
    "grading": _("grading"),
    "clock": _("clock"),
    "deduction": _("deduction"),
}
CODES: Final[Mapping[str, Text]] = {
    **lights.WORDS,
    **outcomes.WORDS,
    "high": _("High risk"),
    "medium": _("Medium risk"),
    "low": _("Low risk"),
    "refused": _("refused"),
    "done": _("done"),
    "played": _("played"),
    "open": _("In progress"),
    "closed": _("Closed"),
    "void": _("Void"),
    "issued": _("issued"),
    "approved": _("approved"),
    "confirmed": _("confirmed"),
    "proposed": _("proposed"),
    "dropped": _("dropped"),
    "published": _("published"),
    "rectified": _("rectified"),
    "granted": _("granted"),
    "previewed": _("previewed"),
}
STAGES: Final[Mapping[str, Text]] = {
    "warning": _("Warning"),
    "analysis": _("Analysis"),
    "coordination": _("Coordination"),
    "supervision": _("Supervision"),
    "feedback": _("Feedback"),
    "reassessment": _("Next round"),
    "evaluation": _("Evaluation"),
}


class Report:
    """Says each entry as it comes; `say` puts a text into the reader's language."""

    def __init__(self, say: Say, *, english: bool) -> None:
        """For one language."""
        self.say = say
        self.english = english

    def lines(self, entry: Entry) -> Iterator[str]:
        """What is printed for an entry."""
        if isinstance(entry, Chapter):
            yield f"\n## {entry.no}. {self.say(entry.title)}"
        elif isinstance(entry, Step):
            yield from self._step(entry)
        else:
            yield from self._checkpoint(entry)

    def ending(self, told: Told) -> Iterator[str]:
        """The before/after table, the audit and the count."""
        yield from self._table(told.outcomes)
        verdict = told.verdict
        values = {"rows": verdict.rows, "streams": verdict.streams, "states": verdict.states}
        whole = _(
            "Audit: %(rows)s rows in %(streams)s streams, %(states)s states: whole.", **values
        )
        broken = _("Audit: %(rows)s rows in %(streams)s streams: ALTERED.", **values)
        yield "\n" + self.say(whole if verdict.whole else broken)
        total, failed = len(told.diary.checkpoints), told.diary.failed
        yield self.say(
            _("%(held)s of %(total)s checkpoints held.", held=total - len(failed), total=total)
        )
        for each in failed:
            yield from self._checkpoint(each)

    def _step(self, step: Step) -> Iterator[str]:
        when = clock.local(step.at).strftime("%Y-%m-%d %H:%M")
        who = step.who or self.say(_("the system"))
        unit = f" ({step.unit})" if step.unit else ""
        stage = self.say(STAGES[step.stage]) if step.stage else ""
        where = " · ".join(each for each in (step.number or step.title, stage) if each)
        yield f"  {when}  {who}{unit}" + (f"  [{where}]" if where else "")
        yield "      " + "; ".join(self.say(each) for each in step.did)
        for each in step.waiting:
            yield "      → " + self._waiting(each)

    def _waiting(self, waiting: Waiting) -> str:
        unit, task = (
            (waiting.unit_en, waiting.task_en) if self.english else (waiting.unit, waiting.task)
        )
        light = self.say(CODES[waiting.light])
        if waiting.due is None:
            return f"{unit}: {task} ({light})"
        left = self.say(waiting.left) if waiting.left else ""
        return f"{unit}: {task} ({waiting.due.isoformat()}, {left}, {light})"

    def _checkpoint(self, point: Checkpoint) -> Iterator[str]:
        rule = f"[{self.say(RULES[point.rule])}] " if point.rule else ""
        yield f"  {'✓' if point.held else '✗'} {point.no:>3}  {rule}{self.say(point.sentence)}"
        if point.held:
            yield f"         = {self._short(point.found)}"
        else:
            expected, read_back = self.say(_("expected")), self.say(_("read back"))
            yield f"         {expected}: {self.shown(point.expected)}"
            yield f"         {read_back}: {self.shown(point.found)}"

    def _short(self, value: Any) -> str:
        text = self.shown(value)
        return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"

    def shown(self, value: Any) -> str:
        """A value as a person reads it."""
        if isinstance(value, str):
            return self.say(CODES[value]) if value in CODES else value or "-"
        if isinstance(value, Mapping):
            return self._listed(f"{self.shown(k)}: {self.shown(v)}" for k, v in value.items())
        if isinstance(value, (list, tuple)):
            return self._listed(map(self.shown, value))
        if isinstance(value, (set, frozenset)):
            return self._listed(sorted(map(self.shown, value)))
        if isinstance(value, bool):
            return self.say(_("yes") if value else _("no"))
        return "-" if value is None else str(value)

    def _listed(self, texts: Iterable[str]) -> str:
        return ", ".join(texts) or self.say(_("nothing"))

    def _table(self, rows: tuple[OutcomeLine, ...]) -> Iterator[str]:
        if not rows:
            return
        yield "\n## " + self.say(_("Before and after"))
        for each in rows:
            name = each.name_en if self.english and each.name_en else each.name
            before = f"{each.before:f} {self.say(CODES[each.before_level])}"
            after = f"{each.after:f} {self.say(CODES[each.after_level])}"
            yield f"  {each.code} {name}"
            yield f"      {each.before_round} {before} → {each.after_round} {after}: " + self.say(
                CODES[each.outcome]
            )
            yield from (f"      · {text}" for text in each.measures)


def as_json(told: Told) -> str:
    """The whole story for machines; texts in English."""
    diary, verdict = told.diary, told.verdict
    whole = {
        "profile": told.profile,
        "held": told.held,
        "steps": diary.steps,
        "checkpoints": [vars(each) | {"held": each.held} for each in diary.checkpoints],
        "outcomes": told.outcomes,
        "audit": {
            "whole": verdict.whole,
            "streams": verdict.streams,
            "rows": verdict.rows,
            "breaks": [each.problem for each in verdict.breaks],
        },
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, default=_plain)


def _plain(value: Any) -> Any:
    """What JSON does not know by itself."""
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, date):  # moments are dates too
        return value.isoformat()
    if isinstance(value, (Text, Decimal)):
        return str(value)
    return vars(value)
