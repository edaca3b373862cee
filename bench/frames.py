"""Real projects in whole texts of other kinds: chats, minutes, pages. Disturbances of the bench.

The frames are the half that `bench.project_parts` has not learned from, and those of kinds that
nothing is learned from (`bench/other_frames`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.surroundings import language_around, paragraphs
from index.training.frames import LEARNED_FRAMES, fill_frame, read_frames
from index.training.section_texts import Half, half_of

OTHER_FRAMES = Path(__file__).parent / "other_frames"


def frame_disturbances(folder: Path, half: Half | None) -> Iterator[tuple[str, partial[str]]]:
    """Yield the name of each kind of frame in ``folder``, and what puts a text into one."""
    for name in read_frames(folder, "en"):
        yield name.replace("_", " "), partial(put_into_frame, folder, name, half)


def put_into_frame(
    folder: Path, name: str, half: Half | None, text: str, chance: random.Random
) -> str:
    """Return ``text`` in a frame of the list ``name``, mostly in its own language.

    Args:
        folder: of the frames.
        name: of their list.
        half: which of them; all when None.
        text: a title and, below it, a text.
        chance: chooses the frame, and whether blank lines part the project from the rest.
    """
    frames = read_frames(folder, language_around(text, chance))[name]
    frame = chance.choice(frames if half is None else half_of(frames, half))
    title, body = paragraphs(text)
    return fill_frame(frame, title, body, chance.choice(["\n", "\n\n"])).text


def looked_at_frames() -> Iterator[tuple[str, partial[str]]]:
    """Yield the disturbances of frames that nothing was learned from."""
    yield from frame_disturbances(LEARNED_FRAMES, Half.LOOK)
    yield from frame_disturbances(OTHER_FRAMES, None)
