"""When the reader was last on a pilot's page: a person's own time, else the installation's."""

from __future__ import annotations

from datetime import UTC, datetime

from service import telemetry
from service.context import Context
from service.domain.access.principal import acting
from service.errors import StoreError


def note_visit(context: Context, pilot_id: str) -> datetime | None:
    """Note that whoever asks looks at a pilot now; return since when what is new is new.

    That is the end of the visit before; None at the first one. Looks within half an hour are one
    visit, so a page that is loaded again has the same news. A note that cannot be written keeps
    nobody from reading.
    """
    now = datetime.now(UTC)
    try:
        return context.pilot_visits.note(acting().owner, pilot_id, now).before
    except StoreError as error:
        telemetry.warn("a visit could not be noted", reason=str(error))
        return None


def last_looks(context: Context) -> dict[str, datetime]:
    """Return when whoever asks last looked at each pilot; one never looked at is left out."""
    visits = context.pilot_visits.visits_of(acting().owner)
    return {pilot_id: visit.seen_at for pilot_id, visit in visits.items()}
