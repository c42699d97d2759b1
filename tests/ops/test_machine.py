"""What the tests need is found, brought by root, or asked for by name; never skipped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ops import machine
from ops.machine import Missing, Need

ABSENT = Need("Teapot", lambda: False, ("teapot", "teapot-lid"))
ABSENT_BUT_IN_A_WHEEL = Need("Kettle", lambda: False, ("kettle",), wheel=True)


def test_everything_needed_is_there_while_the_tests_run():
    assert [need.what for need in machine.needs() if not need.there() and not need.wheel] == []


def test_an_ordinary_user_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(machine, "needs", lambda: [ABSENT, ABSENT_BUT_IN_A_WHEEL])
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(Missing, match=r"Teapot needed.*apt-get install teapot teapot-lid$"):
        machine.provide()


def test_an_ordinary_user_does_without_what_a_wheel_brings(monkeypatch):
    monkeypatch.setattr(machine, "needs", lambda: [ABSENT_BUT_IN_A_WHEEL])
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    machine.provide()


def test_root_is_told_what_apt_could_not_bring(monkeypatch):
    asked = []
    monkeypatch.setattr(machine, "needs", lambda: [ABSENT, ABSENT_BUT_IN_A_WHEEL])
    monkeypatch.setattr(machine, "install", asked.append)
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    with pytest.raises(Missing, match="Teapot and Kettle needed"):
        machine.provide()
    assert asked == [["teapot", "teapot-lid", "kettle"]]


def test_a_system_without_apt_is_named(monkeypatch):
    monkeypatch.setenv("PATH", "")

    with pytest.raises(Missing, match="No apt-get here"):
        machine.install(["teapot"])


def test_the_browser_can_be_chosen(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "my-chromium")

    assert machine.browser() == Path("my-chromium")


def test_the_bundled_redis_is_a_program():
    assert os.access(machine.bundled_redis(), os.X_OK)
