"""The id of a call, ``source:native-id``: the funder's key and the funder's own identifier.

The source's key has no colon; the native id may have some.
"""

from __future__ import annotations

from uuid import UUID, uuid5

_CALLS = UUID("5b1c2f64-7d0e-4c55-9a43-0f6d8b1e2a97")
"""The space of our calls' UUIDs; another one would give every call a new UUID."""


def source_of(call_id: str) -> str:
    """Return the key of the funder whose call it is, such as ``vinnova``."""
    return call_id.split(":", 1)[0]


def native_id(call_id: str) -> str:
    """Return the funder's own identifier, such as ``2026-00017``."""
    return call_id.split(":", 1)[1]


def join_id(source: str, native: str) -> str:
    """Return the id of the call that its funder identifies as ``native``."""
    return f"{source}:{native}"


def uid_of(call_id: str) -> UUID:
    """Return the call's UUID, for tools that know no other ids; it never changes."""
    return uuid5(_CALLS, call_id)
