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
        Stage.PILOT: r"\bpilots? and demonstration|\bpilot(?:er)? och demonstration"
        r"|\bpilotprojekt\w*|\bpilot projects?\b"
        r"|\bpilotstudie\w*|\bpilot-"
        r"|\blarge-scale pilots?\b|\bpilots and demonstrat\w+",
        Stage.DEMONSTRATION: r"\bpilot(?:er)? och demonstration\b|^Demonstrate (?!how|that|their"
        r"|the added)"
        r"|\bdemonstrate and deploy\b|\bdemo(?:nstrations)?projekt\w*|\bdemonstration projects?\b"
        r"|^Demonstration of\b|\bdemonstratorer\b|\bpilots and demonstrat\w+",
        Stage.IMPLEMENTATION: r"\bstöd (?:för|till) investering\w*|\bimplementering av\b"
        r"|\bimplementeringsprojekt\w*"
        r"|\bimplementation projects?\b"
        r"|\binvestering(?:s-|sprojekt|sstöd)\w*|\bdeployment actions?\b",
        Stage.RESEARCH: r"\bforskningsprojekt\w*|\bdoktorandprojekt\w*|\bforskningsanslag\w*"
        r"|\bresearch and development (?:projects?|grants?|sub-?call)"
        r"|\bforskningsmedel\b"
        r"|\bforsknings-? ?(?:och|och/eller|eller) \w+sprojekt|\bmedel till forskning\b"
        r"|\bforsknings-? ?och utvecklingsprojekt|\bsatsning på forskning\b"
        r"|\bstöd (?:för|till) forskning\b|\bforskning(?:en)? som (?:stöds|finansieras)\b|\(RIA\)"
        r"|\b(?:call|topic|action|programme|scheme|grants?|awards?|we|opportunity)\b[^.]{0,25}? "
        r"(?:supports?|fund(?:s|ing)?) (?:for )?(?:[\w-]+ ){0,2}research\b(?! (?:communit|agenda"
        r"|infra|group|organi|leader|and innovation agenda))|\bfund(?:s"
        r"|ing) (?:for )?(?:[\w-]+ )?research\b(?! infra)"
        r"|\bresearch actions?\b|\bresearch projects?\b|\bResearch and Innovation "
        r"Actions?\b|\bforskningsbidrag\b",
    }.items()
)
_PAYS = re.compile(
    r"\b(?:söka\w*|ansök\w*|stöd\w*|finansiera?r?\w*|bidrag\w*|\w*anslag\w*|utly\w+|funds?|funded"
    r"|funding"
    r"|supports?"
    r"|grants?|apply for|proposals for|call for|forskning som)\b",
    re.IGNORECASE,
)
_HINTS = (
    "idea ", "idé", "feasib", "förstud", "genomförbar", "proof", "pilot", "demo", "implement",
    "invester", "deploy", "forskning", "research", "doktorand", "(ria)",
)  # fmt: skip
_NEAR = 60
_OVERLAP = 24
_BEFORE = 50
_ASIDE = re.compile(
    r"möjliga|potential|previous|earlier|tidigare|result of|resultat|existing|avslutade|byggs? på"
    r"|building on"
    r"|synerg|complement|based on|\bafter\b|beyond|ending|researchers and",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(r"synerg|funded under (?:the )?topic|other relevant", re.IGNORECASE)
_LEADS = re.compile(r"Demonstrate |demonstrate and deploy")
_WHAT = re.compile(
    r"what can you apply|vad kan (?:du|ni) söka|^what$|opportunity title|grant form|stödform",
    re.IGNORECASE,
)


def facts(call: Call, sentences: tuple[Sentence, ...]) -> Iterator[Fact]:
    """Yield a fact for each title, and each sentence on what is paid for, that names a stage."""
    del call
    for sentence in sentences:
        stages = tuple(_stages(sentence))
        if stages:
            confidence = _TITLED if sentence.field == TITLE else _SAID
            value = Stages(stages=stages)
            yield Fact(name=NAME, value=value, confidence=confidence, quote=sentence.quote())


def _says_so(sentence: Sentence, at: int) -> bool:
    """Whether the stage named at ``at`` is what is paid for: by title, heading, or verb before."""
    if _ELSEWHERE.search(sentence.text) or _ASIDE.search(
        sentence.text, max(0, at - _BEFORE), at + _OVERLAP
    ):
        return False
    if _LEADS.match(sentence.text, at) or sentence.field == TITLE or _WHAT.search(sentence.heading):
        return True
    paid = [m.end() for m in _PAYS.finditer(sentence.text, 0, at + _OVERLAP)]
    return any(at - end < _NEAR and "(" not in sentence.text[end:at] for end in paid)


def _stages(sentence: Sentence) -> Iterator[Stage]:
    if not sentence.has(_HINTS):
        return
    for stage, pattern in _WORDS:
        found = pattern.search(sentence.text)
        if found and not sentence.negated(*found.span()) and _says_so(sentence, found.start()):
            yield stage
