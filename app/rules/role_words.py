"""What the roles of domain 1.7 are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.i18n import Text, _

WORDS: Final[Mapping[str, Text]] = {
    "convener": _("Convener"),
    "approving_leader": _("Approving leader"),
    "supervision_director": _("Director of supervision"),
    "supervision_clerk": _("Supervision clerk"),
    "court_analyst": _("Court analyst"),
    "suggestion_drafter": _("Drafting judge"),
    "court_president": _("Court president"),
    "assessment_clerk": _("Assessment clerk"),
    "unit_head": _("Head of unit"),
    "unit_leader": _("Leader in charge"),
    "unit_liaison": _("Liaison"),
    "unit_handler": _("Handler"),
    "co_handler": _("Co-handler"),
    "npc_observer": _("People's Congress observer"),
    "external_analyst": _("External analyst"),
    "process_designer": _("Process designer"),
    "process_reviewer": _("Process reviewer"),
    "business_auditor": _("Business auditor"),
    "sys_admin": _("System administrator"),
    "sec_admin": _("Security administrator"),
    "audit_admin": _("Audit administrator"),
}
