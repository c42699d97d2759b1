"""What people write once something is late: bulletins, measures, rectification, briefs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.demo.playing import Play

LEADER = "县委政法委主要负责人"


def verification(findings: str, method: str = "visit") -> dict[str, Any]:
    """The office looked into it: still not done."""
    return {"method": method, "findings": findings, "decision": "continue"}


def bulletin(title: str, copies: Sequence[str]) -> dict[str, Any]:
    """Facts, no ranking."""
    return {
        "title": title,
        "basis": "社会治理风险评估预警化解工作制度",
        "summary": "多数事项按期推进。",
        "practice": "物业领域事项按期办结。",
        "problems": "个别事项未按期反馈办理结果。",
        "requirements": "请责任单位限期办结。",
        "recipients": list(copies),
    }


def proposal(measure: str, ground: str) -> dict[str, Any]:
    """A measure with its ground and evidence."""
    return {
        "measure": measure,
        "ground": ground,
        "evidence": "催办记录三次，来信来访登记九件。",
    }


def interview_notice(play: Play, held_on: str, head: str) -> dict[str, Any]:
    """The head of a unit is called to an interview."""
    return {
        "held_on": play.iso(held_on),
        "place": "会议室",
        "interviewer_post": LEADER,
        "interviewee_post": head,
        "matters": "督办事项逾期未办结，群众反映强烈。",
    }


def interview_record(play: Play, held_on: str, due: str) -> dict[str, Any]:
    """What was said, and until when the unit rectifies."""
    return {
        "held_on": play.iso(held_on),
        "place": "会议室",
        "problems": "排查进度滞后，结算争议处置不力。",
        "requirements": "限期完成排查并化解存量纠纷。",
        "commitments": "按要求限期整改。",
        "rectification_due": play.iso(due),
    }


def signature(head: str) -> dict[str, Any]:
    """The unit signs the record."""
    return {"confirmed": True, "signatory_post": head}


def note(text: str, basis: str = "TH-15、TH-19") -> dict[str, Any]:
    """The office's note in the unit's assessment record."""
    return {"text": text, "basis": basis}


def rectification_plan(play: Play, due: str) -> dict[str, Any]:
    """Why it came to this, and who does what until when."""
    return {
        "causes": "牵头协调不力，排查组织不到位。",
        "goal": "限期完成排查，存量纠纷化解八成以上。",
        "measures": [
            {
                "text": "逐项目建立台账并销号",
                "owner_person": "责任科室负责人",
                "owner_dept": "责任科室",
                "due": play.iso(due),
            }
        ],
    }


def rectification_report(state: str) -> dict[str, Any]:
    """What became of every measure."""
    return {
        "result": "排查台账全部建立。",
        "evidence": "整改台账、化解协议目录。",
        "measures_done": [{"text": "逐项目建立台账并销号", "state": state, "note": None}],
    }


def listing(play: Play, until: str) -> dict[str, Any]:
    """A matter is put under listed supervision until a day."""
    return {
        "problems": "部分项目专用账户余额不足。",
        "requirements": "逐项整改并每周报告。",
        "listed_until": play.iso(until),
    }


def delisting() -> dict[str, Any]:
    """The unit asks to be taken off the list."""
    return {
        "result": "隐患全部消除。",
        "measures_taken": "逐项整改并每周报告。",
        "evidence": "整改台账、验收照片、每周报告。",
    }


def brief(title: str) -> dict[str, Any]:
    """A brief on every open item."""
    return {
        "title": title,
        "scope": "all_open",
        "overview": "在办事项总体平稳，个别事项逾期。",
        "details": "建设工程领域事项逾期，已约谈并整改；农民工权益领域事项延期办理。",
        "problems": "跨部门资金数据共享不及时。",
        "recipients": ["ZFW"],
    }


def instruction(text: str, addressees: Sequence[str], entry: str = "self") -> dict[str, Any]:
    """A leader asks for action (批示)."""
    return {
        "leader_post": LEADER,
        "kind": "act",
        "text": text,
        "addressees": list(addressees),
        "entry": entry,
    }


def urgent(play: Play, day: str) -> dict[str, Any]:
    """Something that cannot wait (随时报告)."""
    return {
        "event": "某在建项目三十余名务工人员集中讨薪。",
        "occurred_on": play.iso(day),
        "impact": "现场秩序平稳，存在升级可能。",
        "actions": "已启动一日响应，核查专用账户余额。",
        "support_needed": "请住建部门督促总包单位到场。",
    }
