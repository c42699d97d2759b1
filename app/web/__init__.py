"""The pages. To add one (say `app/web/rounds.py`):

1. Make a blueprint named after the file and list it in PAGES below:

       bp = Blueprint("rounds", __name__, url_prefix="/rounds")

       @bp.get("/<int:round_id>")
       @require(signed_in)                      # app/web/policy.py: public, signed_in, roles("…")
       def show(round_id: int) -> str:
           \"\"\"One round with its indicators.\"\"\"
           page = queries.rounds.show(current_actor(), round_id)
           return render_template("rounds/show.html", page=page)

   A route without `@require` keeps the application from starting. A page is three lines: get,
   call one query or command, answer. Refusals (app/errors.py) need no handling here: they become
   the right page; catch only `Invalid`, to show a form again with its problems (status 422).
2. Give it an entry in ENTRIES of app/web/frame.py if it belongs in the navigation.
3. Write `templates/rounds/show.html`:

       {% extends "base.html" %}
       {% from "macros/page.html" import page_head %}
       {% block title %}{{ page.name }}{% endblock %}
       {% block page %}
         {% call page_head(page.name, crumbs=[(_("Rounds"), url_for("rounds.index"))]) %}
           the one primary action
         {% endcall %}
         …
       {% endblock %}

   The macros stand in templates/macros/ (page, signs, form, table), the filters in wording.py:
   `say` (a Text), `day`, `moment`, `due`, `number`, `worded` (label or label_en), `role_name` ….
   Forms carry `{{ hidden(version) }}` from macros/form.html (CSRF token, idempotency key, version).
   `toast(_("Saved."))` from frame.py says something on the next page. No inline style or script:
   the Content-Security-Policy forbids both.
"""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import Settings
from app.web import (
    assets,
    attachments,
    audit,
    calendar,
    cases,
    collection,
    documents,
    errors,
    fields,
    figures,
    frame,
    health,
    imports,
    inbox,
    incidents,
    indicators,
    language,
    ledger,
    logs,
    me,
    meetings,
    names,
    news,
    people,
    policy,
    posts,
    rosters,
    rounds,
    search,
    security,
    selection,
    sharing,
    signin,
    start,
    starts,
    studio,
    tasks,
    templates,
    theme,
    units,
    wordings,
)
from app.web.api import bp as api

PAGES: Final[tuple[Blueprint, ...]] = (
    health.bp,
    language.bp,
    signin.bp,
    start.bp,
    inbox.bp,
    me.bp,
    news.bp,
    selection.bp,
    tasks.bp,
    attachments.bp,
    calendar.bp,
    cases.bp,
    collection.bp,
    ledger.bp,
    documents.bp,
    rounds.bp,
    imports.bp,
    indicators.bp,
    meetings.bp,
    people.bp,
    rosters.bp,
    units.bp,
    incidents.bp,
    search.bp,
    sharing.bp,
    starts.bp,
    studio.bp,
    audit.bp,
    posts.bp,
    theme.bp,
    api,
    wordings.bp,
)


def open_doors(app: Flask, settings: Settings) -> None:
    """Put the pages into the application, behind its gates; refuses a route without a policy."""
    app.config["MAX_CONTENT_LENGTH"] = settings.max_upload_mb * 1024 * 1024
    templates.configure(app)
    logs.configure(app, settings)
    security.guard(app)
    errors.register(app)
    language.configure(app)
    fields.configure(app)
    names.configure(app)
    figures.configure(app)
    frame.install(app)
    for page in PAGES:
        app.register_blueprint(page)
    assets.install(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign] # as Flask documents middleware
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    policy.require_policies(app)
