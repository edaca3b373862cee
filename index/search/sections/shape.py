"""How a section looks, in numbers: what mails, forms and lists have in common in any language."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.search.sections.cut import Break, LinePart

Shapes = NDArray[np.float32]

_MARKS = {
    "at": r"[\w.+-]{1,64}@[\w-]{1,64}\.\w",
    "address": r"https?://|\bwww\.|\b[a-z0-9-]{2,40}\.(?:se|com|org|eu|net|ie|dk|no|fi|uk|de|nl)\b",
    "phone": r"(?:\+|\b0)\d[\d ()/-]{6,16}\d\b",
    "clock": r"\b[0-2]?\d[:.][0-5]\d\b",
    "date": r"\b20\d\d-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./]20\d\d\b",
    "year": r"\b(?:19|20)\d\d\b",
    "cited": r"\b(?:et al|m\.\s?fl|doi|ISBN|ibid)\b|\(\d{4}\)|\b\d{1,4}\(\d{1,3}\)",
    "pages": r"\d[–-]\d{2,4}\b.{0,3}$",
    "money": r"\d[\d\s.,]*\s?(?:kr|kronor|tkr|SEK|EUR|MSEK|k€|M€|%)(?!\w)|[€£$]\s?\d",
    "thousands": r"\b\d{1,3}(?:[ ,.\u00a0]\d{3})+\b",
    "leader": r"\.{4,}|(?:\. ){3,}|\t",
    "page": r"[^\W\d_][ .\t]+\d{1,3}$",
    "numbered": r"^(?:[A-Z]?\d{1,2}(?:\.\d{1,2})*[.)]?|[A-Z][.)]|§)\s",
    "bullet": r"^[-–•*·]\s",
    "entry": r"^\[\d{1,3}\]",
    "label": r"^[^\W\d_][\w /()'-]{1,40}:(?:\s|$)",
    "colon": r":$",
    "question": r"\?$",
    "exclaimed": r"!",
    "comma": r",$",
    "stop": r"[.!?][\"”)]?$",
    "limit": r"(?i)\b(?:max|högst|at most|up to)\.?\s?\d",
    "rule": r"^[-_=*]{3,}|[-_=*]{5,}$",
    "bracket": r"^[\[(*]",
    "bar": r"\s[|·]\s",
    "angle": r"<[^<>]{3,60}>",
    "semicolon": r";",
    "dashes": r"\s[–-]\s",
    "version": r"(?i)\b(?:v|ver|version|rev|utkast|draft)\.?\s?\d",
    "capitals": r"^[^a-zåäö\n]*[A-ZÅÄÖ]{3}[^a-zåäö\n]*$",
    "day": r"(?i)\b\d{1,2}(?:st|nd|rd|th)?\s"
    r"(?:jan|feb|mar|apr|ma[jy]|jun|jul|aug|sep|o[ck]t|nov|dec)",
    "signed": r"^[/–-]{1,2}\s?[A-ZÅÄÖ][^\W\d_]+(?:\W+\w+){0,2}$",
    "quote": r"^[>|]",
}
_PATTERNS = [re.compile(pattern, re.MULTILINE) for pattern in _MARKS.values()]

_WORDS = {
    "we": "vi oss vår vårt våra we us our ours",
    "you": "du dig din ditt dina ni er ert era you your yours",
    "me": "jag mig min mitt mina i me my mine",
    "sv": "och att det som en på är av för med till den har inte om ett men kan ska de vi i",
    "en": "and the of to a in is that for with are on by be it as from at we or not can will",
    "past": "grundades bildades startade founded established began since sedan",
    "own": "anställda medarbetare medarbetarna omsätter omsatte huvudkontor styrelse styrelsen "
    "ägs medlemmar medlemsföretag invånare vision värdegrund kontor utmärkelse utmärkelser "
    "employees employ staff turnover headquarters headquartered board owned members member "
    "inhabitants mission values office offices award awards certified certifierade",
    "secret": "utkast koncept arbetsmaterial arbetsexemplar version intern internt konfidentiellt "
    "sekretess hemligt spridning sprid preliminär granskat draft confidential internal version "
    "circulate distribution unpublished preliminary secret share approved",
    "polite": "hej hejsan tack hälsning hälsningar mvh nedan bifogat bifogar hör hörs ses skickat "
    "kolla hi hello dear thanks thank regards below attached hear sent forwarding wishes cheers",
    "asked": "namn titel rubrik sökande kontaktperson belopp diarienr diarienummer datum beskriv "
    "ange högst tecken name title heading applicant contact amount reference date describe state "
    "max characters",
}
_LISTS = [frozenset(words.split()) for words in _WORDS.values()]
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")

_LONGEST = 2000
"""Characters of a section that are looked at."""

_SHARE_COUNT = 8
_OWN = 2 + _SHARE_COUNT + len(_PATTERNS) + len(_LISTS)
_LONE_WORDS = (2, 5, 10)
"""Words up to which a line that stands alone is looked at by itself: a greeting, a label."""

_PLACE_COUNT = 12 + 2 * len(_LONE_WORDS)
SHAPE_COUNT = 3 * _OWN + _PLACE_COUNT + 2
"""Numbers that `section_shapes` gives for each section."""


def section_shapes(text: str, sections: Sequence[LinePart]) -> Shapes:
    """Return how each section looks, with its neighbours and its place: (sections, SHAPE_COUNT)."""
    own = np.array([_shape(text[s.span.start : s.span.end]) for s in sections], np.float32)
    own = own.reshape(len(sections), _OWN)
    edge = np.zeros((1, _OWN), np.float32)
    before = np.concatenate([edge, own[:-1]])[: len(own)]
    after = np.concatenate([own[1:], edge])[: len(own)]
    pieces = [text[s.span.start : s.span.end] for s in sections]
    return np.concatenate([own, before, after, _places(sections, pieces), _foreign(own)], axis=1)


def _shape(piece: str) -> list[float]:
    piece = piece[:_LONGEST]
    words = _WORD.findall(piece)
    count, length = max(len(words), 1), max(len(piece), 1)
    lowered = [word.lower() for word in words]
    shares = [
        sum(map(str.isalpha, piece)) / length,
        sum(map(str.isdigit, piece)) / length,
        sum(map(str.isupper, piece)) / length,
        sum(word[0].isupper() for word in words) / count,
        sum(word.isupper() and len(word) > 1 for word in words) / count,
        sum(len(word) for word in words) / count / 10,
        sum(not (c.isalnum() or c.isspace()) for c in piece) / length,
        float(piece[0].islower()),
    ]
    marks = [math.log1p(len(pattern.findall(piece))) for pattern in _PATTERNS]
    lists = [sum(word in one for word in lowered) / count for one in _LISTS]
    return [math.log1p(length) / 5, math.log1p(count) / 4, *shares, *marks, *lists]


def _places(sections: Sequence[LinePart], pieces: Sequence[str]) -> Shapes:
    """Return where each section stands: from the first, from the last, after what, how often.

    A line alone says most by how short it is, and by whether it stands between blank lines; what
    stands in a text again and again, but for a number, is the head or foot of its pages.
    """
    total = len(sections)
    words = [len(piece.split()) for piece in pieces]
    often = Counter(map(_without_numbers, pieces))
    rows = []
    for place, section in enumerate(sections):
        following = sections[place + 1].before if place + 1 < total else Break.BLANK
        is_line = section.before is not Break.NONE and following is not Break.NONE
        is_lone = section.before is Break.BLANK and following is Break.BLANK
        rows.append(
            [
                place / total,
                math.exp(-place / 2),
                math.exp(-(total - 1 - place) / 2),
                float(place == 0),
                float(section.line == 0),
                float(place == total - 1),
                float(often[_without_numbers(pieces[place])] > 1),
                math.log1p(total) / 4,
                *(float(section.before is one) for one in (Break.LINE, Break.BLANK)),
                *(float(following is one) for one in (Break.LINE, Break.BLANK)),
                *(float(is_line and words[place] <= most) for most in _LONE_WORDS),
                *(float(is_lone and words[place] <= most) for most in _LONE_WORDS),
            ]
        )
    return np.array(rows, np.float32).reshape(total, _PLACE_COUNT)


def _without_numbers(line: str) -> str:
    """Return ``line`` with a sign in place of each number: what the heads of pages share."""
    return _NUMBER.sub("#", line)


def _foreign(own: Shapes) -> Shapes:
    """Return how far each section's language is from that of most of the text: (sections, 2)."""
    start = 2 + _SHARE_COUNT + len(_PATTERNS)
    names = list(_WORDS)
    lean = own[:, start + names.index("sv")] - own[:, start + names.index("en")]
    most = float(np.average(lean, weights=np.expm1(own[:, 0] * 5))) if len(own) else 0.0
    return np.stack([np.abs(lean - most), lean * np.sign(most)], axis=1).astype(np.float32)
