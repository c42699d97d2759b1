"""Writes small decision tables, so that a test shows its rules and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"

Rule = tuple[Sequence[str], Sequence[str]]


def table(
    inputs: Sequence[str],
    outputs: Sequence[str],
    rules: Sequence[Rule],
    *,
    policy: str | None = "UNIQUE",
    name: str = "grading",
) -> bytes:
    """A DMN file; rule n has the id `rn` and says `rule n` about itself."""
    columns = "".join(
        f'<input id="i{n}"><inputExpression id="x{n}"><text>{escape(text)}</text>'
        f"</inputExpression></input>"
        for n, text in enumerate(inputs, 1)
    ) + "".join(f'<output id="o{n}" name="{text}"/>' for n, text in enumerate(outputs, 1))
    rows = "".join(_rule(n, *rule) for n, rule in enumerate(rules, 1))
    given = "" if policy is None else f' hitPolicy="{policy}"'
    return (
        f'<definitions xmlns="{DMN}" id="d" name="d" namespace="urn:t">'
        f'<decision id="{name}" name="定级"><decisionTable id="t"{given}>{columns}{rows}'
        "</decisionTable></decision></definitions>"
    ).encode()


def _rule(number: int, tests: Sequence[str], results: Sequence[str]) -> str:
    cells = "".join(
        f'<inputEntry id="t{number}_{n}"><text>{escape(text)}</text></inputEntry>'
        for n, text in enumerate(tests, 1)
    ) + "".join(
        f'<outputEntry id="e{number}_{n}"><text>{escape(text)}</text></outputEntry>'
        for n, text in enumerate(results, 1)
    )
    return f'<rule id="r{number}"><description>rule {number}</description>{cells}</rule>'
