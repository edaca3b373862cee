"""Sections as the shipped model and encoder read them, in texts of kinds that people paste."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.embedding.encoder import Encoder
from index.embedding.load import load_encoder
from index.embedding.model import BUNDLED, SHIPPED
from index.note import note
from index.search.query import Query, read_query
from tests.index.search.sections.test_counted import kept_of_examples

pytestmark = pytest.mark.model

KNEE = (
    "Egenträning efter knäoperation med rörelsesensor\n\n"
    "Efter en knäoperation tränar många för lite eller fel. En sensor på benet räknar "
    "rörelser och visar fysioterapeuten hur långt knät böjs, så att programmet kan ändras samma "
    "vecka.\n\nTvå ortopedkliniker och åtta vårdcentraler provar metoden med 150 patienter. Vi "
    "mäter rörlighet, smärta, återbesök och kostnader efter tre och tolv månader."
)
WOOD = (
    "Limfria skivor av björk till möbler\n\n"
    "Skivor i möbler hålls ihop av lim som avger formaldehyd och gör dem svåra att återvinna. "
    "Projektet svetsar ihop björkfaner genom vibration, så att träets eget lignin binder.\n\n"
    "En möbelfabrik i Tibro provar skivorna i tre serier. Vi mäter hållfasthet, utsläpp och vad "
    "en skiva kostar, och jämför klimatpåverkan med spånskivor."
)
ABOUT = (
    "Vilka vi är\nHälsolandet är ett nätverk för vård och teknik som startade 2011. Vi är nio "
    "anställda, har 60 medlemsföretag och finns i Jönköping och Kalmar. Styrelsen leds av en "
    "landstingsdirektör, och omsättningen är 16 miljoner kronor. Våra värden är tillit och "
    "nyfikenhet. Vi ordnar mässor, resor och kurser för medlemmarna, och blev utsedda till årets "
    "kluster 2022."
)


@pytest.fixture(scope="module")
def encoder(models: Path) -> Encoder:
    return load_encoder(BUNDLED, models, SHIPPED)


def read(text: str, encoder: Encoder) -> Query:
    return read_query(text, encoder)


@pytest.mark.parametrize("place", ["before", "amid", "after"])
def test_about_us_counts_little_wherever_it_stands(place: str, encoder: Encoder) -> None:
    head, body, end = KNEE.split("\n\n")
    pieces = {
        "before": [ABOUT, head, body, end],
        "amid": [head, body, ABOUT, end],
        "after": [head, body, end, ABOUT],
    }
    query = read("\n\n".join(pieces[place]), encoder)
    assert query.text.strip() == KNEE


def test_two_projects_in_one_text_are_ranked_each_for_itself(encoder: Encoder) -> None:
    query = read(f"{KNEE}\n\n{WOOD}", encoder)
    first, second = (text.split("\n")[0] for text in (KNEE, WOOD))
    assert note("two_projects", first=first, second=second) in query.notes
    assert [one.text.strip() for one in query.projects] == [KNEE, WOOD]


def test_one_project_is_one(encoder: Encoder) -> None:
    assert not read(KNEE, encoder).projects
    assert not read(KNEE.replace("Två ortoped", "Hur vi gör det\n\nTvå ortoped"), encoder).projects


def test_a_mail_without_a_project_finds_nothing_and_says_so(encoder: Encoder) -> None:
    query = read(
        "Från: Ulla Rask <ulla.rask@regionhalland.se>\nSkickat: den 4 juni 2026 08:40\n"
        "Till: Fredrik Moe\nÄmne: VB: text till ansökan\n\nMed vänliga hälsningar\nUlla Rask\n"
        "Verksamhetsutvecklare\nRegion Halland, Box 517, 301 80 Halmstad\nTelefon: 035-13 48 00\n"
        "ulla.rask@regionhalland.se",
        encoder,
    )
    assert query.parts == ()
    assert query.notes == (note("only_mail"),)


@pytest.mark.parametrize(
    "line",
    [
        "KONFIDENTIELLT - UTKAST",
        "Draft v0.9, not for circulation",
        "Arbetsmaterial 2026-10-02",
        "For internal use only",
        "Skickat från min iPhone",
        "Hej på dig!",
        "On Tue, 3 Feb 2026 at 14:12, Ola Vik <ola.vik@helse.no> wrote:",
        "---------- Forwarded message ----------",
        "Projektets namn:",
    ],
)
def test_a_single_line_above_the_title_is_no_title(line: str, encoder: Encoder) -> None:
    query = read(f"{line}\n\n{KNEE}", encoder)
    assert query.text.strip() == KNEE


@pytest.mark.parametrize("label", ["1.1 Projektets namn:", "Title (max. 120 characters):"])
def test_what_is_written_after_a_label_is_the_title(label: str, encoder: Encoder) -> None:
    query = read(f"{label} {KNEE}", encoder)
    assert query.text.strip() == KNEE


def test_of_lines_above_the_text_the_likeliest_is_the_title(encoder: Encoder) -> None:
    query = read(f"Hej!\n\nArbetsmaterial, sprid inte vidare\n\n{KNEE}", encoder)
    assert query.text.strip() == KNEE


def test_a_sentence_goes_on_over_the_head_of_a_page(encoder: Encoder) -> None:
    head = "Region Halland, projektplan 2027, sida {}"
    title, *paragraphs = KNEE.split("\n\n")
    first, second = " ".join(paragraphs).split("fysioterapeuten ")
    pages = [head.format(1), title, f"{first}fysioterapeuten", head.format(2), second]
    query = read("\n".join(pages), encoder)
    assert query.text.split() == KNEE.split()
    assert "fysioterapeuten hur långt" in query.text


@pytest.mark.parametrize("text", [KNEE, WOOD])
def test_the_title_of_a_project_counts_in_full(text: str, encoder: Encoder) -> None:
    assert read(text, encoder).sections[0].weight == 1


def test_nearly_all_of_the_examples_is_project(encoder: Encoder) -> None:
    assert kept_of_examples(encoder) >= 0.99
