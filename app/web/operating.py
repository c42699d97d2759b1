"""What a sent form of an operation does: perform it, or come back with every word typed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import redirect
from werkzeug.wrappers import Response

from app import forms
from app.commands.operations import Operations
from app.errors import Invalid, Stale
from app.i18n import Text
from app.web.faster import shown
from app.web.frame import toast
from app.web.policy import current_actor
from app.web.posted import form_fields, idempotency_key, version


def _as_named(done: Text, _answer: Any) -> Text:
    return done


def performed(
    operations: Operations,
    name: str,
    number: int,
    *,
    page: Callable[..., str],
    home: str,
    form: forms.Form | None = None,
    told: Callable[[Text, Any], Text] = _as_named,
) -> Response | tuple[str, int]:
    """Do an operation on the thing of that number as the sent form says, and go `home`.

    Refused, `page(number, name, answers, refusal)` draws the form again with every word typed.
    `form` is given where its questions hang on the thing; `told` says more than that it is done.
    """
    operation = operations.named(name)
    answers = forms.parse_post(form or forms.load(operation.form), form_fields())
    try:
        done = operations.perform(
            name,
            number,
            answers,
            actor=current_actor(),
            idempotency_key=idempotency_key(),
            seen=version(),
        )
    except (Invalid, Stale) as refusal:
        return shown(refusal, partial(page, number, name, answers, refusal))
    toast(told(operation.done, done))
    return redirect(home, 303)
