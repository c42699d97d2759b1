"""The same acts for programs: JSON in and out, behind the doors people come through."""

from app.web.api import about, cases, files, lists, operations, settling, sharing, tasks
from app.web.api.doors import bp

__all__ = ["about", "bp", "cases", "files", "lists", "operations", "settling", "sharing", "tasks"]
