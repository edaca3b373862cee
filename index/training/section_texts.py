"""Texts whose sections are known: projects of ours and others', and what we put around them.

What stands around a project in mails, forms and documents is in `section_examples`: half of each
list is learned from, the other half is for a first look.
"""

from __future__ import annotations

import random
import textwrap
import tomllib
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path

from index.search.sections.kind import SectionKind
from index.text.sentences import split_sentences
from index.training.frames import LEARNED_FRAMES, as_bullets, fill_frame, read_frames
from index.training.known_text import KnownText

_FOLDER = Path(__file__).parent / "section_examples"
LANGUAGES = ("sv", "en")

LISTS = {
    "about": SectionKind.ABOUT,
    "mail": SectionKind.MAIL,
    "banners": SectionKind.NOTICE,
    "greetings": SectionKind.GREETING,
    "signatures": SectionKind.SIGNATURE,
    "disclaimers": SectionKind.NOTICE,
    "drafts": SectionKind.DRAFT,
    "contents": SectionKind.CONTENTS,
    "budgets": SectionKind.BUDGET,
    "references": SectionKind.REFERENCES,
    "agendas": SectionKind.AGENDA,
    "draft_lines": SectionKind.DRAFT,
    "greeting_lines": SectionKind.GREETING,
    "closing_lines": SectionKind.SIGNATURE,
    "mail_shapes": SectionKind.MAIL,
    "title_labels": SectionKind.FORM,
    "text_labels": SectionKind.FORM,
    "fields": SectionKind.FORM,
}

_LINES = {
    "drafts": "draft_lines",
    "greetings": "greeting_lines",
    "signatures": "closing_lines",
    "mail": "mail_shapes",
}
"""Lists of whole pieces, and of single lines that stand in for them now and then."""

_HEADINGS = {
    "sv": ("Sammanfattning", "Bakgrund", "Syfte", "Mål", "Genomförande", "Metod", "Resultat"),
    "en": ("Summary", "Background", "Aims", "Objectives", "Implementation", "Methods", "Results"),
}


class Half(StrEnum):
    """Which half of the examples: to learn from, or for a first look."""

    LEARN = "learn"
    LOOK = "look"


@cache
def examples(language: str) -> dict[str, tuple[str, ...]]:
    """Return the examples of a language (sv, en) by the name of their list."""
    data = tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))
    return {name: tuple(one.strip() for one in texts) for name, texts in data.items()}


def half_of(texts: Sequence[str], half: Half) -> list[str]:
    """Return the ``half`` of a list of examples."""
    return list(texts[0 if half is Half.LEARN else 1 :: 2])


class TextMaker:
    """Makes texts of one half of the examples around ``projects``, by chance, as often as asked."""

    def __init__(
        self, half: Half, projects: Sequence[str], seed: int, *, framed: bool = False
    ) -> None:
        """Begin.

        Args:
            half: of the examples.
            projects: to be used beside ours, with a title in the first line.
            seed: of what is chosen by chance.
            framed: whether projects also stand in frames, and in lists as slides have them. Such
                texts teach shapes; what they would teach of vectors is not worth encoding them.
        """
        self._half = half
        self._framed_too = framed
        self._projects = list(projects)
        self._chance = random.Random(seed)  # noqa: S311  examples, not secrets

    def make(self) -> KnownText:
        """Return one more text."""
        ways = [
            *(self._plain, self._with_about, self._mail, self._document, self._form, self._notes),
            *(self._strewn, self._labelled),
        ]
        weights = [3, 4, 5, 5, 4, 2, 5, 4]
        if self._framed_too:
            ways, weights = [*ways, self._framed], [*weights, 8]
        (way,) = self._chance.choices(ways, weights)
        if self._chance.random() < 0.06:  # noqa: PLR2004  a few have no project
            way = self._without_project
        known = KnownText()
        way(known)
        return self._quoted(known) if way == self._mail else known

    def _pick(self, name: str, language: str = "") -> str:
        language = language or self._chance.choice(LANGUAGES)
        return self._chance.choice(half_of(examples(language)[name], self._half))

    def _project(self) -> str:
        if self._projects and self._chance.random() < 0.75:  # noqa: PLR2004  ours are few
            return self._chance.choice(self._projects)
        return self._pick("projects")

    def _language(self) -> str:
        return self._chance.choice(LANGUAGES)

    def _gap(self) -> str:
        return self._chance.choice(["\n\n", "\n\n", "\n", "\n\n\n"])

    def _add(self, known: KnownText, name: str, language: str, gap: str = "") -> None:
        if name in _LINES and self._chance.random() < 0.4:  # noqa: PLR2004  often one line is all
            name = _LINES[name]
        known.add(self._pick(name, language), LISTS[name], gap or self._gap())

    def _paragraphs(self) -> list[str]:
        """Return a project as title and paragraphs; a long one is cut at its sentences."""
        title, parts = self._title_and_parts()
        return [title, *parts] if self._chance.random() < 0.85 else parts or [title]  # noqa: PLR2004  pasted texts often lack a title

    def _title_and_parts(self) -> tuple[str, list[str]]:
        title, _, body = self._project().partition("\n")
        parts = [one.strip() for one in body.split("\n\n") if one.strip()]
        if len(parts) == 1 and self._chance.random() < 0.6:  # noqa: PLR2004  some stay in one piece
            sentences = split_sentences(parts[0])
            step = self._chance.randint(2, 5)
            parts = [
                parts[0][group[0].start : group[-1].end]
                for group in (sentences[n : n + step] for n in range(0, len(sentences), step))
            ]
        return title, parts

    def _add_project(self, known: KnownText, cut: int | None = None, language: str = "en") -> None:
        """Add a project; ``cut``: where something about an organisation comes in."""
        parts = self._paragraphs()
        wrap = self._chance.random() < 0.15  # noqa: PLR2004  as mail programs do
        headed = self._chance.random() < 0.2  # noqa: PLR2004  as documents do
        listed = self._framed_too and self._chance.random() < 0.12  # noqa: PLR2004  as slides do
        gap = "\n" if self._chance.random() < 0.25 else "\n\n"  # noqa: PLR2004  pasted texts lose blank lines
        place = None if cut is None else min(cut, len(parts))
        for number, part in enumerate(parts):
            if place == number:
                self._add_about(known)
            if headed and number and self._chance.random() < 0.5:  # noqa: PLR2004  not before each
                known.add(self._chance.choice(_HEADINGS[language]), SectionKind.PROJECT, gap)
            shown = textwrap.fill(part, 72) if wrap else part
            shown = "\n".join(as_bullets(part)) if listed and number else shown
            known.add(shown, SectionKind.PROJECT, gap if number else self._gap())
        for _ in range(self._chance.choice([0, 0, 1, 2])):  # not each says what it needs
            known.add(self._pick("needs", language), SectionKind.PROJECT, gap)
        if place == len(parts):
            self._add_about(known)

    def _add_about(self, known: KnownText) -> None:
        text = self._pick("about")
        head, _, body = text.partition("\n")
        body = body or head
        sentences = split_sentences(body)
        if self._chance.random() < 0.4:  # noqa: PLR2004  often only some sentences of it
            first = self._chance.randrange(max(1, len(sentences) - 2))
            last = self._chance.randrange(first + 1, len(sentences))
            body = body[sentences[first].start : sentences[last].end]
        kept = "" if head == text or self._chance.random() < 0.4 else head + "\n"  # noqa: PLR2004  not each has a heading
        gap = " " if not kept and self._chance.random() < 0.15 else self._gap()  # noqa: PLR2004  seldom in one line
        known.add(kept + body, SectionKind.ABOUT, gap)

    def _plain(self, known: KnownText) -> None:
        self._add_project(known, None, self._language())

    def _with_about(self, known: KnownText) -> None:
        if self._chance.random() < 0.1:  # noqa: PLR2004  a draft may begin so
            self._add(known, "drafts", self._language())
        where = self._chance.choice(["before", "amid", "after"])
        if where == "before":
            self._add_about(known)
        self._add_project(known, self._chance.randint(1, 3) if where == "amid" else None)
        if where == "after":
            self._add_about(known)
        if self._chance.random() < 0.2:  # noqa: PLR2004  often with where to ask
            self._add(known, "signatures", self._language())

    def _mail(self, known: KnownText) -> None:
        language = self._language()
        pieces = [("banners", 0.35), ("mail", 0.75), ("greetings", 0.75), ("mail", 0.2)]
        pieces += [("greetings", 0.15)]
        for name, share in pieces:
            if self._chance.random() < share:
                self._add(known, name, language)
        if self._chance.random() < 0.12:  # noqa: PLR2004  drafts travel by mail
            self._add(known, "drafts", language)
        about = self._chance.randint(0, 3) if self._chance.random() < 0.15 else None  # noqa: PLR2004  now and then
        self._add_project(known, about, language)
        for name, share in [("signatures", 0.8), ("disclaimers", 0.5), ("mail", 0.1)]:
            if self._chance.random() < share:
                self._add(known, name, language)

    def _quoted(self, known: KnownText) -> KnownText:
        """Return the text as an answer quotes it, now and then: a mark before each line."""
        if self._chance.random() > 0.25:  # noqa: PLR2004  most are forwarded whole
            return known
        quoted = KnownText()
        for span, kind in known.stretches:
            lines = known.text[span.start : span.end].split("\n")
            quoted.add("\n".join("> " + line for line in lines), kind, "\n>\n")
        return quoted

    def _document(self, known: KnownText) -> None:
        language = self._language()
        for name, share in [("drafts", 0.6), ("contents", 0.4), ("disclaimers", 0.1)]:
            if self._chance.random() < share:
                self._add(known, name, language)
        about = self._chance.randint(0, 4) if self._chance.random() < 0.25 else None  # noqa: PLR2004  now and then
        self._add_project(known, about, language)
        tail = [("budgets", 0.45), ("references", 0.45), ("signatures", 0.35)]
        tail += [("drafts", 0.15), ("disclaimers", 0.15)]
        for name, share in tail:
            if self._chance.random() < share:
                self._add(known, name, language)

    def _form(self, known: KnownText) -> None:
        parts: list[str] = [*self._paragraphs(), "", "", ""]
        title = parts.pop(0)
        values: dict[str, str] = {
            "title": title,
            "first": parts[0],
            "second": parts[1],
            "third": parts[2],
        }
        left = " ".join(part for part in parts[3:] if part)
        values["third"] = f"{values['third']} {left}".strip()
        form = self._pick("forms")
        if self._chance.random() < 0.15:  # noqa: PLR2004  a form is sent by mail
            self._add(known, "greetings", self._language())
        gap = self._gap()
        for line in form.split("\n"):
            label, brace, rest = line.partition("{")
            if label.strip():
                known.add(label.rstrip() if brace else label, SectionKind.FORM, gap)
                gap = " " if brace else "\n"
            if brace and values[rest.partition("}")[0]]:
                known.add(values[rest.partition("}")[0]], SectionKind.PROJECT, gap)
            gap = "\n" if label.strip() or brace else "\n\n"

    def _strewn(self, known: KnownText) -> None:
        """Add a project with single lines of other kinds before, between and after its parts."""
        language = self._language()
        names = [*_LINES.values(), "fields"]
        ahead = self._chance.choice([0, 0.5, 0.8])
        for number, part in enumerate(self._paragraphs()):
            share = 0.2 if number else ahead
            while self._chance.random() < share:
                self._add(known, self._chance.choice(names), language, "\n\n")
                share /= 2
            known.add(part, SectionKind.PROJECT, "\n\n")
        while self._chance.random() < 0.4:  # noqa: PLR2004  some end so
            self._add(known, self._chance.choice(names), language, self._gap())

    def _labelled(self, known: KnownText) -> None:
        """Add a project whose title and parts stand below or after the labels of a form."""
        language = self._language()
        title, *parts = self._paragraphs()
        if self._chance.random() < 0.8:  # noqa: PLR2004  forms ask for a name first
            self._answer(known, "title_labels", title, language)
        else:
            known.add(title, SectionKind.PROJECT)
        for part in parts:
            while self._chance.random() < 0.3:  # noqa: PLR2004  between what is described
                self._add(known, "fields", language, self._chance.choice(["\n", "\n\n"]))
            if self._chance.random() < 0.8:  # noqa: PLR2004  an answer may have paragraphs
                self._answer(known, "text_labels", part, language)
            else:
                known.add(part, SectionKind.PROJECT, "\n")

    def _answer(self, known: KnownText, labels: str, answer: str, language: str) -> None:
        """Add a label, and below it or after its colon what is written there."""
        gap = self._chance.choice(["\n", "\n\n"])
        label = self._numbered(self._pick(labels, language))
        known.add(label, LISTS[labels], gap)
        after = [" "] if known.text.endswith(":") else []
        known.add(answer, SectionKind.PROJECT, self._chance.choice(["\n", "\n", "\n\n", *after]))

    def _framed(self, known: KnownText) -> None:
        """Put a project into a frame, most of whose lines stay."""
        frames = read_frames(LEARNED_FRAMES, self._language())
        frame = self._chance.choice(half_of(frames[self._chance.choice(list(frames))], self._half))
        title, parts = self._title_and_parts()
        gap = self._chance.choice(["\n", "\n", "\n\n"])
        filled = fill_frame(frame, title, parts, gap, lambda: self._chance.random() < 0.8)  # noqa: PLR2004  none is always whole
        known.text, known.stretches = filled.text, filled.stretches

    def _numbered(self, label: str) -> str:
        """Return a label as another form has it, now and then: with a number, a mark, a hint."""
        if not self._framed_too:
            return label
        if self._chance.random() < 0.4 or not label[0].isalpha() or label[1:2] in ".)1234567890":  # noqa: PLR2004  often as it is
            return label
        number = self._chance.randint(1, 12)
        heads = [
            "",
            "",
            f"{number}. ",
            f"{number}.{number % 4 + 1} ",
            f"{number}) ",
            f"({number}) ",
        ]
        heads += [f"{chr(96 + number)}) ", f"{chr(64 + number)}. "]
        bare = label.rstrip(":?* ")
        tails = [label[len(bare) :], label[len(bare) :], ":", " *", f" (max {number * 250}):", "?"]
        label = self._chance.choice(heads) + bare + self._chance.choice(tails)
        return label.upper() if self._chance.random() < 0.1 else label  # noqa: PLR2004  some forms shout

    def _notes(self, known: KnownText) -> None:
        language = self._language()
        if self._chance.random() < 0.4:  # noqa: PLR2004  sent by mail
            self._add(known, "mail", language)
        after = self._chance.random() < 0.3  # noqa: PLR2004  mostly the agenda comes first
        if not after:
            self._add(known, "agendas", language)
        self._add_project(known, None, language)
        if after:
            self._add(known, "agendas", language)

    def _without_project(self, known: KnownText) -> None:
        language = self._language()
        if self._chance.random() < 0.5:  # noqa: PLR2004  half of each
            self._add_about(known)
            return
        for name in ("mail", "greetings", "signatures", "disclaimers"):
            if self._chance.random() < 0.7:  # noqa: PLR2004  not every piece
                self._add(known, name, language)
        if not known.text:
            self._add(known, "mail", language)
