"""Keep the translation catalogues in step with the code: update them, or check that they are."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

APP = Path(__file__).resolve().parent.parent / "app"
METHODS = [("templates/**.*", "jinja2"), ("**.py", "python")]
OPTIONS = {"templates/**.*": {"silent": "false", "trimmed": "true"}}
LANGUAGES = ("zh_Hans_CN",)
KEYWORDS = {"_": None, "ngettext": (1, 2)}


def main() -> int:
    """Update every catalogue, or with --check only say what is wrong with it."""
    template = extracted()
    problems = []
    for language in LANGUAGES:
        path = APP / "translations" / language / "LC_MESSAGES" / "messages.po"
        catalogue = read(path) if path.exists() else Catalog(locale=language)
        if "--check" in sys.argv:
            problems += [f"{language}: {each}" for each in wrong(catalogue, template)]
        else:
            update(path, catalogue, template)
    print("\n".join(problems) or f"{len(template)} texts, all translated.")
    return 1 if problems else 0


def extracted() -> Catalog:
    """Every text marked for translation in the code and the templates."""
    template = Catalog()
    found = extract_from_dir(APP, METHODS, OPTIONS, KEYWORDS, strip_comment_tags=True)
    for file, line, msgid, _comments, context in found:
        template.add(msgid, locations=[(f"app/{file}", line)], context=context)
    return template


def read(path: Path) -> Catalog:
    """A catalogue from its file."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def wrong(catalogue: Catalog, template: Catalog) -> Iterator[str]:
    """What keeps a catalogue from being complete and in step, one sentence each."""
    for message in texts(template):
        known = catalogue.get(message.id, message.context)
        place = ":".join(map(str, message.locations[0]))
        if known is None or not translated(known):
            yield f'no translation of "{message.id}" ({place})'
        elif known.fuzzy:
            yield f'unsure translation of "{message.id}" ({place})'
        elif places(known.string) != places(known.id):
            yield f'the places to fill in differ in "{message.id}" ({place})'
    for message in texts(catalogue):
        if template.get(message.id, message.context) is None:
            yield f'"{message.id}" is not used any more'


def update(path: Path, catalogue: Catalog, template: Catalog) -> None:
    """Add what is new without a translation, drop what is gone."""
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, sort_output=True, no_location=True)


def places(words: str | Sequence[str] | None) -> set[str]:
    """The names of the %(places)s a text, or any of its forms, has to fill in."""
    return set(re.findall(r"%\((\w+)\)", words if isinstance(words, str) else "".join(words or ())))


def texts(catalogue: Catalog) -> Iterator[Message]:
    """The messages of a catalogue without its header."""
    return (message for message in catalogue if message.id)


def translated(message: Message) -> bool:
    """Whether a message has words in every form it needs."""
    forms = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    return all(forms)


if __name__ == "__main__":
    sys.exit(main())
