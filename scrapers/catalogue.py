"""Catalogue: every funder there is, in our folders and in packages of their own.

Ours are the classes in ``scrapers/funders`` and the files ``scrapers/curated/*.toml``. A package
of its own names, in the entry-point group ``fundscout.funders``, either a class or a package: of a
package, the classes in its ``__init__`` and the TOML files beside it are its funders.

A funder that cannot be used hides no other: it is left out with a sentence that names its package.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import ModuleType
from typing import Any

from scrapers.errors import ScrapeError
from scrapers.funder import Funder
from scrapers.platforms.curated import curated_funder

GROUP = "fundscout.funders"
"""The entry-point group by which a package offers its funders."""

KEY = re.compile(r"[a-z][a-z0-9_]{1,40}")
"""What a funder may be called: it begins the ids of its calls, and names its file."""

_NEEDED = ("title", "home", "level", "zone", "interface", "verified", "expects", "address")


@dataclass
class Found:
    """The funders by key, and a sentence for each that cannot be used."""

    kinds: dict[str, type[Funder]] = field(default_factory=dict)
    refused: tuple[str, ...] = ()

    def add(self, kind: type[Funder], owner: str) -> None:
        """Take in a funder of ``owner``, unless something is wrong with it."""
        if fault := _fault(kind):
            self.refuse(f"{owner} brings the funder {kind.__name__}, which {fault}")
        elif kind.key in self.kinds:
            self.refuse(
                f"{owner} brings a funder with the key {kind.key!r}, which is taken; the first "
                "one stays"
            )
        else:
            self.kinds[kind.key] = kind

    def add_file(self, file: Traversable, owner: str) -> None:
        """Take in the funder that a TOML file of ``owner`` describes."""
        try:
            self.add(curated_funder(file), owner)
        except ScrapeError as error:
            self.refuse(f"{owner} brings a file that cannot be used: {error}")

    def refuse(self, sentence: str) -> None:
        """Remember why a funder is left out."""
        self.refused = (*self.refused, sentence.rstrip("."))


@cache
def catalogue() -> Found:
    """Return every funder, sorted by key; packages are asked once a process."""
    found = Found()
    package = importlib.import_module("scrapers.funders")
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        for kind in _classes(importlib.import_module(module.name)):
            found.add(kind, "fundscout")
    for file in _tomls(files("scrapers") / "curated"):
        found.add_file(file, "fundscout")
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (_owner(entry), entry.name)):
        _add_entry(found, entry)
    found.kinds = dict(sorted(found.kinds.items()))
    return found


def _add_entry(found: Found, entry: EntryPoint) -> None:
    owner = f"The package {_owner(entry)}"
    try:
        offered = entry.load()
    except Exception as error:  # noqa: BLE001  a stranger's code may raise anything
        found.refuse(
            f"{owner} offers funders that cannot be loaded ({GROUP}: {entry.name} = "
            f"{entry.value}): {type(error).__name__}: {error}"
        )
        return
    count = len(found.kinds) + len(found.refused)
    if isinstance(offered, ModuleType):
        for kind in _classes(offered):
            found.add(kind, owner)
        for file in _tomls(files(offered)) if hasattr(offered, "__path__") else ():
            found.add_file(file, owner)
    elif _is_funder(offered):
        found.add(offered, owner)
    if len(found.kinds) + len(found.refused) == count:
        found.refuse(
            f"{owner} offers no funder ({GROUP}: {entry.name} = {entry.value}): name a class of "
            "Funder, or a package that has such classes or TOML files"
        )


def _owner(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else entry.module


def _classes(module: ModuleType) -> Iterator[type[Funder]]:
    """Yield the funders that are defined in ``module`` or below it; what it imports is not its."""
    for value in vars(module).values():
        if _is_funder(value) and "key" in vars(value) and _is_within(value, module):
            yield value


def _is_funder(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, Funder)


def _is_within(kind: type[Funder], module: ModuleType) -> bool:
    return f"{kind.__module__}.".startswith(f"{module.__name__}.")


def _tomls(folder: Traversable) -> list[Traversable]:
    found = (file for file in folder.iterdir() if file.name.endswith(".toml"))
    return sorted(found, key=lambda file: file.name)


def _fault(kind: type[Funder]) -> str:
    """Return what is wrong with a funder's class, "" when it can be used."""
    key = getattr(kind, "key", None)
    if not isinstance(key, str) or not KEY.fullmatch(key):
        return f"has the key {key!r}: use small letters, digits and _, beginning with a letter"
    if missing := [name for name in _NEEDED if not hasattr(kind, name)]:
        return f"does not say its {', '.join(missing)}"
    if inspect.isabstract(kind):
        return f"does not define {', '.join(sorted(kind.__abstractmethods__))}"
    return ""
