"""How long a search page takes beside the encoder's own time, and how large it is.

    python -m bench.search_page [--data FOLDER] [--searches N]

Needs a data folder with an index, such as `fundscout load-examples` makes. Each search has another
text, put together from sentences of stored calls, so that nothing of it is known. It is sent as a
form and its address opened by Flask's test client; meanwhile every call of the encoder is clocked.
What is left is ours: ranking, explaining, facets, page. Both are taken in the same
run. The limit is on the processor time of the thread that answers, which other work on the machine
does not lengthen; the time that went by is printed beside it.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from service.app import create_app
from service.context import Context
from service.settings import Settings

MOST_MILLISECONDS = 300
"""What a page may take beside the encoder's own time: the median of the searches."""

MOST_BYTES = 200_000
"""What a page may have."""

_ENCODING = ("passages", "queries", "encode_with_spans", "encode_words")
_SEED = 20


@dataclass
class Clocked:
    """Seconds that something took, summed; calls within calls count once."""

    seconds: float = 0.0
    processor: float = 0.0
    depth: int = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Add the time of a block."""
        self.depth += 1
        began, worked = time.perf_counter(), time.thread_time()
        try:
            yield
        finally:
            self.depth -= 1
            if not self.depth:
                self.seconds += time.perf_counter() - began
                self.processor += time.thread_time() - worked


class ClockedEncoder:
    """An encoder whose calls are clocked; everything else of it is as it was."""

    def __init__(self, encoder: Any, clock: Clocked) -> None:
        self._encoder = encoder
        self._clock = clock

    def __getattr__(self, name: str) -> Any:
        """Return what the encoder has; of what encodes, the same under the clock."""
        found = getattr(self._encoder, name)
        if name not in _ENCODING:
            return found

        def timed(*args: Any, **named: Any) -> Any:
            with self._clock.running():
                return found(*args, **named)

        return timed


def main() -> int:
    """Measure and print; return 1 when a limit is passed."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="fundscout-bench-") as scratch:
        data = arguments.data or Path(scratch)
        context = Context.open(Settings.from_env({"FUNDSCOUT_DATA": str(data)}))
        clock = Clocked()
        context._encoder = cast("Any", ClockedEncoder(context.encoder(), clock))  # noqa: SLF001
        texts = list(_texts(context, arguments.searches + 1))
        client = create_app(context).test_client()
        spent, worked, encoded, sizes = [], [], [], []
        for place, text in enumerate(texts):
            clock.seconds = clock.processor = 0.0
            total, processor, size = _clock_page(client.post, client.get, text)
            if place:  # the first one opens the index and the templates
                spent.append(1000 * (total - clock.seconds))
                worked.append(1000 * (processor - clock.processor))
                encoded.append(1000 * clock.seconds)
                sizes.append(size)
        print(f"{context.calls.count():,} calls, {len(spent)} searches")
    for name, values in (
        ("beside the encoder, on the processor", worked),
        ("beside the encoder, as it went by", spent),
        ("encoder, as it went by", encoded),
    ):
        print(f"{name}: median {statistics.median(values):.0f} ms, largest {max(values):.0f} ms")
    print(f"page: median {statistics.median(sizes):,.0f} bytes, largest {max(sizes):,} bytes")
    return int(statistics.median(worked) > MOST_MILLISECONDS or max(sizes) > MOST_BYTES)


def _clock_page(
    post: Callable[..., Any], get: Callable[..., Any], text: str
) -> tuple[float, float, int]:
    """Return the seconds that a search's page took, those on the processor, and its bytes."""
    began, worked = time.perf_counter(), time.thread_time()
    address = post("/", data={"text": text}).headers["Location"].partition("#")[0]
    page = get(address)
    seconds, processor = time.perf_counter() - began, time.thread_time() - worked
    if page.status_code != 200:  # noqa: PLR2004  OK
        sys.exit(f"The page answered {page.status_code}.")
    return seconds, processor, len(page.data)


def _texts(context: Context, count: int) -> Iterator[str]:
    """Yield texts of some sentences each, from calls drawn at random."""
    sentences = [
        sentence.strip()
        for call in context.calls.iterate()
        for text in call.texts.values()
        for sentence in text.split(". ")
        if 40 < len(sentence) < 300  # noqa: PLR2004  a sentence that says something
    ]
    if not sentences:
        sys.exit("No calls: run `fundscout load-examples` with the same data folder first.")
    chosen = random.Random(_SEED)  # noqa: S311  no secret
    for _ in range(count):
        yield ". ".join(chosen.sample(sentences, min(6, len(sentences)))) + "."


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, help="a data folder with an index")
    parser.add_argument("--searches", type=int, default=20)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
