"""How facts are written: plurals, scores, and quotation marks of each language."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from scrapers.call import Funding
from service.messages import facts
from service.messages.words import words
from service.web.render import DisplayHelpers


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("sv", 1, "1 beviljat projekt väntas"),
        ("sv", 12, "12 beviljade projekt väntas"),
        ("en", 1, "1 award expected"),
        ("en", 1200, "1,200 awards expected"),
    ],
)
def test_expected_awards_are_counted_as_the_language_does(
    language: str, count: int, said: str
) -> None:
    assert facts.funding(Funding(expected_awards=count), words(language)) == [said]


@pytest.mark.parametrize(
    ("score", "said"), [(0.126, "0,13"), (0.1, "0,10"), (0.0784, "0,078"), (0.0004, "0,000")]
)
def test_a_low_score_is_told_with_three_figures(score: float, said: str) -> None:
    assert DisplayHelpers(words("sv")).score(score) == said


@pytest.mark.parametrize("language", ["sv", "en"])
def test_pages_quote_with_the_marks_of_their_own_language(
    client: FlaskClient, language: str
) -> None:
    marks = words(language)("quoted", text="")
    with client.get("/static/style.css") as sheet:
        assert f'html:lang({language}) {{ quotes: "{marks[0]}" "{marks[1]}"' in sheet.get_data(
            as_text=True
        )
    assert f'<html lang="{language}">' in client.get(f"/?lang={language}").text
