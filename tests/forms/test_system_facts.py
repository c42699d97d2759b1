"""Nobody writes what only the system knows: posts hold a form's fields and nothing besides (S7)."""

from __future__ import annotations

import random
import re

import pytest
from werkzeug.datastructures import MultiDict

from app import forms
from app.config import ROOT
from app.errors import Invalid

FORMS = forms.all_forms()
DOCUMENTED = (ROOT / "docs" / "designers.md").read_text()
EFFECTS = DOCUMENTED.partition("## Effects")[2].partition("\n## ")[0]
ROWS = [line.split("|") for line in EFFECTS.splitlines() if line.startswith("| `")]
GIVEN = {name for row in ROWS for name in re.findall(r"`(\w+)`", row[4])}
STARTED = {"needs_approval", "needs_leader", "has_co", "publication"}
STRANGE = ["sys.user", "sys", "leader_ok", "%decision", "__class__", "__proto__", "decision.x",
           "case_id", "status", "actor", "unit_id", "len", "max", "True", "ａpproved", "领导同意",
           " ", "", "a" * 5000, "decision\u200b", "Decision"]  # fmt: skip


def others(key: str, dice: random.Random) -> list[str]:
    """Names a form does not have: the system's, other forms', and made-up ones."""
    mine = {field.name for field in FORMS[key].fields}
    foreign = sorted({field.name for form in FORMS.values() for field in form.fields} - mine)
    made_up = ["".join(dice.choices("abxyz_", k=dice.randrange(1, 9))) for _ in range(20)]
    names = [*GIVEN, *STARTED, *STRANGE, *made_up, *dice.sample(foreign, min(20, len(foreign)))]
    return [name for name in dict.fromkeys(names) if name not in mine]


def lets_through(form: forms.Form, given: dict, name: str) -> bool:
    """Whether a post with this name in it is taken with it, or refused for another reason only."""
    for check in (forms.checked, forms.draft):
        try:
            kept = check(form, given, context=forms.Context())
        except Invalid as refusal:
            # Of a question that is not asked, the answer is dropped whole, whatever is in it.
            if name in given and name not in refusal.fields:
                return True
        else:
            if name in repr(kept) or name in given:
                return True
    return False


@pytest.mark.soak("S7")
def test_a_field_nobody_asked_for_is_refused_in_every_form(figures, chance, size):
    tried, through = 0, []
    for key, form in FORMS.items():
        tables = [field.name for field in form.fields if field.columns]
        posts = [(name, {name: value}) for name in others(key, chance) for value in (True, "x", [])]
        posts = chance.sample(posts, min(len(posts), size(35, 1_000)))
        posts += [("leader_ok", {table: [{"leader_ok": "x"}]}) for table in tables]
        tried += len(posts)
        through += [(key, name) for name, given in posts if lets_through(form, given, name)]

    figures("forms", len(FORMS), at_least=45)
    figures("posts with a field nobody asked for", tried, at_least=2_000)
    figures("that were taken", len(through), exactly=0)
    assert through == []


@pytest.mark.parametrize("key", FORMS)
def test_a_browsers_post_cannot_bring_it_either(key):
    for name in (*GIVEN, "leader_ok", "sys.user"):
        with pytest.raises(Invalid):
            forms.checked(
                FORMS[key],
                forms.parse_post(FORMS[key], MultiDict({name: "true"})),
                context=forms.Context(),
            )


def test_no_form_asks_for_what_only_the_system_gives():
    assert len(GIVEN) >= 5
    facts = {field.name for form in FORMS.values() for field in form.fields if field.fact}

    assert facts & (GIVEN | STARTED) == set()
