"""Puts the corpus to the engine in a process of its own, where nothing that happens goes unseen.

`python -P -m tests.engine.corpus.run FOLDER PORT JOB…` prints one JSON line for each job. A job is
`everything`, `heavy`, or the name of a planted fault (`plants.PLANTS`), which must be noticed.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import resource
import signal
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from app import engine
from app.engine import EngineError, ExpressionError, Severity
from app.engine.bundle.environment import ScriptEngine
from app.engine.language import expressions, moments, unary
from tests.engine import test_places
from tests.engine.corpus import files, heavy, payloads, plants
from tests.engine.corpus.files import Hostile
from tests.engine.corpus.states import states
from tests.engine.decisions import table
from tests.engine.diagrams import Diagram
from tests.engine.test_hostile_expressions import FACTS, HOSTILE

NOW = dt.datetime(2028, 1, 1, tzinfo=dt.timezone.utc)
TABLE = table(["v"], ["o"], [(["-"], ["1"])], name="t")
HARMLESS = {"compile", "builtins.id", "sys._getframe", "object.__getattr__", "signal.setitimer"}
KEYS = ("files", "refused", "inert", "expressions", "read", "states", "loaded")


class TooLong(BaseException):
    """Something held the process longer than a worker may be held."""


class Watch:
    """What the interpreter did while the corpus was at it, and what came of each piece."""

    def __init__(self) -> None:
        self.longest = 5
        self.looking = False
        self.events: Counter[str] = Counter()
        self.counts: Counter[str] = Counter(dict.fromkeys(KEYS, 0))
        self.wrong: list[str] = []
        self.slowest = (0.0, "")
        sys.addaudithook(self._heard)

    def _heard(self, event: str, _given: tuple[Any, ...]) -> None:
        if self.looking and event not in HARMLESS:
            self.events[event] += 1

    @contextlib.contextmanager
    def at(self, name: str) -> Iterator[None]:
        """Look while this piece is at work: our own errors only, and not for long."""
        began = time.thread_time()
        # Again and again: the first may fall into code that swallows it, such as a destructor.
        signal.setitimer(signal.ITIMER_PROF, self.longest, self.longest)
        self.looking = True
        try:
            yield
        except EngineError:
            pass
        except TooLong:
            self.wrong.append(f"{name}: held the process for {self.longest} s")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is not ours
            self.wrong.append(f"{name}: {type(error).__name__}: {error}"[:200])
        finally:
            self.looking = False
            signal.setitimer(signal.ITIMER_PROF, 0)
            self.slowest = max(self.slowest, (round(time.thread_time() - began, 3), name))

    def report(self, job: str) -> dict[str, Any]:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        return {"job": job, **self.counts, "events": dict(self.events), "wrong": self.wrong[:20],
                "wrongs": len(self.wrong), "slowest": self.slowest, "megabytes": peak}  # fmt: skip


def judge(watch: Watch, hostile: Hostile, *, inert: bool = False) -> None:
    """The gate's word on a file: an error that names an element, or kept and listed."""
    found: list[engine.Finding] = []
    with watch.at(f"gate: {hostile.name}"):
        found = engine.check(hostile.judged)
    errors = [each for each in found if each.severity is Severity.ERROR]
    watch.counts["files"] += 1
    if errors and (errors[0].element or errors[0].code.startswith(("file_", "not_", "no_"))):
        watch.counts["refused"] += 1
    elif inert or any(each.code == "vendor" for each in found):
        watch.counts["inert"] += 1
    else:
        watch.wrong.append(f"gate: {hostile.name}: may be published")


def live(watch: Watch, hostile: Hostile) -> None:
    """The file as if nobody had judged it: described, compiled, started, completed."""
    with watch.at(f"describe: {hostile.name}"):
        engine.describe(hostile.xml)
    for process in ("p", "case"):
        with watch.at(f"run: {hostile.name}"):
            compiled = engine.compile_bundle([hostile.xml, hostile.beside or TABLE], process)
            outcome = engine.start(compiled, dict(FACTS, mapping=None), now=NOW)
            for _ in range(3):
                for step in engine.open_steps(compiled, outcome.state)[:1]:
                    outcome = engine.complete(compiled, outcome.state, step.id, {}, now=NOW)
                outcome = engine.refresh(compiled, outcome.state, now=NOW + dt.timedelta(days=9))


def stock(watch: Watch, hostile: Hostile) -> None:
    """The engine's widest parser and its own loop, with nothing of ours but the environment."""
    with watch.at(f"stock: {hostile.name}"), contextlib.suppress(Exception):
        test_places.run(hostile.xml, hostile.beside, ScriptEngine({}))


def say(watch: Watch, text: str) -> None:
    """An expression wherever one can stand: read, worked out, as a test, as a time."""
    watch.counts["expressions"] += 1
    ways: dict[str, Callable[[], object]] = {
        "value": lambda: engine.evaluate(text, FACTS),
        "test": lambda: unary.read(text)(1, FACTS),
        "duration": lambda: moments.due("timeDuration", text, FACTS, NOW),
        "date": lambda: moments.due("timeDate", text, FACTS, NOW),
    }
    for way, act in ways.items():
        with watch.at(f"{way}: {text[:60]}"):
            act()
    with contextlib.suppress(ExpressionError):
        expressions.read(text)
        watch.counts["read"] += 1


def load(watch: Watch, name: str, saved: bytes, compiled: engine.Compiled) -> None:
    """A stored case that nobody stored."""
    watch.counts["states"] += 1
    with watch.at(f"state: {name}"):
        outcome = engine.refresh(compiled, saved, now=NOW)
        for step in engine.open_steps(compiled, outcome.state):
            outcome = engine.complete(compiled, outcome.state, step.id, {}, now=NOW)
        watch.counts["loaded"] += 1


def everything(watch: Watch, folder: Path, port: int) -> None:
    for hostile in files.places():
        judge(watch, hostile)
        live(watch, hostile)
        stock(watch, hostile)
    for hostile in (*files.drawn(), *files.shapes(), *files.tables()):
        judge(watch, hostile)
        live(watch, hostile)
    for hostile in (*files.reaching(folder, port), *files.inert()):
        judge(watch, hostile, inert=True)
        live(watch, hostile)
    for text in (*HOSTILE, *payloads.CODE.values(), *payloads.expressions()):
        say(watch, text)
    compiled, good = stored()
    for name, saved in states(good):
        load(watch, name, saved, compiled)


def stored() -> tuple[engine.Compiled, bytes]:
    """A case with something of everything in its state."""
    inside = Diagram().start("b2").user("x").end("e2")
    diagram = Diagram("case").start().both("s").sub("part", inside).both("j").user("z").end()
    diagram.at("s").user("many", times=2).to("j").at("s").wait("w", after="PT1H").to("j")
    compiled = engine.compile_bundle([diagram.xml], "case")
    return compiled, engine.start(compiled, {"a": 1, "金额": "x", "list": [1]}, now=NOW).state


def heavy_ones(watch: Watch, _folder: Path, _port: int) -> None:
    """Files of a megabyte: judged in time, in little memory."""
    for name, xml in heavy.files():
        watch.counts["files"] += 1
        with watch.at(f"gate: {name}"):
            engine.check(xml)


def run(job: str, folder: Path, port: int) -> dict[str, Any]:
    """One job, watched."""
    act = {"everything": everything, "heavy": heavy_ones}.get(job) or plants.PLANTS[job]
    watch = Watch()
    signal.signal(signal.SIGPROF, _stop)
    warnings.simplefilter("ignore")
    act(watch, folder, port)
    return watch.report(job)


def _stop(_number: int, _frame: object) -> None:
    raise TooLong


def main() -> None:
    """Each job in a fork, after everything that is loaded late is there."""
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    everything_once()
    os.chdir(folder)
    for job in sys.argv[3:]:
        child = os.fork()
        if not child:
            print(json.dumps(run(job, folder, port)), flush=True)
            os._exit(0)
        os.waitpid(child, 0)


def everything_once() -> None:
    """What the corpus does, with nothing hostile in it: modules and tables are loaded now."""
    calm = Watch()
    compiled, good = stored()
    for hostile in (Hostile("calm", Diagram("case").start().user("a").end().xml), *files.tables()):
        judge(calm, hostile)
        live(calm, hostile)
        stock(calm, hostile)
    for text in ("a == 1", "a +", "'P1D'", "2027-01-01"):
        say(calm, text)
    load(calm, "calm", good, compiled)


if __name__ == "__main__":
    main()
