"""The test servers start, answer, and leave nothing behind."""

from __future__ import annotations

import os

import psycopg
import pytest
from redis import Redis

from ops import machine, processes, servers


def test_both_servers_answer_and_then_are_gone():
    before = set(servers.HOME.glob("*")) if servers.HOME.exists() else set()
    with servers.running() as addresses:
        plain = addresses.postgresql.replace("+psycopg", "")
        with psycopg.connect(plain) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        with Redis.from_url(addresses.redis) as redis:
            assert redis.ping()

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(plain)
    assert {
        each for each in servers.HOME.glob("*") if each.name[:5] in {"postg", "redis"}
    } <= before


def test_a_folder_the_server_cannot_reach_is_replaced_by_a_temporary_one(tmp_path, monkeypatch):
    if os.geteuid() != 0:  # only root runs the server as somebody else
        assert servers.unprivileged() is None
        return
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(servers, "HOME", closed / "servers")
    user = servers.unprivileged()

    with servers.directory("postgresql", user) as home:
        assert not home.is_relative_to(closed)
        reach = processes.run_as(user, "test", "-w", home, cwd=home.parent)
        assert reach.returncode == 0
    assert not home.exists()


def test_a_server_that_cannot_start_is_named_with_its_last_words(tmp_path, monkeypatch):
    broken = tmp_path / "redis-server"
    broken.write_text("#!/bin/sh\necho out of memory\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(machine, "redis_server", lambda: broken)

    with (
        pytest.raises(processes.NotReady, match=r"(?s)Redis ended.*out of memory"),
        servers.redis_running(),
    ):
        pytest.fail("it cannot run")
