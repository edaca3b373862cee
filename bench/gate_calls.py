"""Judged calls as Call records: whole from the shared samples, or one sentence of one call."""

from __future__ import annotations

import html
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from scrapers.call import Call, Level, Provenance, join_sections

_MARKUP = re.compile(r"<[^>]+>")


def read_call(shared: Path, source: str, name: str) -> Call:
    """Return the call ``name`` of the file ``source`` below ``shared``.

    It has texts and, where the source gives it, the type of action.
    """
    path = shared / source
    title, parts, language = _read(path, source, name)
    text, sections = join_sections(parts)
    return Call(
        id=f"judged:{re.sub(r'[^!-~]+', '-', name)}",
        funder="judged",
        level=Level.NATIONAL,
        titles={language: title},
        texts={language: text} if text else {},
        sections={language: sections} if text else {},
        keywords=_actions(path, source, name),
        provenance=Provenance(source="judged"),
    )


def call_of_sentence(language: str, heading: str, sentence: str) -> Call:
    """Return a call of one sentence: below ``heading``, or as its title if that is "title"."""
    titled = heading == "title"
    text, sections = join_sections([] if titled else [(heading, sentence)])
    return Call(
        id="judged:sentence",
        funder="judged",
        level=Level.NATIONAL,
        titles={language: sentence if titled else "–"},
        texts={language: text} if text else {},
        sections={language: sections} if text else {},
        provenance=Provenance(source="judged"),
    )


def _read(path: Path, source: str, name: str) -> tuple[str, list[tuple[str, str]], str]:
    if path.suffix == ".txt":
        lines = path.read_text("utf-8").split("\n", 1)[1].strip()
        return lines.split("\n", 1)[0], [("description", lines)], _language(source)
    document = _document(path)
    if "eval/" in source:
        row = document[name]
        who = [("eligibility", row["eligibility"])] if row.get("eligibility") else []
        return row["title"], [("scope", row["text"] or ""), *who], row.get("lang") or "en"
    if "abeltomy" in source:
        row = document[int(name)]
        return row["title"], [("description", row["description"])], _language(source)
    if "eu_sedia" in source:
        row = document["results"][int(name)]["metadata"]
        parts = [("scope", row["descriptionByte"][0]), ("conditions", row["topicConditions"][0])]
        return (
            row["title"][0],
            [(n, _plain_text(t)) for n, t in parts],
            "sv" if name == "0" else "en",
        )
    if "simpler_grants" in source:
        return _read_american(document, name)
    rounds = document if isinstance(document, list) else document["ansokningsomgangar"]
    row = next(one for one in rounds if one["Diarienummer"] == name)
    names = ("what", "who", "amount") if len(row["WebTextLista"]) > 2 else ("what", "amount")  # noqa: PLR2004  what, who, how much
    texts = [one["TextSv"] for one in row["WebTextLista"]]
    return row["Titel"], list(zip(names, texts, strict=True)), "sv"


def _actions(path: Path, source: str, name: str) -> tuple[str, ...]:
    """Return the type of action, which the portal's reader keeps among the keywords."""
    if "eval/" in source:
        action = _document(path)[name].get("types_of_action") or ""
        return (" ".join(action.split()),) if action.strip() else ()
    if "eu_sedia" in source:
        return tuple(_document(path)["results"][int(name)]["metadata"].get("typesOfAction", ()))
    return ()


def _read_american(document: Any, name: str) -> tuple[str, list[tuple[str, str]], str]:
    if "grants" in document:
        row = next(one for one in document["grants"] if one["slug"] == name)
        parts = [("description", row["overview"]), ("eligibility", row["eligibility"])]
        return row["title"], [(n, _plain_text(t)) for n, t in parts], "en"
    fields = [one["id"] for one in document["fields"]]
    rows = (dict(zip(fields, one, strict=True)) for one in document["records"])
    row = next(one for one in rows if one["PortalID"] == name)
    wanted = {"Purpose": "purpose", "Description": "description", "ApplicantTypeNotes": "who"}
    return row["Title"], [(label, row[key]) for key, label in wanted.items()], "en"


@cache
def _document(path: Path) -> Any:
    text = path.read_text("utf-8")
    if path.suffix == ".jsonl":
        rows = map(json.loads, text.splitlines())
        return {row["id"]: row for row in rows}
    return json.loads(text)


def _language(source: str) -> str:
    swedish = ("_sv.txt", "energimyndigheten", "hjart_lungfonden")
    return "sv" if any(mark in source for mark in swedish) else "en"


def _plain_text(text: str) -> str:
    """Return the text of HTML; blocks become lines."""
    broken = re.sub(r"</(?:p|li|div|h\d)>|<br ?/?>", "\n", text)
    return re.sub(r"[ \t\u00a0]+", " ", html.unescape(_MARKUP.sub(" ", broken))).strip()
