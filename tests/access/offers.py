"""To whom the operations on cases and tasks are offered, and where the walks try them."""

from __future__ import annotations

from tests.access.cast import OFFICE, STAFF, WHO, holding

OUR_OFFICE = OFFICE - {"court's supervision clerk"}
HANDLERS = frozenset(name for name in STAFF if WHO[name][0] in ("ZJJ", "SJG"))
LEAD = frozenset(name for name in STAFF if WHO[name][0] == "ZJJ")
STARTS: dict[str, frozenset[str]] = {
    "item": OFFICE,
    "meeting": OFFICE | holding("convener"),
    "brief": OFFICE,
    "evaluation": OFFICE | holding("court_analyst", "assessment_clerk"),
}
OPERATIONS: dict[str, tuple[str, frozenset[str]]] = {
    "send_back": ("approved brief", frozenset({"supervision clerk"})),
    "copy": ("item", OUR_OFFICE | LEAD),
    "circulate": ("item", OUR_OFFICE | HANDLERS | {"copied unit's handler"}),
    "circulate_widely": ("item", OUR_OFFICE),
    "withdraw": ("item", frozenset({"lead unit's leader"})),
    "progress": ("item", HANDLERS),
    "urgent": ("item", HANDLERS),
    "extension": ("item", LEAD),
    "urge": ("item", OUR_OFFICE),
    "waive": ("item", OUR_OFFICE),
    "suspend": ("item", OUR_OFFICE),
    "resume": ("suspended item", OUR_OFFICE),
    "escalate": ("item", OUR_OFFICE),
    "sign_part": ("moved item", frozenset({"other item's handler"})),
    "reassign": ("item", OUR_OFFICE),
    "ask_clock": ("item", LEAD),
    "coordinate": ("disputed item", OUR_OFFICE),
    "instruct": ("item", OUR_OFFICE | holding("convener", "approving_leader")),
    "revoke": ("brief", frozenset({"supervision clerk"})),
    "terminate": ("item", frozenset({"supervision director"})),
    "void": ("item", frozenset({"supervision director"})),
    "reopen": ("ended item", OUR_OFFICE),
    "move": ("item", OUR_OFFICE),
}
LEADERS = frozenset(name for name in LEAD if WHO[name][1] in ("unit_leader", "unit_head"))
TASK_OPERATIONS: dict[str, tuple[str, frozenset[str]]] = {
    "claim": ("drafted notice", holding("suggestion_drafter")),
    "release": ("item", frozenset({"lead unit's handler"})),
    "circulate_first": ("item", frozenset({"lead unit's handler"})),
    "transfer": ("item", LEADERS | {"lead unit's handler"}),
    "delegate": ("item", frozenset({"lead unit's handler"})),
    "recall": ("delegated brief", frozenset({"supervision clerk"})),
    "add_before": ("item", frozenset({"lead unit's handler"})),
    "add_after": ("signed brief", frozenset({"supervision director"})),
    "add_beside": ("signed brief", frozenset({"supervision director"})),
    "remove_signers": ("signed brief", frozenset({"supervision director"})),
}
