"""Awards as evaluation data: projects as queries, and the calls that paid for them as answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrapers.award import Award
from scrapers.call import Call
from scrapers.plurals import count_noun
from service.context import Context
from service.domain.calls.ids import native_id, source_of
from service.errors import InputError


@dataclass
class GroundTruth:
    """What was written: calls, awards read, queries, and why the other awards gave none.

    ``repeated`` counts projects that another register of the same funder has too.
    """

    calls: int = 0
    awards: int = 0
    paired: int = 0
    queries: int = 0
    repeated: int = 0
    nameless: int = 0
    unknown: int = 0
    ambiguous: int = 0


def export_ground_truth(context: Context, folder: Path) -> GroundTruth:
    """Write corpus.jsonl (calls), queries.jsonl (projects) and qrels.tsv to ``folder``.

    An award is joined to a call of the same funder by the first of its identifiers that a stored
    call has; where several calls have it and none by that name, nobody knows which paid. A
    project is a query in each language that it has a title in.

    Raises:
        InputError: no award names a stored call, or the folder cannot be written.
    """
    calls = context.calls.all()
    known = _index_calls(calls.values())
    report = GroundTruth(calls=len(calls))
    queries, answers = [], []
    seen: set[tuple[str, str]] = set()
    for award in context.awards.all():
        report.awards += 1
        project = (award.caller, award.native_id)
        if award.caller and project in seen:
            report.repeated += 1
            continue
        seen.add(project)
        call = _find_paying_call(award, known, report)
        if call is None:
            continue
        report.paired += 1
        for query in _query_rows(award):
            queries.append(query)
            answers.append(f"{query['id']}\t{call}\t1")
    report.queries = len(queries)
    if not queries:
        raise InputError(
            f"None of {count_noun(report.awards, 'award')} names one of "
            f"{count_noun(report.calls, 'stored call')}: run "
            "`fundscout collect` and `fundscout collect-awards` first."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "corpus.jsonl", (_json(_corpus_row(call)) for call in calls.values()))
        _write(folder / "queries.jsonl", map(_json, queries))
        _write(folder / "qrels.tsv", iter(answers))
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror or error}.") from error
    return report


CallIdsByIdentifier = dict[tuple[str, str], list[str]]
"""Ids of calls by their funder's key and one of their identifiers in capitals."""


def _index_calls(calls: Iterable[Call]) -> CallIdsByIdentifier:
    known: CallIdsByIdentifier = {}
    for call in calls:
        funder = source_of(call.id)
        for identifier in {call.native_id.upper(), *(one.upper() for one in call.identifiers)}:
            known.setdefault((funder, identifier), []).append(call.id)
    return known


def _find_paying_call(award: Award, known: CallIdsByIdentifier, report: GroundTruth) -> str | None:
    """Return the id of the call that paid, or count why there is none."""
    if not award.calls:
        report.nameless += 1
        return None
    for identifier in award.calls:
        candidates = known.get((award.caller, identifier.upper()), [])
        named = [id_ for id_ in candidates if native_id(id_).upper() == identifier.upper()]
        if len(named or candidates) == 1:
            return (named or candidates)[0]
        if candidates:
            report.ambiguous += 1
            return None
    report.unknown += 1
    return None


def _corpus_row(call: Call) -> dict[str, Any]:
    """Return a call as a row of the corpus, in the language that its funder gives first."""
    language = next(iter(call.titles))
    return {
        "id": call.id,
        "title": call.titles[language],
        "text": call.texts.get(language, ""),
        "lang": language,
        "programme": call.programme,
    }


def _query_rows(award: Award) -> Iterator[dict[str, Any]]:
    """Yield a project once a language, without the identifiers of the call that paid."""
    named = sorted(award.calls, key=len, reverse=True)
    giveaway = re.compile("|".join(map(re.escape, named)), re.IGNORECASE)
    for language, title in award.titles.items():
        text = award.texts.get(language, "")
        yield {
            "id": f"{award.id}@{language}",
            "title": giveaway.sub("", title).strip() or "…",
            "text": giveaway.sub("", text),
            "lang": language,
        }


def _json(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)


def _write(path: Path, lines: Iterator[str]) -> None:
    """Write a draft and rename it: a reader sees the whole new file or the old one."""
    temporary = path.with_name(f".{path.name}.part")
    with temporary.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)
    temporary.replace(path)
