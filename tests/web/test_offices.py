"""The units a list can be narrowed to: in the reader's language, the chosen one marked."""

from __future__ import annotations

import re

from app.commands.units import add_unit, rename_unit

OPTION = re.compile(r'<option value="(\d+)"( selected)?>([^<]*)</option>')


def senders(browser, wanted=""):
    page = browser.get(f"/inbox/?from={wanted}").text
    (select,) = re.findall(r'<select class="form-select" name="from">.*?</select>', page, re.DOTALL)
    return {int(number): (bool(chosen), name) for number, chosen, name in OPTION.findall(select)}


def test_every_unit_is_offered_and_the_chosen_one_marked(tanghe, enter):
    browser, housing = enter(tanghe.actor("unit_handler", "ZJJ")), tanghe.unit("ZJJ")
    names = {"name": "县住建局", "name_en": "Housing Bureau"}
    rename_unit(housing, names, actor=tanghe.actor("sys_admin"))

    assert {chosen for chosen, _name in senders(browser).values()} == {False}
    found = senders(browser, housing)
    assert [number for number, (chosen, _name) in found.items() if chosen] == [housing]
    assert found[housing][1] == "县住建局"
    browser.post("/language/en")
    assert senders(browser)[housing][1] == "Housing Bureau"


def test_what_was_added_or_renamed_just_now_is_there(tanghe, enter):
    browser, keeper = enter(tanghe.actor("unit_handler", "ZJJ")), tanghe.actor("sys_admin")
    senders(browser)

    made = add_unit("SLJ", '县<水利>"局', "dept", actor=keeper)["unit"]
    assert senders(browser)[made][1] == "县&lt;水利&gt;&#34;局"
    rename_unit(made, {"name": "县水务局"}, actor=keeper)
    assert senders(browser)[made][1] == "县水务局"
