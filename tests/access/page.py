"""docs/access.md: the tables the walks hold the application to, as a page for people.

`python -m tests.access.page` writes it anew; a test says when that is due.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from app.commands.command import Command
from tests import databases
from tests.access.act import STRANGER
from tests.access.acts import ACTS
from tests.access.cast import STAFF, WHO, readers
from tests.access.offers import OPERATIONS, STARTS, TASK_OPERATIONS
from tests.access.routes import Entry
from tests.access.table import TABLE
from tests.access.town import Town, populate
from tests.access.walker import expected

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "access.md"
COLUMNS: dict[str, str] = {
    "unit staff": "Unit", "supervision_clerk": "SC", "supervision_director": "SD",
    "convener": "Cv", "approving_leader": "AL", "court_analyst": "CA",
    "suggestion_drafter": "Dr", "court_president": "CP", "assessment_clerk": "AC",
    "external_analyst": "EA", "npc_observer": "Ob", "business_auditor": "BA",
    "audit_admin": "AA", "sys_admin": "SyA", "sec_admin": "SeA", "process_designer": "PD",
    "process_reviewer": "PR",
}  # fmt: skip
OPEN, SOME, CLOSED = "●", "○", "·"
INTRODUCTION = """\
# Who may open what

**中文提要** 本页列出每一类案件、每一个网址、每一项操作分别对哪些角色开放。\
内容由测试中的对照表生成；测试以每一种角色、每一种与案件的关系逐一访问每一个网址，\
凡与本表不符即不通过，新增网址未登记也不通过。看不到的案件与不存在的案件回答完全相同（404）；\
看得到但不归自己办的操作会说明理由（403）。

Written from the tables in `tests/access/` by `python -m tests.access.page`; do not edit by hand. \
The tests there visit every address as every role and in every relation to a case, on SQLite and \
PostgreSQL, and fail where an answer is not the declared one, where a new address has no line, or \
where reading writes anything.

A case somebody may not know of is answered exactly as one that does not exist (404). Whoever may \
know of it but not do something with it hears why not (403). Nobody signed in is asked to sign in, \
whatever the address.

**Roles:** {roles}; Unit = the posts of a unit ({staff}), which see the cases their unit has a \
part in as lead, co-handler, addressee, copied unit, opener, or because a task was given to it.

**Marks:** {open} open; {some} open where it concerns them; {closed} not open.
"""


def text(town: Town) -> str:
    """The whole page."""
    marks = {"open": OPEN, "some": SOME, "closed": CLOSED}
    named = ", ".join(f"{code} = `{role}`" for role, code in COLUMNS.items() if code != "Unit")
    staff = ", ".join(f"`{role}`" for role in sorted({WHO[name][1] for name in STAFF}))
    sections = [
        INTRODUCTION.format(roles=named, staff=staff, **marks),
        "## Who may know of a case\n\n" + kinds(town),
        "## Addresses\n\n" + addresses(town),
        "## What is offered on a case, and what can be started\n\n" + offers(),
        "## Commands\n\nWhat the tests try of each: the one who may, a colleague who knows of the "
        "thing but may not, and a stranger.\n\n" + commands(),
    ]
    return "\n".join(sections)


def kinds(town: Town) -> str:
    """Which role may know of which kind of case."""
    rows = []
    for kind in sorted({placed.kind for placed in town.cases}):
        of_kind = [readers(placed) for placed in town.cases if placed.kind == kind]
        counts = {name: sum(name in each for each in of_kind) for name in WHO}
        whole = {name for name, count in counts.items() if count == len(of_kind)} - STAFF
        some = {name for name, count in counts.items() if count}
        rows.append([f"`{kind}`", *marks(whole, some | STAFF)])
    return table(["Kind", *COLUMNS.values()], rows)


def addresses(town: Town) -> str:
    """Every address with whom it is for."""
    rows = [[f"`{line}`", entry.audience, *opened(entry, town)] for line, entry in TABLE.items()]
    return table(["Address", "Open to", *COLUMNS.values()], rows)


def opened(entry: Entry, town: Town) -> list[str]:
    """The marks of one address."""
    things = list(entry.things(town))
    met = {name: {expected(entry, thing, name) for thing in things} for name in WHO}
    return marks(
        {name for name, answers in met.items() if answers == {"opens"}},
        {name for name, answers in met.items() if "opens" in answers},
    )


def marks(whole: Iterable[str], some: Iterable[str]) -> list[str]:
    """One mark per column: open to all of the cast in it, to some of them, to nobody."""
    found = []
    for role in COLUMNS:
        cast = {
            name for name, (_unit, held) in WHO.items()
            if held == role or (role == "unit staff" and name in STAFF)
        }  # fmt: skip
        found.append(OPEN if cast <= set(whole) else SOME if cast & set(some) else CLOSED)
    return found


def offers() -> str:
    """Operations and starts with the roles they are offered to."""
    rows = [[f"operation `{name}`", listed(doers)] for name, (_on, doers) in OPERATIONS.items()]
    rows += [[f"on a task `{n}`", listed(doers)] for n, (_on, doers) in TASK_OPERATIONS.items()]
    rows += [[f"start `{name}`", listed(whom)] for name, whom in STARTS.items()]
    return table(["What", "Offered to"], rows)


def listed(names: Iterable[str]) -> str:
    """People in the order of the cast."""
    wanted = set(names)
    return ", ".join(name for name in WHO if name in wanted)


def commands() -> str:
    """Every command with who tries it."""
    rows = [
        [f"`{place(command)}`", act.may, act.colleague, "404" if act.hidden else "403"]
        for command, act in ACTS.items()
    ]
    return table(["Command", "May", "Hears why not", f"The {STRANGER} hears"], rows)


def place(command: Command) -> str:
    """Where a command stands."""
    return f"{command.do.__module__.rpartition('.')[2]}.{command.name}"


def table(heads: list[str], rows: Iterable[list[str]]) -> str:
    """A table as Markdown writes it."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def main() -> int:
    """Write the page from a county of its own."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/town.sqlite3"
        with databases.application(address) as app, app.app_context():
            PAGE.write_text(text(populate()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
