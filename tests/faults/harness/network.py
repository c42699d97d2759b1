"""A line between two programs that can be slowed down, cut, choked, or fall silent."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close with a reset
SLICES = 10  # a second is choked in so many parts
KINDS = ("slow", "cut", "silent", "choked")


class Line:
    """Listens on a port of its own and passes everything on, as long as nothing is wrong.

    slow: every packet comes two seconds late. cut: every connection is reset, new ones too.
    silent: nothing arrives any more, and nobody is told; those connections stay dead for good.
    choked: fifty bytes a second.
    """

    def __init__(self, target: int) -> None:
        self.target, self.port, self.fault = target, 0, ""
        self.hit = 0
        self._ready = threading.Event()
        self._ends: set[asyncio.StreamWriter] = set()
        self._dead: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    def break_(self, fault: str) -> None:
        """From now on this is wrong with it."""
        self._call(self._break, fault)

    def mend(self) -> None:
        """From now on it passes everything on again."""
        self._call(self._break, "")

    def close(self) -> None:
        """Hang up everywhere."""
        self._call(self._break, "cut")
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _call(self, do: object, *given: object) -> None:
        done = threading.Event()

        def now() -> None:
            do(*given)  # type: ignore[operator] # one of the methods below
            done.set()

        self._loop.call_soon_threadsafe(now)
        assert done.wait(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._took, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))

    def _break(self, fault: str) -> None:
        self.fault = fault
        if fault:
            self.hit += len(self._ends) // 2
        if fault == "cut":
            for end in self._ends:
                self._reset(end)
        if fault == "silent":
            self._dead |= self._ends

    def _reset(self, end: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            end.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        end.transport.abort()

    async def _took(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.fault:
            self.hit += 1
        if self.fault == "cut":
            self._reset(writer)
            return
        try:
            there, beyond = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            self._reset(writer)
            return
        ends = {writer, beyond}
        self._ends |= ends
        if self.fault == "silent":
            self._dead |= ends
        try:
            await asyncio.gather(self._pass_on(reader, beyond), self._pass_on(there, writer))
        finally:
            self._ends -= ends
            self._dead -= ends
            for end in ends:
                end.transport.abort()

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                if target in self._dead:
                    continue
                if self.fault == "slow":
                    await asyncio.sleep(2)
                for part in self._parts(data):
                    if self.fault == "choked":
                        await asyncio.sleep(1 / SLICES)
                    if target not in self._dead:
                        target.write(part)
                        await target.drain()
        if target not in self._dead:
            target.transport.abort()

    def _parts(self, data: bytes) -> Iterator[bytes]:
        """Small pieces while it is choked, the rest at once when it is no more."""
        step = 50 // SLICES
        while data:
            size = step if self.fault == "choked" else len(data)
            yield data[:size]
            data = data[size:]


@contextmanager
def line(target: int) -> Iterator[Line]:
    """A line to that port of this machine."""
    found = Line(target)
    try:
        yield found
    finally:
        found.close()
