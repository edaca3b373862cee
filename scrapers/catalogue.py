"""FunderCatalogue: every funder there is, in our folders and in packages of their own.

Ours are the classes in ``scrapers/funders`` and the files ``scrapers/curated/*.toml``. Another
package names a class or a package in the entry-point group ``fundscout.funders``; a package's
funders are the classes in its ``__init__`` and the TOML files next to it.

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

from scrapers.errors import ScrapeError, UnknownFunderError
from scrapers.funder import Funder
from scrapers.platforms.curated import curated_funder

GROUP = "fundscout.funders"
"""The entry-point group by which a package offers its funders."""

KEY = re.compile(r"[a-z][a-z0-9_]{1,40}")
"""The form of a funder's key, which begins the ids of its calls and names its file."""

_REQUIRED = ("title", "home", "level", "zone", "interface", "verified", "expects", "address")


@dataclass
class FunderCatalogue:
    """The funders by key, and a sentence for each that cannot be used."""

    funders: dict[str, type[Funder]] = field(default_factory=dict)
    unusable: tuple[str, ...] = ()

    def add(self, funder: type[Funder], owner: str) -> None:
        """Take in a funder of ``owner``, unless something is wrong with it."""
        if fault := _fault(funder):
            self.leave_out(f"{owner} brings the funder {funder.__name__}, which {fault}")
        elif funder.key in self.funders:
            self.leave_out(
                f"{owner} brings a funder with the key {funder.key!r}, which is taken; the first "
                "one stays"
            )
        else:
            self.funders[funder.key] = funder

    def add_file(self, file: Traversable, owner: str) -> None:
        """Take in the funder that a TOML file of ``owner`` describes."""
        try:
            self.add(curated_funder(file), owner)
        except ScrapeError as error:
            self.leave_out(f"{owner} brings a file that cannot be used: {error}")

    def leave_out(self, reason: str) -> None:
        """Remember why a funder is left out."""
        self.unusable = (*self.unusable, reason.rstrip("."))


@cache
def catalogue() -> FunderCatalogue:
    """Return every funder, sorted by key; packages are loaded once a process."""
    everything = FunderCatalogue()
    package = importlib.import_module("scrapers.funders")
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        for funder in _classes(importlib.import_module(module.name)):
            everything.add(funder, "fundscout")
    for file in _toml_files(files("scrapers") / "curated"):
        everything.add_file(file, "fundscout")
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (_owner(entry), entry.name)):
        _add_entry(everything, entry)
    everything.funders = dict(sorted(everything.funders.items()))
    return everything


def all_funders() -> dict[str, Funder]:
    """Return every funder by its key: ours, and those of installed packages."""
    return {key: funder() for key, funder in catalogue().funders.items()}


def get_funder(key: str, base: str | None = None) -> Funder:
    """Return the funder with that key, which asks at ``base`` instead of its own address.

    Raises:
        UnknownFunderError: no funder has the key; the text names those that exist, and what
            could not be used.
    """
    known = catalogue()
    if key not in known.funders:
        message = f"no funder {key!r}; there are: {', '.join(known.funders)}"
        raise UnknownFunderError(". ".join([message, *known.unusable]))
    return known.funders[key](base)


def funder_faults() -> tuple[str, ...]:
    """Return a sentence for each funder that cannot be used: which package's, and why."""
    return catalogue().unusable


def _add_entry(known: FunderCatalogue, entry: EntryPoint) -> None:
    owner = f"The package {_owner(entry)}"
    try:
        offer = entry.load()
    except Exception as error:  # noqa: BLE001  a stranger's code may raise anything
        known.leave_out(
            f"{owner} offers funders that cannot be loaded ({GROUP}: {entry.name} = "
            f"{entry.value}): {type(error).__name__}: {error}"
        )
        return
    count = len(known.funders) + len(known.unusable)
    if isinstance(offer, ModuleType):
        for funder in _classes(offer):
            known.add(funder, owner)
        for file in _toml_files(files(offer)) if hasattr(offer, "__path__") else ():
            known.add_file(file, owner)
    elif _is_funder(offer):
        known.add(offer, owner)
    if len(known.funders) + len(known.unusable) == count:
        known.leave_out(
            f"{owner} offers no funder ({GROUP}: {entry.name} = {entry.value}): name a class of "
            "Funder, or a package that has such classes or TOML files"
        )


def _owner(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else entry.module


def _classes(module: ModuleType) -> Iterator[type[Funder]]:
    """Yield the funders that ``module`` or a module below it defines, not those it imports."""
    for value in vars(module).values():
        if _is_funder(value) and "key" in vars(value) and _is_within(value, module):
            yield value


def _is_funder(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, Funder)


def _is_within(funder: type[Funder], module: ModuleType) -> bool:
    return f"{funder.__module__}.".startswith(f"{module.__name__}.")


def _toml_files(folder: Traversable) -> list[Traversable]:
    tomls = (file for file in folder.iterdir() if file.name.endswith(".toml"))
    return sorted(tomls, key=lambda file: file.name)


def _fault(funder: type[Funder]) -> str:
    """Return what is wrong with a funder's class, "" when it can be used."""
    key = getattr(funder, "key", None)
    if not isinstance(key, str) or not KEY.fullmatch(key):
        return f"has the key {key!r}: use small letters, digits and _, beginning with a letter"
    if missing := [name for name in _REQUIRED if not hasattr(funder, name)]:
        return f"does not say its {', '.join(missing)}"
    if inspect.isabstract(funder):
        return f"does not define {', '.join(sorted(funder.__abstractmethods__))}"
    return ""
