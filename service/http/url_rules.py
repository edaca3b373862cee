"""Rules of addresses whose builders are compiled when an address is first built.

Werkzeug compiles two functions for each rule when it is added, which takes a quarter of a second
for all of ours; most of them are never called, since few addresses are written by the program.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from werkzeug.routing import Rule


class LazyRule(Rule):
    """A rule that compiles what builds its address at the first use."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_now = cache(super()._compile_builder)

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            return compile_now(append_unknown)(rule, **values)

        return build
