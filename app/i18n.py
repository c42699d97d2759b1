"""Texts as message ids with values: lower floors say what to say, the doors translate it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Text:
    """A sentence for people: an English message id and the values it is filled with."""

    msgid: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """The English sentence, for logs and tests; people get it through the doors' gettext."""
        values = {name: _in_a_row(value) for name, value in self.values.items()}
        return self.msgid % values if values else self.msgid

    def as_json(self) -> dict[str, Any]:
        """The same as plain data, so that a journal row or a stored finding can keep it."""
        values = {k: v.as_json() if isinstance(v, Text) else v for k, v in self.values.items()}
        return {"msgid": self.msgid, "values": values}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Text:
        """The inverse of `as_json`."""
        values = {
            k: cls.from_json(v) if isinstance(v, Mapping) and "msgid" in v else v
            for k, v in data["values"].items()
        }
        return cls(data["msgid"], values)


def _in_a_row(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value


def _(msgid: str, /, **values: Any) -> Text:
    """Mark an English sentence for translation; `%(name)s` places take the keyword values."""
    return Text(msgid, values)
