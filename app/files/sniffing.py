"""libmagic, as the pylibmagic wheel brings it: no package of the system is asked for.

Its library is loaded from the wheel's folder alone: importing the wheel would set variables of the
environment for every program started later, and might pair one version's data with another's code.
"""

from __future__ import annotations

import ctypes
import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

MIME_TYPE: Final = 0x10
LIBRARIES: Final = ("libmagic.so.1", "libmagic.so", "libmagic.dylib")
_one_at_a_time = threading.Lock()


def media_type(head: bytes) -> str:
    """What the beginning of a file looks like."""
    library, cookie = _loaded()
    with _one_at_a_time:
        found = library.magic_buffer(cookie, head, len(head))
    return found.decode() if found else ""


@cache
def _loaded() -> tuple[ctypes.CDLL, int]:
    spec = find_spec("pylibmagic")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("pylibmagic is not installed: see requirements.lock.")
    folder = Path(spec.submodule_search_locations[0])
    library = ctypes.CDLL(str(next(filter(Path.exists, map(folder.joinpath, LIBRARIES)))))
    library.magic_open.restype = ctypes.c_void_p
    library.magic_load.argtypes = (ctypes.c_void_p, ctypes.c_char_p)
    library.magic_buffer.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t)
    library.magic_buffer.restype = ctypes.c_char_p
    cookie: int = library.magic_open(MIME_TYPE)
    if library.magic_load(cookie, str(folder / "magic.mgc").encode()) != 0:
        raise RuntimeError("libmagic cannot read its own data.")
    return library, cookie
