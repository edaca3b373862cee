"""The documentation's examples of health."""

from __future__ import annotations

from service.api.sample import dump
from service.use_cases.health import Check, Health

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
