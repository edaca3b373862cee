"""Data folders to measure on, each built once a work folder by the tree that will use it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.speed import stand_in
from bench.speed.growth import CLOCK, base_vectors, mixed_calls
from bench.speed.material import example_calls, pilot_texts, real_calls
from bench.speed.plan import Plan
from bench.speed.trees import Tree
from scrapers.call import Call
from service.settings import Settings

_PILOT = "p1"
_REPORT = "built.json"


@dataclass(frozen=True)
class DataFolder:
    """A data folder with an index, and the examples that were stored in it."""

    data: Path
    examples: Path

    @property
    def passages(self) -> int:
        """How many passages its index has."""
        return int(self._facts()["passages"])

    @property
    def index_seconds(self) -> float:
        """How long the index build took, with vectors at hand."""
        return self._facts()["seconds"]

    def settings(self) -> Settings:
        """Return settings that name it."""
        return Settings.from_env(
            {"FUNDSCOUT_DATA": str(self.data), "FUNDSCOUT_EXAMPLES": str(self.examples)}
        )

    def _facts(self) -> dict[str, float]:
        facts: dict[str, float] = json.loads((self.data / _REPORT).read_text("utf-8"))
        return facts


def example_folder(plan: Plan, tree: Tree) -> DataFolder:
    """Return this tree's examples, indexed with mixed vectors by ``tree``."""
    return _build(plan, tree, "examples", example_calls())


def real_folder(plan: Plan, tree: Tree) -> DataFolder:
    """Return the real calls of the plan, indexed with mixed vectors."""
    return _build(plan, tree, "real", real_calls(plan))


def synthetic_folder(plan: Plan, tree: Tree, size: int) -> DataFolder:
    """Return ``size`` synthetic calls, indexed with mixed vectors."""
    return _build(plan, tree, f"synthetic-{size}", mixed_calls(real_calls(plan), size))


def share_models(plan: Plan, tree: Tree, data: Path) -> None:
    """Make ``data`` a data folder that has the model which the tree unpacked before."""
    models = plan.work / tree.key / "models"
    models.mkdir(parents=True, exist_ok=True)
    data.mkdir(parents=True, exist_ok=True)
    if not (data / "models").exists():
        (data / "models").symlink_to(models, target_is_directory=True)


def write_examples(folder: Path, calls: Iterable[Call], text: str) -> None:
    """Write an examples' folder: the calls, one pilot with ``text``, and when it is."""
    (folder / "calls").mkdir(parents=True, exist_ok=True)
    (folder / "pilots").mkdir(exist_ok=True)
    with (folder / "calls" / "calls.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(call.model_dump_json(exclude_defaults=True) + "\n" for call in calls)
    pilot = {"id": _PILOT, "title": text.partition("\n")[0][:200], "text": text, "language": "sv"}
    (folder / "pilots" / f"{_PILOT}.json").write_text(json.dumps(pilot), "utf-8")
    facts = f'clock = "{CLOCK.isoformat()}"\nfeatured_pilot = "{_PILOT}"\n'
    (folder / "examples.toml").write_text(facts, "utf-8")


def _build(plan: Plan, tree: Tree, name: str, calls: Iterable[Call]) -> DataFolder:
    folder = DataFolder(plan.work / f"{tree.key}-{name}", plan.work / f"calls-{name}")
    if (folder.data / _REPORT).is_file():
        return folder
    share_models(plan, tree, folder.data)
    base_vectors(plan, real_calls(plan))  # encoded before, if it was not
    if not (folder.examples / "examples.toml").is_file():
        write_examples(folder.examples, calls, pilot_texts(plan)[0])
    tree.run_script(
        Path(stand_in.__file__),
        str(plan.work / "base.npy"),
        str(folder.data / _REPORT),
        data=folder.data,
        examples=folder.examples,
    )
    return folder
