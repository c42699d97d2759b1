"""The built browser files: their addresses by plain name, and their serving for good."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final
from wsgiref.headers import Headers

from flask import Flask
from markupsafe import Markup
from whitenoise import WhiteNoise

DIST: Final = Path(__file__).resolve().parent.parent / "static" / "dist"
PREFIX: Final = "/static/dist/"
ICON: Final = Markup('  <svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>\n')
HASHED: Final = r"-[0-9A-Z]{8}\.\w+$"  # a name that changes with its content never goes stale


class NotBuilt(Exception):
    """The browser files are not there; `make setup` builds them."""


def install(app: Flask) -> None:
    """Serve the built files before the application sees the request, and tell templates of them."""
    app.jinja_env.globals.update(asset=asset, icon=icon)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign] # as Flask documents middleware
        app.wsgi_app,
        root=DIST,
        prefix=PREFIX,
        immutable_file_test=HASHED,
        allow_all_origins=False,
        add_headers_function=_add_headers,
    )


def asset(name: str) -> str:
    """The address of a built file: `app.css` → `/static/dist/app-1A2B3C4D.css`."""
    return PREFIX + manifest()[name]


@cache
def icon(name: str) -> Markup:
    """One of the signs, for the eye alone: what it means stands beside it in words."""
    return ICON.format(asset("icons.svg"), name)


@cache
def manifest() -> dict[str, str]:
    """Plain name → built name, as ops/assets.mjs wrote it."""
    try:
        built: dict[str, str] = json.loads((DIST / "manifest.json").read_text())
    except FileNotFoundError as missing:
        raise NotBuilt("The browser files are not built yet. Run: make setup") from missing
    return built


def _add_headers(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
