"""The catalogue check sees what is missing, unsure, broken or left over."""

from __future__ import annotations

from babel.messages.catalog import Catalog

from ops import messages


def template(*msgids: str) -> Catalog:
    made = Catalog()
    for msgid in msgids:
        made.add(msgid, locations=[("app/somewhere.py", 1)])
    return made


def catalogue(**translations: str) -> Catalog:
    made = Catalog(locale="zh_Hans_CN")
    for msgid, words in translations.items():
        made.add(msgid, words)
    return made


def wrong(catalogue: Catalog, *msgids: str) -> list[str]:
    return list(messages.wrong(catalogue, template(*msgids)))


def test_a_complete_catalogue_is_in_order():
    assert wrong(catalogue(Inbox="待办"), "Inbox") == []


def test_a_missing_or_empty_translation_is_named_with_its_place():
    complaint = 'no translation of "Inbox" (app/somewhere.py:1)'

    assert wrong(catalogue(), "Inbox") == [complaint]
    assert wrong(catalogue(Inbox=""), "Inbox") == [complaint]


def test_an_unsure_translation_is_named():
    unsure = catalogue()
    unsure.add("Inbox", "待办", flags=["fuzzy"])

    assert wrong(unsure, "Inbox") == ['unsure translation of "Inbox" (app/somewhere.py:1)']


def test_a_lost_placeholder_is_named():
    lost = catalogue(**{"Due in %(days)s days": "还剩若干工作日"})

    assert wrong(lost, "Due in %(days)s days") == [
        'the places to fill in differ in "Due in %(days)s days" (app/somewhere.py:1)'
    ]


def test_a_leftover_is_named():
    assert wrong(catalogue(Inbox="待办"), *[]) == ['"Inbox" is not used any more']


def test_an_update_adds_what_is_new_and_drops_what_is_gone(tmp_path):
    path = tmp_path / "messages.po"

    messages.update(path, catalogue(Inbox="待办", Old="旧"), template("Inbox", "New"))

    updated = path.read_text()
    assert "待办" in updated
    assert 'msgid "New"\nmsgstr ""' in updated
    assert "Old" not in updated


def test_both_code_and_templates_are_read(tmp_path, monkeypatch):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text('<h1>{{ _("From a template") }}</h1>')
    (tmp_path / "page.py").write_text('raise Invalid(_("From %(where)s", where="code"))')
    monkeypatch.setattr(messages, "APP", tmp_path)

    assert {message.id for message in messages.texts(messages.extracted())} == {
        "From a template",
        "From %(where)s",
    }
