"""Documents of escalation and evaluation: briefs, bulletins, interviews, listings, outcomes."""

from __future__ import annotations

from app.documents.shape import Column, kind, listed, table, text

SUPERVISION_BRIEF = kind(
    "supervision_brief", "督办事项专报", "Supervision brief", "supervising_office", "upward",
    text("summary", "一、总体进展", "1. Overview"),
    table(
        "lights", "进展统计", "Counts",
        Column("light", "灯色", "Light", "light"),
        Column("count", "件数", "Items", "number"),
    ),
    table(
        "items", "二、逐项情况", "2. Item by item",
        Column("number", "编号", "Number"),
        Column("matter", "事项", "Matter"),
        Column("lead", "主办单位", "Lead unit"),
        Column("due_day", "时限", "Due", "date"),
        Column("light", "灯色", "Light", "light"),
        Column("progress", "进展", "Progress"),
    ),
    text("problems", "三、问题与建议", "3. Problems and suggestions"),
)
BULLETIN = kind(
    "bulletin", "督办通报", "Supervision bulletin", "supervising_office", "general",
    text("basis", "一、依据", "1. Basis"),
    text("text", "二、办理情况", "2. How things stand"),
    table(
        "items", "三、未按时办理事项", "3. Items not done in time",
        Column("number", "编号", "Number"),
        Column("matter", "事项", "Matter"),
        Column("unit", "单位", "Unit"),
        Column("due_day", "时限", "Due", "date"),
        Column("late_days", "超期工作日", "Working days late", "number"),
    ),
    text("requirements", "四、有关要求", "4. Requirements"),
)
INTERVIEW_NOTICE = kind(
    "interview_notice", "约谈通知书", "Notice of an interview", "supervising_office", "letter",
    text("grounds", "约谈事由", "Grounds"),
    text("evidence", "事实依据", "Facts"),
    text("person", "约谈对象", "To be interviewed"),
    text("held_on", "时间", "Date", "date"),
    text("place", "地点", "Place"),
    text("requirements", "有关要求", "Requirements"),
)
INTERVIEW_RECORD = kind(
    "interview_record", "约谈纪要", "Record of an interview", "supervising_office", "minutes",
    text("grounds", "依据与事由", "Grounds"),
    text("held_on", "时间", "Date", "date"),
    text("place", "地点", "Place"),
    text("interviewer", "约谈人", "Interviewer"),
    text("person", "被约谈人", "Interviewed"),
    text("problems", "指出问题", "Problems pointed out"),
    text("requirements", "整改要求", "Requirements"),
    text("response", "表态", "Response"),
    text("rectify_by", "整改时限", "Rectification due", "date"),
)
LISTING_NOTICE = kind(
    "listing_notice", "挂牌督办通知书", "Notice of listed supervision",
    "supervising_office", "general",
    text("grounds", "挂牌事由", "Grounds"),
    text("evidence", "事实依据", "Facts"),
    text("matter", "督办事项", "Matter"),
    text("requirements", "整改要求", "Requirements"),
    text("listed_from", "挂牌日期", "Listed from", "date"),
    text("listed_until", "挂牌期限", "Listed until", "date"),
)
DELISTING_DECISION = kind(
    "delisting_decision", "摘牌决定", "Delisting decision", "supervising_office", "general",
    text("matter", "督办事项", "Matter"),
    text("findings", "验收情况", "Findings"),
    text("decision", "决定", "Decision"),
)
RECTIFICATION_PLAN = kind(
    "rectification_plan", "整改方案", "Rectification plan", "unit", "letter",
    listed("problems", "一、存在问题", "1. Problems"),
    table(
        "measures", "二、整改措施", "2. Measures",
        Column("text", "措施", "Measure"),
        Column("owner_dept", "责任部门", "Department in charge"),
        Column("owner_person", "责任人", "Person in charge"),
        Column("due_on", "完成时限", "To be done by", "date"),
    ),
    text("text", "三、其他安排", "3. Further arrangements"),
)
RECTIFICATION_REPORT = kind(
    "rectification_report", "整改报告", "Rectification report", "unit", "letter",
    text("text", "一、整改情况", "1. What was done"),
    text("results", "二、整改成效", "2. Results"),
    listed("evidence", "三、佐证材料", "3. Evidence"),
)
DEDUCTION_COLUMNS = (
    Column("unit", "单位", "Unit"),
    Column("item", "事项", "Item"),
    Column("ground", "扣分事由", "Ground"),
    Column("scheme", "考核项目", "Scheme"),
    Column("points", "扣分", "Points", "number"),
)
ASSESSMENT_BULLETIN = kind(
    "assessment_bulletin", "考核通报", "Assessment bulletin", "assessing_office", "general",
    text("basis", "一、依据", "1. Basis"),
    text("summary", "二、办理概况", "2. Overview"),
    text("practices", "三、主要做法", "3. What went well"),
    text("problems", "四、存在问题", "4. Problems"),
    table("deductions", "五、扣分情况", "5. Deductions", *DEDUCTION_COLUMNS),
    text("requirements", "六、下步要求", "6. Requirements"),
)
ASSESSMENT_RECORD = kind(
    "assessment_record", "考核记录", "Assessment record", "assessing_office", "general",
    table(
        "entries", "工作评议、考核记录", "Entries",
        Column("unit", "单位", "Unit"),
        Column("kind", "类别", "Kind"),
        Column("text", "内容", "Entry"),
        Column("at", "日期", "Date", "date"),
    ),
)
EFFECT_EVALUATION = kind(
    "effect_evaluation", "成效评价", "Evaluation of effects", "assessing_office", "upward",
    text("summary", "一、总体评价", "1. Overview"),
    table(
        "outcomes", "二、逐项成效", "2. Indicator by indicator",
        Column("indicator", "指标", "Indicator"),
        Column("before_value", "上轮值", "Before", "number"),
        Column("after_value", "本轮值", "After", "number"),
        Column("before_level", "上轮等级", "Level before", "level"),
        Column("after_level", "本轮等级", "Level after", "level"),
        Column("outcome", "成效", "Outcome", "outcome"),
        Column("measures", "其间措施", "Measures between"),
    ),
    table("deductions", "三、扣分建议", "3. Proposed deductions", *DEDUCTION_COLUMNS),
    text("suggestions", "四、下步建议", "4. Suggestions"),
)

KINDS = (
    SUPERVISION_BRIEF, BULLETIN, INTERVIEW_NOTICE, INTERVIEW_RECORD, LISTING_NOTICE,
    DELISTING_DECISION, RECTIFICATION_PLAN, RECTIFICATION_REPORT, ASSESSMENT_BULLETIN,
    ASSESSMENT_RECORD, EFFECT_EVALUATION,
)
