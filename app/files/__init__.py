"""Files people send in: which kinds are taken and how they are checked, and where content lies."""

from app.files.kinds import KINDS, Kind, recognised
from app.files.store import Received, chunks, kept, lies, open_content, received, sweep, there, use

__all__ = [
    "KINDS",
    "Kind",
    "Received",
    "chunks",
    "kept",
    "lies",
    "open_content",
    "received",
    "recognised",
    "sweep",
    "there",
    "use",
]
