"""What background processes do for themselves: no person may, whatever posts they hold."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import Any

import pytest

from app import commands
from app.commands.command import Command
from app.errors import NotAllowed
from tests.access.walker import written

LEAST = 20
"""How many there are at least: the test would not notice functions it cannot find."""


def alone() -> list[Callable[..., Any]]:
    """Every function of the commands that asks first whether the system acts."""
    found = {}
    for module in pkgutil.walk_packages(commands.__path__, f"{commands.__name__}."):
        for each in vars(importlib.import_module(module.name)).values():
            act = each.do if isinstance(each, Command) else each
            if inspect.isfunction(act) and "only_the_system(actor)" in inspect.getsource(act):
                found[f"{act.__module__}.{act.__name__}"] = act
    return [found[name] for name in sorted(found)]


def test_they_are_found():
    assert len(alone()) >= LEAST


@pytest.mark.parametrize("act", alone(), ids=lambda each: each.__name__)
def test_no_person_does_it(act, county):
    wanted = [
        None
        for each in inspect.signature(act).parameters.values()
        if each.default is each.empty and each.kind is not each.KEYWORD_ONLY
    ]

    with written() as tables, pytest.raises(NotAllowed):
        act(*wanted, actor=county.actor("sys_admin", "XZF"))
    assert tables == []
