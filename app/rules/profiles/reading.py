"""Profiles out of files: read, checked, and refused with the name of every field that is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

from marshmallow import ValidationError

from app.errors import Invalid
from app.i18n import Text, _
from app.rules.profiles.schema import ProfileSchema
from app.rules.profiles.shape import Profile

SHIPPED: Final = Path(__file__).parents[2] / "profiles"
SCHEMA: Final = ProfileSchema()


def parse(data: Mapping[str, Any]) -> Profile:
    """The profile written down in `data`, or a refusal that names each field and the cure."""
    try:
        return cast("Profile", SCHEMA.load(data))
    except ValidationError as error:
        found = dict(_flat(error.messages_dict))
        said = "; ".join(f"{path}: {message}" for path, message in found.items())
        raise Invalid(
            _("This mechanism profile cannot be used. %(problems)s", problems=said),
            fields={path: Text(message) for path, message in found.items()},
        ) from error


def read(path: Path) -> dict[str, Any]:
    """The raw data of one file, as it is kept in a profile version."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise Invalid(
            _("%(file)s is not a readable JSON file: %(why)s", file=path.name, why=str(error))
        ) from error
    if not isinstance(data, dict):
        raise Invalid(_("%(file)s must hold one JSON object.", file=path.name))
    return data


def available(folder: Path = SHIPPED) -> dict[str, dict[str, Any]]:
    """The raw data of every profile in a folder, by key; a new county is a new file."""
    found = (read(path) for path in sorted(folder.glob("*.json")))
    return {str(data.get("key")): data for data in found}


def load(key: str, folder: Path = SHIPPED) -> Profile:
    """The profile with this key."""
    profiles = available(folder)
    if key not in profiles:
        raise Invalid(
            _(
                "There is no mechanism profile %(key)s; there is %(others)s.",
                key=key,
                others=", ".join(profiles) or "-",
            )
        )
    return parse(profiles[key])


def _flat(messages: Mapping[Any, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Marshmallow's nested messages as `meeting.agenda.0.name` → sentence."""
    for name, inner in messages.items():
        here = path if name in ("_schema", "value") else f"{path}.{name}".lstrip(".")
        if isinstance(inner, Mapping):
            yield from _flat(inner, here)
        else:
            yield here, " ".join(str(message) for message in inner)
