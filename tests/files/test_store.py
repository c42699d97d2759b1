"""Content lies whole under its digest or not at all; what nobody names is swept, nothing else."""

from __future__ import annotations

import errno
import io
import os
import threading

import pytest

from app.errors import Full, Invalid
from app.files import store


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "_place", [tmp_path / "files"])
    return tmp_path / "files"


def put(content: bytes) -> str:
    with store.received(io.BytesIO(content), most=100) as came, store.kept(came):
        return came.sha256


def lying(folder) -> set[str]:
    return {each.name for each in folder.rglob("*") if each.is_file() and each.name != ".lock"}


def test_the_same_content_lies_there_once(folder):
    first = put(b"abc")

    assert put(b"abc") == first
    assert lying(folder) == {first}
    assert store.there(first)
    with store.open_content(first) as file:
        assert file.read() == b"abc"


def test_what_was_not_kept_leaves_nothing(folder):
    with store.received(io.BytesIO(b"abc"), most=100) as came:
        assert came.size == 3
    with pytest.raises(Invalid), store.received(io.BytesIO(bytes(101)), most=100):
        pass

    assert lying(folder) == set()


def test_altered_or_missing_content_is_noticed(folder):
    sha256 = put(b"abc")
    (folder / sha256[:2] / sha256).write_bytes(b"abd")

    assert not store.there(sha256)
    assert not store.there("0" * 64)


@pytest.mark.parametrize("step", ["mkstemp", "fsync", "replace"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_and_leaves_nothing_half_done(folder, monkeypatch, step, code):
    put(b"there")
    before = lying(folder)

    def full(*_args, **_kwargs):
        raise OSError(code, "no room")

    where = {"mkstemp": store.tempfile, "fsync": os, "replace": store.Path}[step]
    monkeypatch.setattr(where, step, full)
    with pytest.raises(Full):
        put(b"more")

    monkeypatch.undo()
    monkeypatch.setattr(store, "_place", [folder])
    assert lying(folder) == before


def test_only_what_is_old_and_named_by_nothing_is_swept(folder):
    old, named, fresh = put(b"old"), put(b"named"), put(b"fresh")
    (folder / "incoming" / "left").write_bytes(b"half")
    long_ago = (folder / ".lock").stat().st_mtime - 2 * store.UNNAMED_FOR
    for path in (*(folder / n[:2] / n for n in (old, named)), folder / "incoming" / "left"):
        os.utime(path, (long_ago, long_ago))

    assert store.sweep(lambda digests: {named} & set(digests)) == 2
    assert lying(folder) == {named, fresh}


def test_the_sweeper_waits_for_who_is_about_to_name_something(folder):
    sha256 = put(b"again")
    path = folder / sha256[:2] / sha256
    rows: set[str] = set()
    with store.received(io.BytesIO(b"again"), most=100) as came, store.kept(came):
        os.utime(path, (0, 0))  # as if the content had been there unnamed for long
        swept = threading.Thread(target=store.sweep, args=(lambda _digests: set(rows),))
        swept.start()
        swept.join(0.2)
        assert swept.is_alive()
        rows.add(sha256)
    swept.join(10)

    assert store.there(sha256)
