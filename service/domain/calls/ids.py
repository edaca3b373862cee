"""The id of a call, ``source:native-id``: the funder's key and the funder's own identifier.

The source's key has no colon; the native id may have some.
"""

from __future__ import annotations


def source_of(call_id: str) -> str:
    """Return the key of the funder whose call it is, such as ``vinnova``."""
    return call_id.split(":", 1)[0]


def native_id(call_id: str) -> str:
    """Return the funder's own identifier, such as ``2026-00017``."""
    return call_id.split(":", 1)[1]


def join_id(source: str, native: str) -> str:
    """Return the id of the call that its funder identifies as ``native``."""
    return f"{source}:{native}"
