"""Records with texts in Swedish and, where they are translated, in English."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scrapers.call import Section, join_sections
from scrapers.reading.fields import Fields
from scrapers.reading.language import looks_swedish

Texts = dict[str, str]
Sections = dict[str, tuple[Section, ...]]


def read_bilingual(
    fields: Fields, swedish: str, english: str, *, long: bool = False
) -> dict[str, str]:
    """Return a field's two languages; Swedish in the English field counts only if there is none."""
    read = fields.text if long else fields.word
    values = {"sv": read(swedish), "en": read(english)}
    if values["en"] == values["sv"] or looks_swedish(values["en"]):
        values = {"sv": values["sv"] or values["en"]}
    return {language: value for language, value in values.items() if value}


def join_bilingual(parts: Iterable[tuple[str, dict[str, str]]]) -> tuple[Texts, Sections]:
    """Return (section, text by language) parts as one text with its sections a language."""
    parts = list(parts)
    texts: Texts = {}
    sections: Sections = {}
    for language in ("sv", "en"):
        text, spans = join_sections((name, words.get(language, "")) for name, words in parts)
        if text:
            texts[language], sections[language] = text, spans
    return texts, sections


def sections_named(
    texts: dict[str, str],
    sections: dict[str, tuple[Section, ...]],
    language: str,
    names: Sequence[str],
) -> list[str]:
    """Return the stretches of a text whose sections have those names, in the names' order."""
    text = texts.get(language, "")
    spans = sections.get(language, ())
    return [text[s.start : s.end] for name in names for s in spans if s.name == name]
