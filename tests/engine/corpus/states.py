"""Stored cases nobody stored: other formats, other versions, and our own format with lies in it."""

from __future__ import annotations

import copy
import pickle
import random
from collections.abc import Iterator
from typing import Any

import orjson
import zstandard

from app.engine.case import state
from tests.engine.test_places import PAYLOAD, old_case

LIES = [None, True, -1, 10**6, 2**63, "", "n", PAYLOAD, [], [[]], {}, {"exec": PAYLOAD},
        {"decimal": PAYLOAD}, {"date": "x"}, {"map": [[1, 2]]}, {"tuple": 7}, 1.5]  # fmt: skip


class Bite:
    """What a pickle would run while it is loaded."""

    def __reduce__(self):
        return (eval, (PAYLOAD,))


def sealed(document: Any) -> bytes:
    """A document as our own code would keep it."""
    return state.HEADER + zstandard.ZstdCompressor().compress(orjson.dumps(document))


def opened(saved: bytes) -> Any:
    """The document inside a saved case."""
    packed = saved[len(state.HEADER) :]
    return orjson.loads(zstandard.ZstdDecompressor().decompress(packed))


def states(good: bytes) -> Iterator[tuple[str, bytes]]:
    """Hostile states by name; `good` is one that could be loaded."""
    for version in ("1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "9.9"):
        yield f"serializer {version}", orjson.dumps(old_case(version))
        yield f"header {version}", good.replace(b"spiff-1.5", f"spiff-{version}x".encode())
        yield f"old case under our header {version}", sealed(old_case(version))
    for protocol in range(6):
        yield f"pickle {protocol}", pickle.dumps(Bite(), protocol)
        yield f"pickle under our header {protocol}", state.HEADER + pickle.dumps(Bite(), protocol)
    compressor = zstandard.ZstdCompressor()
    yield "bomb", state.HEADER + compressor.compress(bytes(state.LARGEST * 4))
    yield "deep", state.HEADER + compressor.compress(b"[" * 100_000 + b"]" * 100_000)
    yield "cut", good[:-7]
    yield "no state", b""
    yield from twisted(good, 200)


def twisted(good: bytes, count: int) -> Iterator[tuple[str, bytes]]:
    """A good state with a lie told somewhere in it."""
    dice = random.Random(20)
    for number in range(count):
        document = opened(good)
        places = list(_places(document))
        holder, key = dice.choice(places)
        holder[key] = copy.deepcopy(dice.choice(LIES))
        yield f"lie {number}", sealed(document)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Everywhere in a document that something else could stand."""
    keys = range(len(value)) if isinstance(value, list) else list(value)
    for key in keys:
        yield value, key
        if isinstance(value[key], (list, dict)):
            yield from _places(value[key])
