"""Documents of the meeting and of supervised items: minutes, lists, notices, reports."""

from __future__ import annotations

from app.documents.shape import Column, kind, listed, table, text

PARTS = (Column("heading", "议题", "Item"), Column("text", "内容", "What was said"))

STATUS_PACK = kind(
    "status_pack",
    "各单位落实情况表",
    "Status pack",
    "supervising_office",
    "general",
    table(
        "units",
        "各单位落实情况",
        "How the units stand",
        Column("unit", "单位", "Unit"),
        Column("notices", "收到文书", "Notices", "number"),
        Column("opinions", "已报工作意见", "Opinions filed", "number"),
        Column("opinions_missing", "未报工作意见", "Opinions missing", "number"),
        Column("open", "在办事项", "Open items", "number"),
        Column("overdue", "超期事项", "Overdue items", "number"),
        Column("closed", "办结事项", "Closed items", "number"),
    ),
)
MEETING_NOTICE = kind(
    "meeting_notice",
    "会议通知",
    "Notice of a meeting",
    "supervising_office",
    "letter",
    text("held_on", "时间", "Date", "date"),
    text("place", "地点", "Place"),
    listed("agenda", "议程", "Agenda"),
    listed("participants", "参会单位", "Units invited"),
    text("remarks", "有关要求", "Requirements"),
)
MEETING_MINUTES = kind(
    "meeting_minutes",
    "会议纪要",
    "Minutes",
    "supervising_office",
    "minutes",
    text("held_on", "时间", "Date", "date"),
    text("place", "地点", "Place"),
    text("host", "主持", "In the chair"),
    table("sections", "会议内容", "What was discussed", *PARTS),
    table(
        "regrades",
        "风险等级再评估",
        "Risk levels set anew",
        Column("indicator", "指标", "Indicator"),
        Column("before", "原等级", "Before", "level"),
        Column("after", "新等级", "After", "level"),
        Column("reason", "理由", "Reason"),
    ),
    table(
        "resolutions",
        "议定事项",
        "Resolutions",
        Column("matter", "事项", "Matter"),
        Column("requirement", "要求", "Requirement"),
        Column("lead", "主办单位", "Lead unit"),
        Column("co", "协办单位", "Co-handling units"),
        Column("due_day", "完成时限", "To be done by", "date"),
        Column("impact_forecast", "实施影响预判", "Forecast of the impact"),
    ),
    text("attendees", "出席", "Present"),
    text("absent", "请假", "Excused"),
)
TASK_LIST = kind(
    "task_list",
    "工作任务清单",
    "Task list",
    "supervising_office",
    "general",
    table(
        "items",
        "任务清单",
        "Tasks",
        Column("matter", "事项", "Matter"),
        Column("requirement", "工作要求", "Requirement"),
        Column("indicator", "相关指标", "Indicator"),
        Column("lead", "主办单位", "Lead unit"),
        Column("co", "协办单位", "Co-handling units"),
        Column("due_day", "完成时限", "To be done by", "date"),
    ),
    text("remarks", "有关要求", "Requirements"),
)
SUPERVISION_NOTICE = kind(
    "supervision_notice",
    "督办事项通知书",
    "Supervision notice",
    "supervising_office",
    "general",
    text("lead", "主办单位", "Lead unit"),
    listed("co", "协办单位", "Co-handling units"),
    text("matter", "事项", "Matter"),
    text("source", "事项来源", "Source"),
    text("requirement", "办理要求", "What is required"),
    text("due_day", "办理时限", "To be done by", "date"),
    text("reporting", "报告方式", "How to report"),
    text("contact", "联系方式", "Contact"),
)
REMINDER_NOTICE = kind(
    "reminder_notice",
    "催办通知",
    "Reminder",
    "supervising_office",
    "letter",
    text("matter", "催办事项", "Matter"),
    text("text", "催办内容", "Reminder"),
    text("due_day", "原定时限", "Due", "date"),
)
EXTENSION_REQUEST = kind(
    "extension_request",
    "延期申请",
    "Request for an extension",
    "unit",
    "letter",
    text("matter", "事项", "Matter"),
    text("reason", "延期理由", "Reason"),
    text("progress", "目前进展", "Progress so far"),
    text("due_day", "原定时限", "Due", "date"),
    text("wanted_day", "申请延至", "Extension asked until", "date"),
)
EXTENSION_REPLY = kind(
    "extension_reply",
    "延期批复",
    "Decision on an extension",
    "supervising_office",
    "letter",
    text("matter", "事项", "Matter"),
    text("decision", "批复意见", "Decision"),
    text("reason", "理由", "Reason"),
    text("due_day", "原定时限", "Due before", "date"),
    text("granted_day", "延至", "Granted until", "date"),
)
PROGRESS_REPORT = kind(
    "progress_report",
    "进展报告",
    "Progress report",
    "unit",
    "letter",
    text("matter", "事项", "Matter"),
    text("text", "进展情况", "Progress"),
    text("percent", "完成进度（%）", "Done (%)", "number"),
    text("next_steps", "下步安排", "Next steps"),
)
COMPLETION_REPORT = kind(
    "completion_report",
    "办结报告",
    "Completion report",
    "unit",
    "letter",
    text("matter", "事项", "Matter"),
    text("text", "办理情况", "What was done"),
    text("results", "办理结果", "Results"),
    listed("evidence", "佐证材料", "Evidence"),
    text("co_opinions", "协办单位意见", "Opinions of the co-handlers"),
)
URGENT_REPORT = kind(
    "urgent_report",
    "随时报告",
    "Urgent report",
    "unit",
    "upward",
    text("matter", "事项", "Matter"),
    text("text", "情况报告", "What happened"),
    text("measures", "已采取措施", "What was done at once"),
    text("needs", "请求事项", "What is asked for"),
)

KINDS = (
    STATUS_PACK,
    MEETING_NOTICE,
    MEETING_MINUTES,
    TASK_LIST,
    SUPERVISION_NOTICE,
    REMINDER_NOTICE,
    EXTENSION_REQUEST,
    EXTENSION_REPLY,
    PROGRESS_REPORT,
    COMPLETION_REPORT,
    URGENT_REPORT,
)
