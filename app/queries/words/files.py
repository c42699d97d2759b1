"""How the journal says that files were added to a case and withdrawn."""

from __future__ import annotations

from app.i18n import _
from app.queries.words.registry import SENTENCES, plain

SENTENCES.update(
    {
        "attachment.added": plain(_("added the file “%(name)s”"), name="name"),
        "attachment.withdrawn": plain(_("withdrew the file “%(name)s”"), name="name"),
    }
)
