"""Do what a request asks for once, however often it comes."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from pydantic import Field

from service.context import Context
from service.domain.frozen_model import FrozenModel
from service.errors import BusyError, InputError

_PATIENCE = 20.0
"""Seconds that a request waits for the answer to the same one."""

_PAUSE = 0.05


class KeptAnswer(FrozenModel):
    """An answer as it was given: status, JSON body, where the new thing is, and its pilot."""

    status: int
    body: str
    headers: dict[str, str] = Field(default_factory=dict)
    pilot_id: str | None = None


def answer_once(
    context: Context, key: str, caller: str, asked: str, make: Callable[[], KeptAnswer | None]
) -> KeptAnswer | None:
    """Return the answer to a request: made now, or the one that was made for its key before.

    Of the same requests at once one is done, and the others wait for its answer.

    Args:
        context: the stores.
        key: what the caller calls the request.
        caller: who asks: a key of somebody else is another one.
        asked: what is asked for, where and with which body.
        make: does what is asked for; returns None when that came to nothing.

    Raises:
        InputError: the key was used for another request.
        BusyError: the same request is still being answered.
    """
    store = context.idempotency
    key_hash, body_hash = _hash(f"{caller}\0{key}"), _hash(asked)
    last = time.monotonic() + _PATIENCE
    while True:
        state = store.claim(key_hash, body_hash, datetime.now(UTC))
        if state.is_ours:
            break
        if state.body_hash != body_hash:
            raise InputError(
                "This Idempotency-Key was used for another request in the last 24 hours: send a "
                "new key with a new request."
            )
        if state.answer is not None:
            return KeptAnswer.model_validate_json(state.answer)
        if time.monotonic() > last:
            wait = timedelta(seconds=5)
            raise BusyError("The same request is still being answered: send it again.", wait)
        time.sleep(_PAUSE)
    answer: KeptAnswer | None = None
    try:
        answer = make()
    finally:
        if answer is None:
            store.give_back(key_hash)
    if answer is not None:
        store.keep(key_hash, answer.model_dump_json(), answer.pilot_id)
    return answer


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
