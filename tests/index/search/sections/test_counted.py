"""What of a text counts, as a query has it; the encoder is one that the model does not know."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from index.embedding.encoder import Encoder, HashEncoder
from index.note import note
from index.search.query import Query, QueryRole, read_query
from index.search.sections.counted import SHORTEST_TEXT
from index.search.sections.kind import KINDS, SectionKind

PROJECT = {
    "sv": (
        "Trygg hemgång efter höftfraktur\n\n"
        "Äldre som brutit höften skrivs ut snabbt och faller ofta igen. I piloten möter ett team "
        "patienten hemma samma dag, tränar gång och balans och ser över läkemedlen.\n\n"
        "Två sjukhus och tre kommuner prövar arbetssättet i arton månader. Vi mäter nya fall, "
        "återinläggningar och hur väl personerna klarar sin vardag."
    ),
    "en": (
        "Finding atrial fibrillation in primary care\n\n"
        "Many strokes are due to a rhythm that nobody has noticed. Nurses at health centres "
        "record a short ECG of every visitor above seventy, and an algorithm marks those that a "
        "doctor should read.\n\n"
        "Six centres take part during two years. We count new diagnoses, treatments and strokes, "
        "and what the visits cost."
    ),
}

SWEDISH_HEAD = (
    "Från: Ulla Rask <ulla.rask@regionhalland.se>\nSkickat: den 4 juni 2026 08:40\n"
    "Till: Fredrik Moe\nÄmne: VB: text till ansökan\n\nHej Fredrik!\nHär är texten som vi "
    "pratade om. Kan du kolla om det finns någon utlysning? Vi hörs i morgon.\n\n"
)
SWEDISH_FOOT = (
    "\n\nMed vänliga hälsningar\nUlla Rask\nVerksamhetsutvecklare\nRegion Halland, Box 517, "
    "301 80 Halmstad\nTelefon: 035-13 48 00\nulla.rask@regionhalland.se\n\nDetta mejl är "
    "endast avsett för mottagaren och kan innehålla sekretessbelagd information."
)
ENGLISH_HEAD = (
    "From: Olive Rask <olive.rask@nhs.example.org>\nSent: Thursday, 4 June 2026 08:40\n"
    "To: Fred Moe\nSubject: FW: text for the application\n\nHi Fred,\nHere is the text we "
    "talked about. Could you check if there is a call for it? Talk to you tomorrow.\n\n"
)
ENGLISH_FOOT = (
    "\n\nBest regards,\nOlive Rask\nService Developer\nHalland Health, PO Box 517\n"
    "Phone: +44 20 7946 0000\nolive.rask@nhs.example.org\n\nThis e-mail is intended only for "
    "the addressee and may contain confidential information."
)
AROUND = {"sv": (SWEDISH_HEAD, SWEDISH_FOOT), "en": (ENGLISH_HEAD, ENGLISH_FOOT)}


def read(text: str, counted: tuple[SectionKind, ...] = ()) -> Query:
    return read_query(text, HashEncoder(), counted=counted)


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("language", PROJECT)
def test_a_project_in_a_mail_is_read_as_it_is_alone(language: str, around: str) -> None:
    before, after = AROUND[around]
    query = read(before + PROJECT[language] + after)
    alone = read(PROJECT[language])
    assert query.text.strip() == PROJECT[language]
    assert query.language == alone.language == language
    assert query.parts[0].role is QueryRole.TITLE
    assert np.allclose(query.vectors, alone.vectors)


def test_what_counts_little_is_told_by_its_place_in_the_text() -> None:
    before, after = AROUND["sv"]
    text = before + PROJECT["sv"] + after
    query = read(text)
    assert {SectionKind.MAIL, SectionKind.SIGNATURE} <= {one.kind for one in query.sections}
    kept = [one for one in query.sections if not one.counts_little]
    assert text[kept[0].start : kept[-1].end] == PROJECT["sv"]
    assert {one.kind for one in kept} == {SectionKind.PROJECT}
    title = query.parts[0]
    assert query.given(title.span)[1] == "Trygg hemgång efter höftfraktur"


def test_a_reader_can_have_a_kind_count_or_all_of_the_text() -> None:
    before, after = AROUND["en"]
    text = before + PROJECT["en"] + after
    assert "From: Olive Rask" in read(text, (SectionKind.MAIL,)).text
    assert "Best regards" not in read(text, (SectionKind.MAIL,)).text
    everything = read(text, KINDS)
    assert everything.text == text
    assert {one.weight for one in everything.sections} == {1.0}


def test_by_shapes_alone_no_text_is_taken_to_be_empty() -> None:
    before, after = AROUND["sv"]
    query = read(before.split("Hej")[0] + after.lstrip())
    assert query.parts
    assert note("no_project") in query.notes


def test_an_organisation_alone_is_ranked_as_what_it_is() -> None:
    text = (
        "Om oss\nVästkustens vårdkluster är en medlemsorganisation som grundades 2009. Vi har 85 "
        "medlemmar, elva anställda och kontor i Halmstad och Varberg. Styrelsen väljs av "
        "årsmötet, och verksamheten omsätter 14 miljoner kronor. Vår vision är ett livskraftigt "
        "näringsliv, och vi är certifierade på guldnivå."
    )
    query = read(text)
    assert note("only_about") in query.notes
    assert query.parts


def test_a_short_text_has_no_sections() -> None:
    assert read("hjärtsvikt i hemmet").sections == ()
    assert read(PROJECT["sv"][: SHORTEST_TEXT - 1]).sections == ()


def kept_of_examples(encoder: Encoder) -> float:
    """Return the share of the letters of the example pilots that counts."""
    kept = every = 0
    for path in sorted(Path("examples/pilots").glob("*.json")):
        text = json.loads(path.read_text("utf-8"))["text"]
        query = read_query(text, encoder)
        assert query.text.startswith(text.split("\n")[0]), path.name
        kept, every = kept + len(query.text), every + len(text)
    return kept / every


def test_by_shapes_alone_most_of_the_examples_is_project() -> None:
    assert kept_of_examples(HashEncoder()) >= 0.95


@pytest.mark.parametrize("text", ["\n" * 5000, "@" * 5000, "> " * 5000, "a:\n" * 5000])
def test_strange_texts_do_no_harm(text: str) -> None:
    assert read(text + "\nVård i hemmet för äldre med hjärtsvikt").sections is not None
