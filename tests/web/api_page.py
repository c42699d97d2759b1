"""docs/api.md: every address for programs, as the document they read themselves says it.

`python -m tests.web.api_page` writes it anew; a test says when that is due.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from app import create_app
from app.config import Settings
from app.web.api.document import document
from app.web.speech import speaking

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
INTRODUCTION = """\
# For programs

**中文提要** 程序与人走同一道门：用浏览器同样的会话和令牌，以 JSON 办理页面上的一切操作。\
写操作须带 `X-CSRFToken`，可带 `Idempotency-Key`（重复发送只办一次）和 `If-Match`（所见版本）。\
拒绝的回答与页面相同：代码、一句话、逐项更正办法。地址由操作表生成，新增操作即有其接口。

Written by `python -m tests.web.api_page`; do not edit by hand. The same in full, with every \
answer's shape, is served at `/api/openapi.json` (OpenAPI 3.1).

1. Sign in as people do: `POST /signin`. There are no keys for machines yet.
2. `GET /api/session` says who you are and gives `csrf_token`; every `POST` brings it as \
`X-CSRFToken`.
3. `POST` takes `application/json`: `{{"answers": {{…}}, "version": 3}}` (files: \
`multipart/form-data`). The version is that of the `ETag` you read; `If-Match` says it as well. \
Who comes second hears who was faster (409).
4. `Idempotency-Key` makes a repeated request the same act; its answer is the first one's.
5. Answers and refusals are in the language of `Accept-Language`, or the person's own. A refusal \
is `application/problem+json`: `code`, `message`, `fields` (each with its cure), `details`.

| Status | When |
| --- | --- |
{refusals}

## Reading

| Address | What | Asked with |
| --- | --- | --- |
{readings}

## Acts

Required answers are **bold**.

| Address | What | Answers |
| --- | --- | --- |
{acts}
"""


def text(app: Flask) -> str:
    """The whole page."""
    with app.test_request_context(), speaking("en"):
        told = document()
    return INTRODUCTION.format(
        refusals="\n".join(refusals(told)),
        readings="\n".join(readings(told)),
        acts="\n".join(acts(told)),
    )


def refusals(told: Mapping[str, Any]) -> Iterator[str]:
    """Every status with its meaning."""
    answers = told["paths"]["/api/tasks/{id}/completion"]["post"]["responses"]
    for code, answer in answers.items():
        yield f"| {code} | {answer['description']} |"


def readings(told: Mapping[str, Any]) -> Iterator[str]:
    """Every address to read."""
    for address, ways in told["paths"].items():
        if "get" in ways:
            asked = [f"`{p['name']}`" for p in ways["get"]["parameters"] if p["in"] == "query"]
            yield f"| `GET {address}` | {ways['get']['summary']} | {', '.join(asked)} |"


def acts(told: Mapping[str, Any]) -> Iterator[str]:
    """Every address to write to, with what it asks."""
    for address, ways in told["paths"].items():
        if "post" in ways:
            yield f"| `POST {address}` | {ways['post']['summary']} | {answers(ways['post'])} |"


def answers(way: Mapping[str, Any]) -> str:
    """The answers an act takes, those required set off."""
    content = way["requestBody"]["content"]
    if "multipart/form-data" in content:
        return "files, each part named like the question it answers (of a case: any name)"
    body = content["application/json"]["schema"]
    if "allOf" not in body:
        return "those of the task's form"
    asked = body["allOf"][1]["properties"]["answers"]
    needed = asked.get("required", ())
    names = [f"**`{n}`**" if n in needed else f"`{n}`" for n in asked["properties"]]
    many = ["**`tasks`** (of each `id`, `version`)"] if "BulkAct" in str(body) else []
    return ", ".join([*many, *names, *(["further ones"] if asked["additionalProperties"] else [])])


def main() -> int:
    """Write the page."""
    app = create_app(Settings(env="test", database_url="sqlite://"))
    PAGE.write_text(text(app), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
