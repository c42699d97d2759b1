"""Files are untrusted: nothing is fetched, nothing expanded, nothing hidden."""

from __future__ import annotations

import pytest

from app.engine import EngineError
from app.engine.reading import LARGEST_DRAFT, LARGEST_FILE, lanes, parse

BILLION = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>'

REFUSED = {
    "file_size": b"<a>" + b" " * LARGEST_FILE + b"</a>",
    "file_encoding": "<a>通许</a>".encode("gb18030"),
    "file_doctype": BILLION,
    "file_xml": b"<a>&x;</a>",
    "file_instruction": b"<a><?php echo 1 ?></a>",
}
MORE = [
    ("file_doctype", b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'),
    ("file_doctype", b'<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:1/x">]><a>&x;</a>'),
    ("file_doctype", b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p;]><a/>'),
    ("file_doctype", b"<a>\x00</a>"),
    ("file_encoding", '<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16")),
    ("file_instruction", b'<?xml-stylesheet href="http://127.0.0.1:1/x"?><a/>'),
    ("file_instruction", b"<a/><?late one?>"),
    ("file_xml", b""),
    ("file_xml", b"   "),
    ("file_xml", b"not xml"),
    ("file_xml", b"<a>"),
    ("file_xml", b"<a></b>"),
    ("file_xml", b"<a/><b/>"),
    ("file_xml", b"<a x='1' x='2'/>"),
    ("file_xml", b"<p:a/>"),
    ("file_xml", b"<a>" * 300 + b"</a>" * 300),
]


@pytest.mark.parametrize(("code", "xml"), [*REFUSED.items(), *MORE])
def test_it_is_refused(code, xml):
    with pytest.raises(EngineError) as refused:
        parse(xml)

    assert refused.value.code == code


def test_a_declared_encoding_does_not_change_what_is_read():
    xml = '<?xml version="1.0" encoding="GB18030"?><a name="通许"/>'.encode()

    assert parse(xml).get("name") == "通许"


def test_a_byte_order_mark_does_no_harm():
    assert parse("\ufeff<a/>".encode()).tag == "a"


def test_nothing_is_included():
    xml = (
        b'<a xmlns:xi="http://www.w3.org/2001/XInclude">'
        b'<xi:include href="/etc/passwd" parse="text"/></a>'
    )

    assert "root:" not in "".join(parse(xml).itertext())


def test_comments_are_forgotten():
    assert parse(b"<a>b<!-- c -->d</a>").text == "bd"


def test_a_draft_may_be_larger():
    assert parse(REFUSED["file_size"], largest=LARGEST_DRAFT).tag == "a"


def test_a_node_lies_in_the_innermost_lane():
    inner = (
        '<lane id="inner" name="乡镇"><flowNodeRef> task </flowNodeRef>'
        '<flowNodeRef/></lane><lane id="bare"><flowNodeRef>other</flowNodeRef></lane>'
    )
    xml = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><laneSet>'
        '<lane id="outer" name="县"><flowNodeRef>task</flowNodeRef>'
        f"<childLaneSet>{inner}</childLaneSet></lane></laneSet></definitions>"
    )

    assert lanes(parse(xml.encode())) == {"task": "乡镇", "other": "bare"}
