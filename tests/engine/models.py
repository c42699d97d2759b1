"""Makes up block-structured diagrams: every construct on the supported list, nested at random."""

from __future__ import annotations

from collections.abc import Callable

from tests.engine import decisions
from tests.engine.diagrams import Diagram

Choose = Callable[[int], int]

BLOCKS = (
    "task",
    "choice",
    "parallel",
    "inclusive",
    "loop",
    "interrupting",
    "reminding",
    "sub",
    "repeat",
    "wait",
    "call",
    "ends",
    "fails",
    "stops",
    "several",
)


# What the block "asks" asks: only where the files of a bundle are compiled together.
TABLE = decisions.table(["asked"], ["level"], [(["true"], ['"high"']), (["-"], ['"low"'])],
                        policy="FIRST")  # fmt: skip


class Model:
    """A made-up process, the processes it calls, and the facts its gateways ask for."""

    def __init__(self, choose: Choose, blocks: tuple[str, ...] = BLOCKS, size: int = 8) -> None:
        self.choose = choose
        self.blocks = blocks
        self.left = size
        self.count = 0
        self.facts: list[str] = ["asked"] if "asks" in blocks else []
        self.called: list[Diagram] = []
        diagram = Diagram("main").start()
        self.sequence(diagram, 0, in_loop=False)
        self.main = diagram.end("main_end")

    @property
    def xml(self) -> bytes:
        return self.main.file(*self.called)

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def fact(self) -> str:
        self.facts.append(f"事实{len(self.facts)}")
        return self.facts[-1]

    def sequence(self, diagram: Diagram, depth: int, *, in_loop: bool) -> None:
        """One to three blocks, one after the other; deeper down there are fewer."""
        for _ in range(1 + self.choose(3 if depth < 2 else 1)):
            self.left -= 1
            kinds = self.blocks if self.left > 0 and depth < 3 else ("task",)
            kind = kinds[self.choose(len(kinds))]
            if in_loop and kind == "inclusive":
                kind = "parallel"
            getattr(self, f"_{kind}")(diagram, depth + 1, in_loop)

    def ask(self, diagram: Diagram, id_: str) -> None:
        """Somebody's task."""
        diagram.user(id_)

    def _task(self, diagram: Diagram, _depth: int, _in_loop: bool) -> None:
        self.ask(diagram, self.name("u"))

    def _split(self, diagram: Diagram, depth: int, in_loop: bool, kind: str) -> None:
        split, join = self.name("split"), self.name("join")
        add = {"choice": diagram.xor, "parallel": diagram.both, "inclusive": diagram.some}[kind]
        add(split)
        for branch in range(2 + self.choose(2)):
            conditional = kind != "parallel" and branch > 0
            diagram.at(split, when=self.fact() if conditional else None)
            self.sequence(diagram, depth, in_loop=in_loop)
            if branch == 0:
                add(join)
            else:
                diagram.to(join)
        diagram.at(join)

    def _choice(self, diagram: Diagram, depth: int, in_loop: bool) -> None:
        self._split(diagram, depth, in_loop, "choice")

    def _parallel(self, diagram: Diagram, depth: int, in_loop: bool) -> None:
        self._split(diagram, depth, in_loop, "parallel")

    def _inclusive(self, diagram: Diagram, depth: int, in_loop: bool) -> None:
        self._split(diagram, depth, in_loop, "inclusive")

    def _loop(self, diagram: Diagram, depth: int, _in_loop: bool) -> None:
        again, first = self.name("again"), self.name("u")
        self.ask(diagram, first)
        self.sequence(diagram, depth, in_loop=True)
        diagram.xor(again).at(again, when=self.fact()).to(first).at(again)

    def _guarded(self, diagram: Diagram, depth: int, in_loop: bool, interrupts: bool) -> None:
        """A task or sub-process with a timer on it whose way ends or joins again."""
        guarded, timer = self.name("u"), self.name("timer")
        if self.choose(3) == 0:
            inside = Diagram(guarded).start(self.name("s"))
            self.sequence(inside, depth, in_loop=in_loop)
            diagram.sub(guarded, inside.end(self.name("e")))
        else:
            diagram.user(guarded)
        after = f"'PT{1 + self.choose(5)}H'"
        diagram.boundary(guarded, timer, after=after, interrupts=interrupts)
        diagram.user(self.name("late"))
        if interrupts and (depth > 1 or self.choose(2)):
            meet = self.name("meet")
            diagram.xor(meet).at(guarded).to(meet).at(meet)
        else:
            diagram.end(self.name("late_end")).at(guarded)

    def _interrupting(self, diagram: Diagram, depth: int, in_loop: bool) -> None:
        self._guarded(diagram, depth, in_loop, interrupts=True)

    def _reminding(self, diagram: Diagram, depth: int, in_loop: bool) -> None:
        self._guarded(diagram, depth, in_loop, interrupts=False)

    def _sub(self, diagram: Diagram, depth: int, in_loop: bool) -> None:
        inside = Diagram().start(self.name("s"))
        self.sequence(inside, depth, in_loop=in_loop)
        diagram.sub(self.name("sub"), inside.end(self.name("e")))

    def _several(self, diagram: Diagram, depth: int, in_loop: bool) -> None:
        """A sub-process that runs several times at once."""
        inside = Diagram().start(self.name("s"))
        self.sequence(inside, depth + 1, in_loop=in_loop)
        diagram.sub(self.name("many"), inside.end(self.name("e")), times=1 + self.choose(3))

    def _stops(self, diagram: Diagram, depth: int, in_loop: bool) -> None:
        """A sub-process one branch of which may put an end to all the others."""
        inside, split, choice = Diagram().start(self.name("s")), self.name("split"), self.name("c")
        inside.both(split).user(self.name("u")).xor(choice).end(self.name("e"))
        inside.at(choice, when=self.fact()).end(self.name("stop"), cause="terminate").at(split)
        self.sequence(inside, depth, in_loop=in_loop)
        diagram.sub(self.name("sub"), inside.end(self.name("e")))

    def _asks(self, diagram: Diagram, _depth: int, _in_loop: bool) -> None:
        """A decision table asked about a fact; what it says decides the way."""
        rule, ask, choice, meet = (self.name(kind) for kind in ("ask", "rule", "choice", "meet"))
        diagram.user(rule).rule(ask, "grading").xor(choice).user(self.name("u")).xor(meet)
        diagram.at(choice, when='level == "high"').user(self.name("u")).to(meet).at(meet)

    def _repeat(self, diagram: Diagram, _depth: int, _in_loop: bool) -> None:
        one_by_one = bool(self.choose(2))
        diagram.user(self.name("many"), times=1 + self.choose(3), one_by_one=one_by_one)

    def _wait(self, diagram: Diagram, _depth: int, _in_loop: bool) -> None:
        diagram.wait(self.name("wait"), after=f"'PT{1 + self.choose(5)}H'")

    def _call(self, diagram: Diagram, depth: int, _in_loop: bool) -> None:
        called = Diagram(self.name("called")).start(self.name("s"))
        diagram.call(self.name("call"), called.id)
        self.sequence(called, depth, in_loop=False)
        self.called.append(called.end(self.name("e")))

    def _ends(self, diagram: Diagram, depth: int, in_loop: bool) -> None:
        """Branches that part and never meet again: one of them just ends."""
        split = self.name("split")
        diagram.both(split)
        if in_loop:  # two rounds may be open at once; no join could tell them apart
            self._task(diagram, depth, in_loop)
        else:
            self.sequence(diagram, depth, in_loop=False)
        diagram.end(self.name("side_end")).at(split)

    def _fails(self, diagram: Diagram, depth: int, in_loop: bool) -> None:
        """A sub-process that may end in an error or an escalation, caught on its border."""
        code = "error:A" if self.choose(2) else "escalation:A"
        inside = Diagram().start(self.name("s"))
        self.sequence(inside, depth, in_loop=in_loop)
        choice, failing, meet = self.name("choice"), self.name("fails"), self.name("meet")
        inside.xor(choice).end(self.name("e")).at(choice, when=self.fact())
        inside.end(self.name("failed"), cause=code)
        diagram.sub(failing, inside).boundary(failing, self.name("caught"), cause=code)
        self._task(diagram, depth, in_loop)
        diagram.xor(meet).at(failing).to(meet).at(meet)
