"""Forms: what tasks ask, read from forms/*.json; no database, no web.

References are codes: a unit's, an indicator's, a round's code, a person's sign-in name. Checked
answers are plain JSON: dates in ISO form, decimals as text, every shown field present.
"""

from app.forms.checking import Answers, Context, checked, draft, facts
from app.forms.definition import (
    Condition,
    Field,
    Form,
    Option,
    Words,
    label,
    offering,
    without,
)
from app.forms.posts import Post, Sent, as_posted, parse_post
from app.forms.reading import FormError, all_forms, load, read

__all__ = [
    "Answers",
    "Condition",
    "Context",
    "Field",
    "Form",
    "FormError",
    "Option",
    "Post",
    "Sent",
    "Words",
    "all_forms",
    "as_posted",
    "checked",
    "draft",
    "facts",
    "label",
    "load",
    "offering",
    "parse_post",
    "read",
    "without",
]
