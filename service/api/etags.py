"""The ETag of a pilot: it names one state of it, and changes name the state that they change."""

from __future__ import annotations

from service.domain.pilots.pilot import Pilot


def etag_header(pilot: Pilot) -> dict[str, str]:
    """Return the header that names the state of ``pilot``."""
    return {"ETag": f'"{pilot.etag}"'}
