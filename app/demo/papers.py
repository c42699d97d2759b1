"""What people write in the demonstration: answers to forms, filled from papers.json."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.demo.county import indicator_of
from app.demo.playing import Play

FILE: Final = Path(__file__).with_name("papers.json")
APPROVE: Final[Mapping[str, Any]] = {"decision": "approve"}
SIGN: Final[Mapping[str, Any]] = {"decision": "sign"}
SUGGESTION: Final = "judicial_suggestion"


@cache
def texts() -> Mapping[str, Any]:
    """The words about each indicator's matter."""
    found: Mapping[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def matter(code: str) -> str:
    """What the matter of an indicator is called."""
    return str(texts()[code]["matter"])


def report(title: str, codes: Sequence[str]) -> dict[str, Any]:
    """The assessment report, with an analysis of those indicators (NT-10)."""
    return {
        "kind": "assessment_report",
        "title": title,
        "summary": "本轮评估共十五项指标，总体平稳，个别领域风险上升，须重点防控。",
        "analyses": [{"indicator": code, "text": texts()[code]["analysis"]} for code in codes],
        "advice": "由责任单位牵头开展行业治理，年度评估时检验成效。",
    }


def notice(play: Play, code: str, kind: str = "") -> dict[str, Any]:
    """A notice about an indicator; a judicial suggestion also says its type and reasons."""
    words = texts()[code]
    chosen = kind or play.profile.notice_type.key
    answers = {
        "notice_kind": chosen,
        "subject": f"关于{indicator_of(code)['name']}的提示",
        "problems": words["problems"],
        "advice": words["advice"],
        "reply_request": "请按时限开展分析研判并反馈。",
        "contact": "县人民法院",
    }
    if chosen == SUGGESTION:
        answers |= {
            "subject": f"关于{words['matter']}的司法建议",
            "suggestion_type": "case_type",
            "reasons": words["reasons"],
        }
    return answers


def opinion(play: Play, code: str, kind: str = "") -> dict[str, Any]:
    """A unit's work opinion: problems, gaps, weak links, measures with owner and day (TX-08b)."""
    said = texts()[code]["opinion"]
    answers: dict[str, Any] = {
        **{
            name: [{"text": text} for text in said[name]]
            for name in ("problems", "gaps", "weak_links")
        },
        "measures": [{**each, "due": play.iso(each["due"])} for each in said["measures"]],
        "coordination_needs": said["coordination"] or None,
    }
    if (kind or play.profile.notice_type.key) == SUGGESTION:
        answers["adoption"] = "adopt"
    return answers


def registration(code: str, lead: str, co: Sequence[str], **more: Any) -> dict[str, Any]:
    """What the office registers about an item; `more` holds its date and anything else."""
    return {
        "matter": matter(code),
        "source": "meeting",
        "indicator": code,
        "requirement": texts()[code]["requirement"],
        "lead": lead,
        "co": list(co),
        **more,
    }


def plan(play: Play, code: str, unit: str, due: str) -> dict[str, Any]:
    """Who of the unit handles it, and what is to be reached until when (TH-13a)."""
    measure = texts()[code]["opinion"]["measures"][0]
    return {
        "handler": f"{unit.lower()}_unit_handler",
        "department": measure["owner_dept"],
        "targets": [
            {
                "text": measure["text"],
                "owner_dept": measure["owner_dept"],
                "due": play.iso(due),
            }
        ],
    }


def co_opinion(text: str, disagreement: str = "") -> dict[str, Any]:
    """What a co-handler answers the lead; a disagreement is said in so many words."""
    answers = {
        "opinion": text,
        "actions": "已安排专人配合，按月会商。",
        "agrees": "disagree" if disagreement else "agree",
    }
    return answers | ({"disagreement": disagreement} if disagreement else {})


def completion(code: str, percent: int = 100) -> dict[str, Any]:
    """The completion report of an item."""
    words = texts()[code]
    return {
        "result": words["results"],
        "measures_taken": words["taken"],
        "evidence": "工作台账、检查记录、化解协议目录。",
        "percent": percent,
    }


def progress(text: str, percent: int) -> dict[str, Any]:
    """A progress report."""
    return {"text": text, "percent": percent}


def review(decision: str, opinion: str = "") -> dict[str, Any]:
    """What the office finds about a completion."""
    answers: dict[str, Any] = {
        "checks": ["facts", "solved", "evidence", "format"],
        "decision": decision,
    }
    return answers | ({"opinion": opinion} if opinion else {})
