"""The style sheet: every pair of text and ground it makes is readable, in light and in dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import service.web

SHEET = (Path(service.web.__file__).parent / "static" / "style.css").read_text("utf-8")

PAIRS = [
    ("ink", "ground"),
    ("ink", "paper"),
    ("ink", "soft"),
    ("ink", "mine"),
    ("ink", "fail-soft"),
    ("ink", "unknown-soft"),
    ("muted", "ground"),
    ("muted", "paper"),
    ("muted", "soft"),
    ("muted", "mine"),
    ("accent", "ground"),
    ("accent", "paper"),
    ("accent", "soft"),
    ("accent-ink", "accent"),
    ("pass", "pass-soft"),
    ("fail", "fail-soft"),
    ("unknown", "unknown-soft"),
]


def colours(scheme: str) -> dict[str, str]:
    """Return the colours of a scheme; dark ones replace the light ones."""
    blocks = re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL)
    found: dict[str, str] = {}
    for block in blocks[: 1 if scheme == "light" else 2]:
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
    return found


def luminance(colour: str) -> float:
    """Return the relative luminance that WCAG 2 defines."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(scheme: str, text: str, ground: str) -> None:
    found = colours(scheme)
    assert contrast(found[text], found[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_borders_of_controls_and_the_focus_ring_can_be_seen(scheme: str) -> None:
    found = colours(scheme)
    assert contrast(found["muted"], found["paper"]) >= 3
    assert contrast(found["focus"], found["ground"]) >= 3


def test_the_dark_scheme_changes_every_colour_of_text_and_ground() -> None:
    light, dark = colours("light"), colours("dark")
    used = {name for pair in PAIRS for name in pair}
    assert all(light[name] != dark[name] for name in used)


def test_a_reader_can_choose_dark_print_and_no_motion() -> None:
    for query in (
        "prefers-color-scheme: dark",
        "prefers-reduced-motion",
        "@media print",
        "max-width: 40rem",
    ):
        assert query in SHEET


def test_focus_is_always_visible() -> None:
    assert ":focus-visible { outline: 3px" in SHEET
    removed = re.findall(r"([^\n}]*)\{ outline: none", SHEET)
    assert removed == ['[tabindex="-1"]:focus-visible ']
