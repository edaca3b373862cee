"""What stands around a project when its text comes by mail, in a form or out of a document.

Each is a disturbance for `bench.robustness`. The pieces are the half of our examples that
`bench.project_parts` has not learned from.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from index.text.language import detect_language
from index.text.sentences import split_sentences
from index.training.section_texts import LANGUAGES, Half, examples, half_of

_FOREIGN_SHARE = 0.25
"""How often what stands around is in the other language."""

_PARAGRAPH_SENTENCES = 3


def pick(name: str, text: str, chance: random.Random) -> str:
    """Return a piece from the list ``name``, mostly in the language of ``text``."""
    language = language_around(text, chance)
    return chance.choice(half_of(examples(language)[name], Half.LOOK))


def language_around(text: str, chance: random.Random) -> str:
    """Return the language of what stands around ``text``: mostly its own."""
    own = detect_language(text).language
    language = own if own in LANGUAGES else "en"
    if chance.random() < _FOREIGN_SHARE:
        language = chance.choice(LANGUAGES)
    return language


def paragraphs(text: str) -> tuple[str, list[str]]:
    """Return the first line of ``text``, and paragraphs of a few sentences each of the rest."""
    title, _, body = text.partition("\n")
    spans = split_sentences(body)
    groups = [
        spans[n : n + _PARAGRAPH_SENTENCES] for n in range(0, len(spans), _PARAGRAPH_SENTENCES)
    ]
    return title, [body[group[0].start : group[-1].end] for group in groups]


def before(*names: str) -> Callable[[str, random.Random], str]:
    """Return a disturbance that puts a piece of each list before the text."""
    return lambda text, chance: "\n\n".join([*_pieces(names, text, chance), text])


def after(*names: str) -> Callable[[str, random.Random], str]:
    """Return a disturbance that puts a piece of each list after the text."""
    return lambda text, chance: "\n\n".join([text, *_pieces(names, text, chance)])


def _pieces(names: Sequence[str], text: str, chance: random.Random) -> list[str]:
    return [pick(name, text, chance) for name in names]


def amid(name: str) -> Callable[[str, random.Random], str]:
    """Return a disturbance that puts a piece between two paragraphs of the text."""

    def apply(text: str, chance: random.Random) -> str:
        title, body = paragraphs(text)
        place = chance.randint(1, max(1, len(body) - 1))
        return "\n\n".join([title, *body[:place], pick(name, text, chance), *body[place:]])

    return apply


def forward(text: str, chance: random.Random) -> str:
    """Return the text in the body of a mail: banner, header, greeting, signature, disclaimer."""
    head = _pieces(("banners", "mail", "greetings"), text, chance)
    foot = _pieces(("signatures", "disclaimers"), text, chance)
    return "\n\n".join([*head, text, *foot])


def answer(text: str, chance: random.Random) -> str:
    """Return the text as the answer to a mail quotes it."""
    quoted = "\n".join(f"> {line}" for line in text.split("\n"))
    head = _pieces(("greetings", "signatures", "mail"), text, chance)
    return "\n\n".join([*head, quoted])


def fill_form(text: str, chance: random.Random) -> str:
    """Return the text in the fields of a form."""
    title, body = paragraphs(text)
    first, second, *rest = [*body, "", ""]
    fields = {"title": title, "first": first, "second": second, "third": "\n".join(rest).strip()}
    form = pick("forms", text, chance)
    for name, value in fields.items():
        form = form.replace(f"{{{name}}}", value)
    return form
