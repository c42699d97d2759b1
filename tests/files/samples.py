"""Small files of every kind that is taken, and others that only look like it."""

from __future__ import annotations

import io
import stat
from collections.abc import Iterable
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n"
TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def picture(format_: str) -> bytes:
    """A tiny picture."""
    out = io.BytesIO()
    Image.new("RGB", (4, 3), "red").save(out, format_)
    return out.getvalue()


def archive(*members: tuple[str | ZipInfo, bytes]) -> bytes:
    """A zip file of these."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(name, content)
    return out.getvalue()


def word(*more: tuple[str, bytes]) -> bytes:
    """A Word document, as far as anybody looks."""
    return archive(("[Content_Types].xml", TYPES), ("word/document.xml", b"<w/>"), *more)


def workbook() -> bytes:
    """A real one."""
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def link(name: str = "notes.txt") -> ZipInfo:
    """A member that is a link."""
    info = ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def locked(content: bytes) -> bytes:
    """The same archive, with the mark of a password on its first member."""
    place = content.index(b"PK\x01\x02") + 8
    return content[:place] + b"\x01\x00" + content[place + 2 :]


def tampered(content: bytes, method: int | None = None) -> bytes:
    """The same archive with its first member's bytes spoilt, or said to be packed otherwise."""
    spoilt, name = bytearray(content), content[26] + content[27] * 256
    if method is None:
        spoilt[30 + name : 40 + name] = b"\xff" * 10
    else:
        for place in (8, content.index(b"PK\x01\x02") + 10):
            spoilt[place : place + 2] = bytes((method, 0))
    return bytes(spoilt)


GOOD: dict[str, bytes] = {
    "通知.pdf": PDF,
    "公文.ofd": archive(("OFD.xml", b"<ofd/>"), ("Doc_0/Document.xml", b"<d/>")),
    "报告.docx": word(),
    "台账.xlsx": workbook(),
    "现场.jpg": picture("JPEG"),
    "现场.JPEG": picture("JPEG"),
    "截图.png": picture("PNG"),
    "说明.txt": "办理情况：已办结。\n".encode(),
    "说明gbk.txt": "办理情况：已办结。\n".encode("gb18030"),
    "材料.zip": archive(("a/通知.pdf", PDF), ("照片.jpg", picture("JPEG"))),
}
BAD: dict[str, bytes] = {
    "empty.pdf": b"",
    "script.pdf": b"<script>alert(1)</script>%PDF-1.4 startxref %%EOF",
    "page.txt": b"<!doctype html><html><script>alert(1)</script></html>",
    "cut.pdf": PDF[:20],
    "archive.docx": archive(("notes.txt", b"a")),
    "macro.docx": word(("word/vbaProject.bin", b"x")),
    "sheet.docx": workbook(),
    "text.docx": b"not an archive",
    "broken.docx": word()[:-30],
    "pdf.png": PDF,
    "cut.png": picture("PNG")[:40],
    "png.jpg": picture("PNG"),
    "binary.txt": b"a\x00b",
    "program.exe": b"MZ",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "page.html": b"<html></html>",
    "none": b"x",
    "up.zip": archive(("../notes.txt", b"a")),
    "root.zip": archive(("/etc/notes.txt", b"a")),
    "drive.zip": archive(("C:/notes.txt", b"a")),
    "link.zip": archive((link(), b"/etc/passwd")),
    "bomb.zip": archive(("notes.txt", bytes(4_000_000))),
    "inner.zip": archive(("more.zip", archive(("a.txt", b"a")))),
    "exe.zip": archive(("setup.exe", b"MZ")),
    "many.zip": archive(*((f"{n}.txt", b"a") for n in range(2_001))),
    "locked.zip": locked(archive(("notes.txt", b"a"))),
    "broken.zip": archive(("notes.txt", b"some words"))[:-12],
    "empty.zip": archive(),
    "spoilt.docx": tampered(word()),
    "spoilt.zip": tampered(archive(("notes.txt", b"some words " * 9))),
    **{f"{method}.docx": tampered(word(), method) for method in (9, 12, 14, 97)},
}


def polyglots() -> Iterable[tuple[str, bytes]]:
    """One kind's beginning with another kind's end."""
    for name, content in GOOD.items():
        ending = name.rpartition(".")[2].casefold()
        for other in ("pdf", "docx", "png", "jpg", "xlsx", "zip", "ofd"):
            if other not in (ending, "zip") and {other, ending} != {"jpg", "jpeg"}:
                yield f"{ending} as.{other}", content
