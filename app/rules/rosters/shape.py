"""What a file of units or people holds: its columns, what they may be called, its limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from app import forms
from app.i18n import Text, _
from app.rules.readings import MEGABYTE, folded

MOST_BYTES: Final = 5 * MEGABYTE
MOST_ROWS: Final = 10_000
LONGEST_NAME: Final = 200
UNIT_CODE: Final = re.compile(r"[A-Z][A-Z0-9-]{1,19}")
LOGIN: Final = re.compile(r"[a-z][a-z0-9_.-]{1,59}")


@dataclass(frozen=True)
class Column:
    """A column: what it is called on pages, in the Chinese template, and by whoever writes one.

    A `code` is compared without regard to width; other texts stay as they are written.
    """

    name: str
    label: Text
    chinese: str
    also: tuple[str, ...] = ()
    required: bool = False
    code: bool = False


COLUMNS: Final[Mapping[str, tuple[Column, ...]]] = {
    "units": (
        Column(
            "code", _("Unit code"), "单位代码", ("代码", "编码", "单位编码"),
            required=True, code=True,
        ),
        Column("name", _("Name"), "单位名称", ("名称", "单位", "unit"), required=True),
        Column("name_en", _("English name"), "英文名称", ("english_name",)),
        Column("kind", _("Kind"), "类别", ("单位类别", "单位类型", "类型"), code=True),
        Column(
            "parent", _("Code of the unit above"), "上级单位代码",
            ("上级代码", "上级单位", "上级", "parent_code", "unit_above"), code=True,
        ),
    ),
    "people": (
        Column(
            "login", _("Sign-in name"), "登录名", ("账号", "用户名", "帐号"),
            required=True, code=True,
        ),
        Column("name", _("Name"), "姓名", ("名字",), required=True),
        Column("name_en", _("English name"), "英文姓名", ("英文名", "english_name")),
        Column(
            "unit", _("Unit code"), "单位代码",
            ("单位", "单位编码", "所在单位代码", "unit_code"), code=True,
        ),
        Column("posts", _("Posts"), "岗位", ("角色", "职务", "post", "role", "roles"), code=True),
    ),
}  # fmt: skip


def titles(what: str) -> dict[str, str]:
    """Which column a heading means, by the heading as it is compared."""
    return {
        folded(title): column.name
        for column in COLUMNS[what]
        for title in (column.name, column.chinese, column.label.msgid, *column.also)
    }


@cache
def choices(form: str, field: str) -> Mapping[str, str]:
    """What a choice of a form may be called in a file: its code, its words in either language."""
    asked = forms.load(form).field(field)
    return {
        folded(said): option.value
        for option in (asked.options if asked else ())
        for said in (option.value, option.label.zh, option.label.en)
    }


@cache
def words(form: str, field: str) -> Mapping[str, forms.Words]:
    """What may be chosen, and what it is called."""
    asked = forms.load(form).field(field)
    return {option.value: option.label for option in (asked.options if asked else ())}
