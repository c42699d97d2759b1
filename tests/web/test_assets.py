"""The built browser files: served for good, compressed, light, and free of what CSP forbids."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from flask import Flask

from app.web import assets

FIRST_LOAD = ("theme.js", "app.js", "app.css", "icons.svg", "favicon.svg")
BUDGET = 200 * 1024  # of the 300 kB the inbox's first load may weigh; the page itself comes on top


@pytest.fixture(scope="module")
def browser():
    app = Flask("assets")
    assets.install(app)
    return app.test_client()


@pytest.mark.parametrize("name", [*FIRST_LOAD, "diagram.js", "diagram.css"])
def test_a_built_file_is_kept_for_good_under_a_name_that_changes_with_it(browser, name):
    with browser.get(assets.asset(name), headers={"Accept-Encoding": "br"}) as answer:
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Encoding"] == "br"


def test_nothing_outside_the_built_files_is_served(browser):
    for path in ("../../web/assets.py", "..%2f..%2fweb/assets.py", "nothing.js", ""):
        assert browser.get(assets.PREFIX + path).status_code == 404


def test_the_first_load_of_a_page_stays_light(browser):
    def weight(name: str) -> int:
        with browser.get(assets.asset(name), headers={"Accept-Encoding": "gzip"}) as answer:
            assert gzip.decompress(answer.data)
            return len(answer.data)

    assert sum(map(weight, FIRST_LOAD)) < BUDGET


def test_no_font_and_nothing_of_another_site_is_loaded():
    sheets = [assets.DIST / assets.manifest()[name] for name in ("app.css", "diagram.css")]
    loaded = [url for sheet in sheets for url in re.findall(r"url\(([^)]+)\)", sheet.read_text())]

    assert loaded
    assert [url for url in loaded if not url.strip("\"'").startswith("data:image/")] == []


def test_unbuilt_files_are_named_with_the_cure(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "DIST", tmp_path)
    assets.manifest.cache_clear()

    with pytest.raises(assets.NotBuilt, match="make setup"):
        assets.asset("app.css")

    (tmp_path / "manifest.json").write_text(json.dumps({"app.css": "app-12345678.css"}))
    assert assets.asset("app.css") == "/static/dist/app-12345678.css"
    assets.manifest.cache_clear()
