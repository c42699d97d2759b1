"""Only kinds that are taken come in, each really what its name says; archives hide nothing."""

from __future__ import annotations

import pytest

from app.commands.attachments import plain_name
from app.errors import Invalid
from app.files import KINDS, recognised
from tests.files.samples import BAD, GOOD, polyglots


def look(tmp_path, name: str, content: bytes) -> str:
    path = tmp_path / "content"
    path.write_bytes(content)
    return recognised(name, path)


@pytest.mark.parametrize("name", GOOD)
def test_these_are_taken(tmp_path, name):
    ending = name.rpartition(".")[2].lower().replace("jpeg", "jpg")

    assert look(tmp_path, name, GOOD[name]) == ending
    assert {each.rpartition(".")[2].lower() for each in GOOD} - {"jpeg"} == set(KINDS)


@pytest.mark.parametrize("name", BAD)
def test_these_are_not(tmp_path, name):
    with pytest.raises(Invalid):
        look(tmp_path, name, BAD[name])


@pytest.mark.parametrize(("name", "content"), list(polyglots()), ids=lambda each: str(each)[:20])
def test_nothing_passes_under_another_name(tmp_path, name, content):
    with pytest.raises(Invalid):
        look(tmp_path, name, content)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\Users\\x\\报告.pdf", "报告.pdf"),
        ("../../etc/报告.pdf", "报告.pdf"),
        ("\u202efdp.报告.pdf", "fdp.报告.pdf"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)
def test_a_name_is_a_name_and_no_path(sent, kept):
    assert plain_name(sent) == kept


@pytest.mark.parametrize("sent", ["", "...", "/", ".pdf", "\u0000"])
def test_a_file_has_a_name(sent):
    with pytest.raises(Invalid):
        plain_name(sent)
