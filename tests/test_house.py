"""The rules of the house that no linter sees; STYLE.md gives the reasons."""

from __future__ import annotations

import ast
import re
from pathlib import PurePath

from ops import messages
from tests.house import (
    CODE,
    ROOT,
    calls,
    files,
    functions,
    lines_with,
    matching,
    text,
    tree,
)

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
DRAWERS = {"util", "helper", "manager", "service", "common", "misc", "lib", "stuff"}
SOURCES = (".py", ".html", ".js", ".mjs", ".css")
OPENINGS = {
    ".html": ("{#",),
    ".js": ("//",),
    ".mjs": ("//",),
    ".css": ("/*",),
    ".bpmn": ("<!--",),
    ".dmn": ("<!--",),
}
CLOCKS = {"now", "utcnow", "today", "time.time", "time.time_ns", "date.today"}
REASON = r"\s*[-–—#:]\s*\w{2,}.*\s\w+"


def python(*under: str) -> list[str]:
    return matching(".py", under=under or CODE)


def test_no_file_is_longer_than_a_person_reads_at_once():
    long = {name: text(name).count("\n") for name in matching(*SOURCES, under=CODE)}

    assert {name: lines for name, lines in long.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen():
    long = [
        f"{name}:{function.lineno} {function.name}: {function.end_lineno - function.lineno + 1}"
        for name in python()
        for function in functions(name)
        if function.end_lineno - function.lineno + 1 > LONGEST_FUNCTION
    ]

    assert long == []


def test_nothing_is_called_after_a_drawer_where_anything_goes():
    words = {
        name: {
            word.rstrip("s") for part in PurePath(name).parts for word in re.split(r"[_.]", part)
        }
        for name in matching(*SOURCES, under=CODE)
    }

    assert [name for name, parts in words.items() if parts & DRAWERS] == []


def test_every_python_file_opens_by_saying_what_it_is_for():
    silent = [name for name in matching(".py") if silent_or_rambling(ast.get_docstring(tree(name)))]

    assert silent == []


def silent_or_rambling(docstring: str | None) -> bool:
    """Whether a docstring is missing, not a sentence, or does not come to the point at once."""
    first = (docstring or "").split("\n\n")[0]
    return not first.endswith((".", "?", "!", ":")) or len(first.split()) < 3


def test_every_other_source_opens_by_saying_what_it_is_for():
    silent = [
        name
        for name in matching(*OPENINGS, under=("app/", "ops/", "bpmn/", "tests/"))
        if not opening(name).startswith(OPENINGS[PurePath(name).suffix])
    ]

    assert silent == []


def opening(name: str) -> str:
    """A file's first words, after what XML must begin with."""
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text(name)).lstrip()


def test_only_one_place_asks_what_time_it_is():
    asking = [
        f"{name}:{line} {called}"
        for name in python("app/")
        if name != "app/clock.py"
        for line, called in calls(name)
        if called in CLOCKS or (called.startswith("date") and called.split(".")[-1] in CLOCKS)
    ]

    assert asking == []


def test_only_one_place_commits():
    committing = [
        f"{name}:{line}"
        for name in python("app/")
        if name != "app/db.py"
        for line, called in calls(name)
        if called.endswith(".commit")
    ]

    assert committing == []


def test_a_command_never_calls_another():
    everything = {
        function.name for name in python("app/commands/") for function in commands_of(name)
    }
    crossing = [
        f"{name}: {function.name} calls {node.func.id}"
        for name in python("app/commands/")
        for function in commands_of(name)
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        if isinstance(node.func, ast.Name) and node.func.id in everything
    ]

    assert everything
    assert crossing == []


def commands_of(name: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The commands a module holds: its functions under the decorator."""
    return [
        function
        for function in functions(name)
        if any(ast.unparse(each) == "command" for each in function.decorator_list)
    ]


def test_nothing_of_ours_has_to_be_waited_for():
    """Flask calls views as they are (`Doors` in app/__init__.py)."""
    later = [
        f"{name}:{node.lineno}"
        for name in python("app")
        for node in ast.walk(tree(name))
        if isinstance(node, ast.AsyncFunctionDef)
    ]

    assert later == []


def test_no_test_sleeps_or_is_skipped():
    idle = [
        f"{name}:{line} {called}"
        for name in python("tests/")
        if name != "tests/faults/harness/pace.py"
        for line, called in calls(name)
        if called
        in {"time.sleep", "sleep", "pytest.skip", "pytest.mark.skip", "pytest.mark.skipif"}
        or called.endswith(("mark.xfail", "wait_for_timeout", "importorskip"))
    ]

    assert idle == []


def test_every_exception_to_a_rule_gives_its_reason():
    excused = lines_with(r"#\s*(noqa\b|type:\s*ignore|pragma:)", python("app/", "ops/"))
    kinds = r"(noqa:\s*[A-Z]+\d+(, [A-Z]+\d+)*|type:\s*ignore\[[\w, -]+\]|pragma: no \w+)"

    assert [line for line in excused if not re.search(rf"#\s*{kinds}{REASON}", line)] == []


def test_nothing_is_left_for_later():
    later = "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X"))

    assert (
        lines_with(rf"\b({later})\b", matching(*SOURCES, ".bpmn", ".md", ".json", under=CODE)) == []
    )


def test_templates_hold_no_inline_style_or_script():
    forbidden = r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)|javascript:|\|\s*safe\b"

    assert lines_with(forbidden, matching(".html", under=("app/templates/",))) == []


def test_no_file_names_this_machine_or_where_packages_come_from():
    machine = ("/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/opt" + "/")
    hosts = ("py" + "pi\\.org", "python" + "hosted", "npm" + "js\\.")
    readable = [name for name in files() if not name.endswith((".png", ".xlsx", ".ico", ".woff2"))]

    assert lines_with("|".join((*machine, *hosts)), readable) == []


def test_locks_hold_versions_and_hashes_and_no_address():
    python_locks = matching(".lock")
    unhashed = [
        requirement.split()[0]
        for name in python_locks
        for requirement in re.split(r"\n(?=\S)", text(name))
        if not re.search(r"==\S+.*--hash=sha256:", requirement, flags=re.DOTALL)
    ]

    assert python_locks
    assert unhashed == []
    assert lines_with(r"https?://|resolved|index-url", [*python_locks, "package-lock.json"]) == []


def test_every_text_is_translated(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["messages", "--check"])

    assert messages.main() == 0, capsys.readouterr().out


def test_every_tool_this_project_runs_is_asked_for_in_one_file():
    assert (ROOT / "pyproject.toml").exists()
    assert [name for name in files() if PurePath(name).name in {"setup.cfg", "tox.ini"}] == []
