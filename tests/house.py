"""What the house rules look at: the project's own files, functions and links."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE = ("app/", "ops/", "tests/")


@cache
def files() -> tuple[str, ...]:
    """Every file that is, or is about to be, part of the project."""
    git = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT)]
    listed = subprocess.run(
        [*git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(sorted(name for name in listed.stdout.split("\0") if (ROOT / name).is_file()))


def matching(*endings: str, under: tuple[str, ...] = ("",)) -> list[str]:
    """The files with one of these endings below one of these folders."""
    return [name for name in files() if name.endswith(endings) and name.startswith(under)]


@cache
def text(name: str) -> str:
    """What a file says."""
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def tree(name: str) -> ast.Module:
    """A Python file's syntax tree."""
    return ast.parse(text(name))


def functions(name: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a Python file, inner ones too."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def calls(name: str) -> Iterator[tuple[int, str]]:
    """Every call of a Python file: its line and the called expression as written."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def lines_with(pattern: str, names: Iterable[str]) -> list[str]:
    """`file:line: text` wherever the pattern is found."""
    return [
        f"{name}:{number}: {line.strip()}"
        for name in names
        for number, line in enumerate(text(name).splitlines(), 1)
        if re.search(pattern, line)
    ]


def links(name: str) -> list[str]:
    """Where a Markdown file's links and pictures lead."""
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", text(name), flags=re.DOTALL)
    return re.findall(r"\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)", prose)


def anchors(name: str) -> set[str]:
    """The places in a Markdown file a link can point at, as code hosts name them."""
    titles = re.findall(r"^#{1,6}\s+(.+?)\s*#*$", text(name), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
