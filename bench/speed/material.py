"""Real calls and pilots: of the evaluation sets, or the examples where there are none."""

from __future__ import annotations

import json
from pathlib import Path

from bench.speed.plan import Plan
from bench.speed.trees import ROOT
from scrapers.call import Call, Level
from service.jobs.imports.rows import RowDefaults, call_from_row

_DEFAULTS = RowDefaults("European Commission", Level.EUROPEAN)

_CALLS = Path("eu_calls_2026") / "corpus.jsonl"
_PILOTS = Path("pilots") / "vinnova_medtech.jsonl"


def real_calls(plan: Plan) -> list[Call]:
    """Return at most ``plan.calls`` calls, each id once."""
    path = plan.sets / _CALLS
    found = _portal_calls(path) if path.is_file() else example_calls()
    return found[: plan.calls]


def name_material(plan: Plan) -> str:
    """Say which calls and pilots are measured with."""
    calls = "real EU calls of 2026" if (plan.sets / _CALLS).is_file() else "example calls"
    pilots = "real projects" if (plan.sets / _PILOTS).is_file() else "example pilots"
    return f"{len(real_calls(plan)):,} {calls}, {len(pilot_texts(plan))} texts of {pilots}"


def pilot_texts(plan: Plan) -> list[str]:
    """Return the texts of pilots, title first."""
    path = plan.sets / _PILOTS
    if not path.is_file():
        files = sorted((ROOT / "examples" / "pilots").glob("*.json"))
        return [json.loads(file.read_text("utf-8"))["text"] for file in files]
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [f"{row[f'title_{lang}']}\n{row[f'text_{lang}']}" for row in rows for lang in _LANGUAGES]


_LANGUAGES = ("sv", "en")


def _portal_calls(path: Path) -> list[Call]:
    calls: dict[str, Call] = {}
    for line in path.read_text("utf-8").splitlines():
        try:
            call = call_from_row(json.loads(line), _DEFAULTS)
        except ValueError:  # what an import refuses
            continue
        calls.setdefault(call.id, call)
    return list(calls.values())


def example_calls() -> list[Call]:
    """Return the example calls of this tree."""
    files = sorted((ROOT / "examples" / "calls").glob("*.jsonl"))
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    return [Call.model_validate_json(line) for line in lines if line.strip()]
