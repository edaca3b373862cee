"""The prompts of a model: what it was trained to read before a text that searches or is searched.

A sentence-transformers folder has them by name, and each maker names them otherwise: ``query`` and
``passage``, ``search_query`` and ``search_document``, ``s2p_query``. A name is read by its words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_ASKING = frozenset({"query", "queries", "question"})
_ASKED = frozenset({"document", "documents", "doc", "passage", "passages", "corpus"})
"""Words that name the two sides of a search."""

_SEARCHING = frozenset({"search", "retrieval", "s2p"})
"""Words of a name that say what else it could be for: a model may compare sentences, too."""

_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+")


@dataclass(frozen=True)
class Prompts:
    """What stands before a text; empty where the model wants nothing."""

    query: str = ""
    passage: str = ""


def read_prompts(named: Mapping[str, str | None], default: str | None = None) -> Prompts:
    """Choose the prompts of a search.

    Args:
        named: the model's own, by name.
        default: the name of the one that is for every text where none is for a search.
    """
    query, passage = _choose(named, _ASKING), _choose(named, _ASKED)
    if not query and not passage:
        query = passage = (named.get(default) if default else "") or ""
    return Prompts(query, passage)


def _choose(named: Mapping[str, str | None], words: frozenset[str]) -> str:
    """Return the prompt whose name says least beside one of ``words``, or else a search."""
    fitting = []
    for place, (name, text) in enumerate(named.items()):
        own = {word.lower() for word in _WORDS.findall(name)}
        if text and own & words:
            beside = own - words
            fitting.append((bool(beside), not beside & _SEARCHING, len(beside), place, text))
    return min(fitting)[-1] if fitting else ""
