"""Documents of warning and analysis: the court's reports and notices, the units' answers."""

from __future__ import annotations

from app.documents.shape import Column, Section, kind, listed, table, text

INDICATOR_COLUMNS = (
    Column("indicator", "指标", "Indicator"),
    Column("value", "本期值", "Value", "number"),
    Column("change", "同比变化", "Change", "number"),
    Column("intermediate_mean", "中院辖区均值", "Mean of the intermediate court’s area", "number"),
    Column("high_mean", "高院辖区均值", "Mean of the high court’s area", "number"),
    Column("case_count", "案件数", "Cases", "number"),
    Column("level", "风险等级", "Risk level", "level"),
    Column("reason", "定级依据", "Reason for the level"),
)
MEASURE_COLUMNS = (
    Column("text", "措施", "Measure"),
    Column("owner_dept", "责任部门", "Department in charge"),
    Column("owner_person", "责任人", "Person in charge"),
    Column("due_on", "完成时限", "To be done by", "date"),
)
INDICATORS = table("indicators", "一、指标情况", "1. Indicators", *INDICATOR_COLUMNS)
ANALYSES = table(
    "analyses",
    "三、逐项分析",
    "3. Analysis, indicator by indicator",
    Column("indicator", "指标", "Indicator"),
    Column("text", "分析", "Analysis"),
)
REPLY: tuple[Section, ...] = (
    text("reply_requirements", "四、反馈要求", "4. What the answer must contain"),
    text("reply_to", "反馈对象", "Answer to"),
    text("reply_within", "反馈时限", "Time for the answer"),
    text("attachments", "附件", "Attachments"),
    text("contact", "联系方式", "Contact"),
)

ASSESSMENT_REPORT = kind(
    "assessment_report",
    "经济社会运行情况评估报告",
    "Assessment report",
    "court",
    "upward",
    text("summary", "一、总体评价", "1. Overall assessment"),
    table("indicators", "二、指标与风险等级", "2. Indicators and risk levels", *INDICATOR_COLUMNS),
    ANALYSES,
    text("suggestions", "四、对策建议", "4. Suggestions"),
    text("data_note", "数据说明", "Notes on the data"),
)
THEMATIC_REPORT = kind(
    "thematic_report",
    "专题分析报告",
    "Thematic report",
    "court",
    "upward",
    text("summary", "一、专题背景", "1. Background"),
    table("indicators", "二、相关指标", "2. Indicators concerned", *INDICATOR_COLUMNS),
    ANALYSES,
    text("suggestions", "四、对策建议", "4. Suggestions"),
)
TRIAL_REPORT = kind(
    "trial_report",
    "审判执行运行情况评估报告",
    "Report on trials and enforcement",
    "court",
    "general",
    text("summary", "一、总体情况", "1. Overview"),
    table("indicators", "二、指标情况", "2. Indicators", *INDICATOR_COLUMNS),
    ANALYSES,
    text("suggestions", "四、工作建议", "4. Suggestions"),
)
RISK_NOTICE = kind(
    "risk_notice",
    "风险提示函",
    "Risk notice letter",
    "court",
    "letter",
    INDICATORS,
    text("problems", "二、反映的问题", "2. Problems shown"),
    text("suggestions", "三、提示与建议", "3. Warnings and suggestions"),
    *REPLY,
)
JUDICIAL_SUGGESTION = kind(
    "judicial_suggestion",
    "司法建议书",
    "Judicial suggestion",
    "court",
    "court",
    INDICATORS,
    text("type", "建议类型", "Type of suggestion"),
    text("problems", "二、发现的重要问题", "2. Important problems"),
    text("reasons", "提出建议的理由", "Why we suggest"),
    text("suggestions", "三、具体建议", "3. Suggestions"),
    *REPLY,
)
REPLY_LETTER = kind(
    "reply_letter",
    "复函",
    "Letter of reply",
    "unit",
    "letter",
    text("adoption", "一、采纳情况", "1. What was adopted"),
    text("actions", "二、落实情况", "2. What was done"),
    text("remarks", "三、其他说明", "3. Remarks"),
)
WORK_OPINION = kind(
    "work_opinion",
    "工作意见",
    "Work opinion",
    "unit",
    "letter",
    listed("problems", "一、存在问题", "1. Problems"),
    listed("gaps", "二、工作漏洞", "2. Gaps"),
    listed("weak_links", "三、薄弱环节", "3. Weak links"),
    table("measures", "四、化解措施", "4. Measures", *MEASURE_COLUMNS),
    text("coordination", "五、需协调事项", "5. Matters to be coordinated"),
    text("adoption", "六、司法建议采纳情况", "6. Whether the suggestion is adopted"),
    text("adoption_reason", "未全部采纳的理由", "Why not all of it"),
)
CONSOLIDATION = kind(
    "consolidation",
    "工作意见汇总表",
    "Consolidation of work opinions",
    "supervising_office",
    "general",
    table(
        "rows",
        "一、问题与措施",
        "1. Problems and measures",
        Column("notice", "文书编号", "Notice"),
        Column("indicator", "指标", "Indicator"),
        Column("unit", "单位", "Unit"),
        Column("problems", "存在问题", "Problems"),
        Column("measure", "措施", "Measure"),
        Column("owner_dept", "责任部门", "Department in charge"),
        Column("owner_person", "责任人", "Person in charge"),
        Column("due_on", "完成时限", "To be done by", "date"),
    ),
    table(
        "missing",
        "二、未反馈单位",
        "2. Units that have not answered",
        Column("unit", "单位", "Unit"),
        Column("notice", "文书编号", "Notice"),
        Column("due_on", "反馈期限", "Due", "date"),
        Column("late", "是否逾期", "Late"),
    ),
    series="opinion_summary",
)

KINDS = (
    ASSESSMENT_REPORT,
    THEMATIC_REPORT,
    TRIAL_REPORT,
    RISK_NOTICE,
    JUDICIAL_SUGGESTION,
    REPLY_LETTER,
    WORK_OPINION,
    CONSOLIDATION,
)
