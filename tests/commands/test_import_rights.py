"""The analysts bring readings in, the court confirms them, others look on or see nothing."""

from __future__ import annotations

import pytest

from app.commands.imports import (
    confirm,
    create_all_unknown,
    discard,
    upload,
)
from app.commands.staging import stage
from app.errors import NotAllowed, NotFound
from tests.bringing import (
    PUBLISHED,
    previewed,
)


def test_the_external_analyst_prepares_and_the_courts_analyst_confirms(tanghe, round_id, analyst):
    external = tanghe.actor("external_analyst")
    batch, _counts = previewed(round_id, PUBLISHED.read_bytes(), external)
    create_all_unknown(batch, actor=external)

    with pytest.raises(NotAllowed):
        confirm(batch, actor=external)

    assert confirm(batch, actor=analyst)["new"] == 6


def test_a_colleague_learns_why_not_and_a_stranger_nothing(tanghe, round_id, analyst):
    batch, _counts = previewed(round_id, PUBLISHED.read_bytes(), analyst)
    colleague = tanghe.actor("supervision_director", "PAB")

    for act in (confirm, create_all_unknown, discard):
        with pytest.raises(NotAllowed):
            act(batch, actor=colleague)
        with pytest.raises(NotFound):
            act(batch, actor=tanghe.stranger)
    with pytest.raises(NotAllowed):
        upload(round_id, "a.csv", PUBLISHED.read_bytes() + b"\n", actor=colleague)
    with pytest.raises(NotFound):
        upload(round_id, "a.csv", PUBLISHED.read_bytes(), actor=tanghe.stranger)


def test_what_does_not_exist_is_not_found(analyst):
    with pytest.raises(NotFound):
        upload(4711, "a.csv", b"", actor=analyst)
    with pytest.raises(NotFound):
        confirm(4711, actor=analyst)
    with pytest.raises(NotFound):
        stage(4711, actor=analyst)
