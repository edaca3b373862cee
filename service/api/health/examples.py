"""The documentation's examples of health."""

from __future__ import annotations

from service.api.sample import dump
from service.domain.calls.sources import SourceState
from service.use_cases.health import Check, Health
from service.use_cases.watching.readiness import ServiceReadiness, SourceAge

HEALTH = dump(
    Health(
        status="ok",
        calls=80,
        checks=(
            Check(name="database", ok=True, detail="80 calls can be read."),
            Check(name="index", ok=True, detail="The snapshot 20260901T080000Z answers."),
        ),
    )
)
SICK = dump(
    Health(
        status="unavailable",
        calls=80,
        checks=(
            Check(name="database", ok=True, detail="80 calls can be read."),
            Check(name="index", ok=False, detail="There is no index yet: run `fundscout reindex`."),
        ),
    )
)

_MODEL = Check(name="model", ok=True, detail="The model 5b2c3f9e is loaded.")
_STORE = Check(name="database", ok=True, detail="80 calls can be read.")
_INDEX = Check(name="index", ok=True, detail="The snapshot 20260901T080000Z holds 80 calls.")
_VINNOVA = SourceAge(key="vinnova", name="Vinnova", state=SourceState.GOOD, age=21600.0)
_FORMAS = SourceAge(key="formas", name="Formas", state=SourceState.STALE, age=950400.0)
_LATE = "Formas (formas) is stale: last read well 11 days ago."

READY = dump(
    ServiceReadiness(
        status="degraded",
        reasons=(_LATE,),
        checks=(
            _MODEL,
            _INDEX,
            _STORE,
            Check(name="sources", ok=True, detail="1 of 2 sources read well within the last week."),
        ),
        sources=(_VINNOVA, _FORMAS),
    )
)
NOT_READY = dump(
    ServiceReadiness(
        status="unavailable",
        reasons=("There is no index yet: run `fundscout reindex`.", _LATE),
        checks=(
            _MODEL,
            Check(name="index", ok=False, detail="There is no index yet: run `fundscout reindex`."),
            _STORE,
            Check(name="sources", ok=True, detail="1 of 2 sources read well within the last week."),
        ),
        sources=(_VINNOVA, _FORMAS),
    )
)
