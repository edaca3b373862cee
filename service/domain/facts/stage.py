"""The stage of work that a call pays for, from idea to use, where it says so of its projects."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapers.call import Call
from service.domain.facts.record import Fact, Stage, Stages
from service.domain.facts.text import TITLE, Sentence

NAME = "stage"
_TITLED = 0.85
_SAID = 0.8
_WORDS = tuple(
    (stage, re.compile(pattern, re.IGNORECASE))
    for stage, pattern in {
        Stage.IDEA: r"\bidea (?:development|testing)\b|\bidé(?:utveckling|test|prövning|fas)\w*",
        Stage.FEASIBILITY: r"\bfeasibility stud(?:y|ies)\b|\bförstudie\w*"
        r"|\bgenomförbarhetsstudie\w*"
        r"|\bproof[- ]of[- ]concept\b|\bestablishing feasibility\b",
        Stage.PILOT: r"\bpilotprojekt\w*|\bpilot projects?\b|\bpilotstudie\w*|\bpilot-",
        Stage.DEMONSTRATION: r"\bdemo(?:nstrations)?projekt\w*|\bdemonstration projects?\b"
        r"|\bdemonstratorer\b",
        Stage.IMPLEMENTATION: r"\bimplementeringsprojekt\w*|\bimplementation projects?\b"
        r"|\binvestering(?:s-|sprojekt|sstöd)\w*|\bdeployment actions?\b",
        Stage.RESEARCH: r"\bforskningsprojekt\w*|\bresearch projects?\b|\bResearch and Innovation "
        r"Actions?\b|\bforskningsbidrag\b",
    }.items()
)
_PAYS = re.compile(
    r"söka|ansök|apply|applied|stöd|finansier|fund|support|bidrag|grant|proposals|call|utlysning"
    r"|projekt och|projects? (?:that|which|can)",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"previous|earlier|tidigare|result of|resultat|other|existing|avslutade|byggs? på|building on"
    r"|synerg|complement|based on",
    re.IGNORECASE,
)
_WHAT = re.compile(
    r"what can you apply|vad kan (?:du|ni) söka|^what$|^scope$|grant form|stödform", re.IGNORECASE
)


def facts(call: Call, sentences: tuple[Sentence, ...]) -> Iterator[Fact]:
    """Yield a fact for each title, and each sentence on what is paid for, that names a stage."""
    del call
    for sentence in sentences:
        stages = tuple(_stages(sentence))
        if stages and _says_so(sentence):
            confidence = _TITLED if sentence.field == TITLE else _SAID
            value = Stages(stages=stages)
            yield Fact(name=NAME, value=value, confidence=confidence, quote=sentence.quote())


def _says_so(sentence: Sentence) -> bool:
    if _ASIDE.search(sentence.text):
        return False
    return sentence.field == TITLE or bool(
        _WHAT.search(sentence.heading) or _PAYS.search(sentence.text)
    )


def _stages(sentence: Sentence) -> Iterator[Stage]:
    for stage, pattern in _WORDS:
        found = pattern.search(sentence.text)
        if found and not sentence.negated(*found.span()):
            yield stage
