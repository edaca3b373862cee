"""Commands, API and pages ask use cases and jobs; none of them opens a store of the context."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import service
from service.context import Context

ROOT = Path(service.__file__).parent
DOORS = ("api", "cli", "http", "web")


def is_context(node: ast.expr) -> bool:
    """Whether an expression is named, or made by a function named, as a context is."""
    if isinstance(node, ast.Call):
        node = node.func
    name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
    return name in {"context", "app_context", "open_context"}


def attributes_of_contexts(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and is_context(node.value):
            yield node.lineno, node.attr


@pytest.mark.parametrize("door", DOORS)
def test_a_door_reads_no_store_itself(door: str, shared_context: Context) -> None:
    stores = {
        name
        for name, value in vars(shared_context).items()
        if type(value).__module__.startswith("service.store.")
    }
    assert {"calls", "pilots", "links", "recipients", "deliveries"} <= stores
    assert not [
        f"{path.relative_to(ROOT)}:{line}: context.{name}"
        for path in sorted((ROOT / door).rglob("*.py"))
        for line, name in attributes_of_contexts(path)
        if name in stores
    ]
