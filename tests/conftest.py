"""What every test shares."""

from __future__ import annotations

import gc


def pytest_collection_finish() -> None:
    """Leave the modules and tests alone when rubbish is collected: all of them stay to the end."""
    gc.collect()
    gc.freeze()
