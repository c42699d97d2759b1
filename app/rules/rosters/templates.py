"""The empty tables of units and of people to download and fill in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.rules.cells import csv_bytes, xlsx_bytes
from app.rules.rosters.shape import COLUMNS, words

EXAMPLES: Final[Mapping[tuple[str, bool], tuple[str, ...]]] = {
    ("units", True): ("SLJ", "示例县水利局", "Water Bureau", "部门", "XZF"),
    ("units", False): ("SLJ", "示例县水利局", "Water Bureau", "Department", "XZF"),
    ("people", True): ("example_clerk", "示例姓名", "", "SLJ", "联络员；经办人"),
    ("people", False): ("example_clerk", "示例姓名", "", "SLJ", "Liaison; Handler"),
}
HOW_ZH: Final[Mapping[str, str]] = {
    "units": "# 填写说明：“#”开头的行不导入。请替换示例行。单位代码为 2 至 20 个大写字母、数字或"
    " -，启用后不再更改；上级单位可以写在靠后的行；空单元格不改动原有内容。类别可填：",
    "people": "# 填写说明：“#”开头的行不导入。请替换示例行。登录名为 2 至 60 个小写字母、数字、点、"
    "- 或 _，启用后不再更改；岗位只是建议，由安全管理员另行授予；同一单位的多个岗位用分号隔开；"
    "空单元格不改动原有内容。岗位可填：",
}
HOW_EN: Final[Mapping[str, str]] = {
    "units": "# How to fill this in: lines starting with # are not imported. Please replace the"
    " example row. A code is 2 to 20 capital letters, digits or - and is for ever; the unit above"
    " may come further down; an empty cell changes nothing. Kinds: ",
    "people": "# How to fill this in: lines starting with # are not imported. Please replace the"
    " example row. A sign-in name is 2 to 60 small letters, digits, dots, - or _ and is for ever;"
    " posts are proposals which the security administrator grants; several posts in the unit are"
    " parted by semicolons; an empty cell changes nothing. Posts: ",
}
CHOICES: Final = {"units": ("unit_add", "kind"), "people": ("post_grant", "role")}
TITLES: Final = {"units": "单位", "people": "人员"}
WIDTHS: Final = (18, 32, 28, 20, 28)


def template(what: str, kind: str, *, chinese: bool) -> bytes:
    """The table to fill in: header, example, how to."""
    header = [each.chinese if chinese else each.label.msgid for each in COLUMNS[what]]
    said = [each.said("zh" if chinese else "en") for each in words(*CHOICES[what]).values()]
    how = (HOW_ZH if chinese else HOW_EN)[what] + ("、" if chinese else ", ").join(said)
    example = EXAMPLES[what, chinese]
    if kind == "csv":
        return csv_bytes([(how,), header, example])
    title = TITLES[what] if chinese else what
    return xlsx_bytes(title, [header, example, (how,)], widths=WIDTHS)
