"""The structure of the code in figures: `python -m bench.structure [TREE]`.

For each room (scrapers, index, service) the folders with their files of code, the arrows between
folders that imports draw, and those of them that also run back; then public class names that stand
in several files, files over 15 a folder, and lines of code and of tests. TREE is any checkout, so
that two states can be compared.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOMS = ("scrapers", "index", "service")
MANY = 15
"""Files that a folder of code should not exceed, but for one file a funder or a command."""


def main() -> int:
    """Print the figures."""
    tree = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    paths = [path for room in ROOMS for path in sorted((tree / room).rglob("*.py"))]
    files = {path.relative_to(tree): ast.parse(path.read_text("utf-8")) for path in paths}
    modules = {_module(path): path for path in files}
    arrows = {arrow for path, code in files.items() for arrow in _arrows(path, code, modules)}
    folders = Counter(str(path.parent) for path in files if path.name != "__init__.py")
    print(f"{len(files):,} files in {len(folders)} folders")
    for folder, count in sorted(folders.items()):
        print(f"  {count:3} {folder}{'  (many)' if count > MANY else ''}")
    both = sum((b, a) in arrows for a, b in arrows) // 2
    print(f"{len(arrows)} arrows between folders, {both} pairs of folders with arrows both ways")
    classes = repeated_classes(files)
    for name, places in sorted(classes.items()):
        print(f"  class {name} stands in {', '.join(places)}")
    print(f"{len(classes)} public class names stand in several files")
    print(f"{_lines(paths):,} lines of code, {_lines((tree / 'tests').rglob('*.py')):,} of tests")
    return 0


def _module(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _arrows(path: Path, code: ast.Module, modules: dict[str, Path]) -> Iterator[tuple[str, str]]:
    """Yield each import of ``path`` that leads to another folder, as the two folders."""
    for node in ast.walk(code):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            target = modules.get(name) or modules.get(name.rpartition(".")[0])
            if target is not None and target.parent != path.parent:
                yield str(path.parent), str(target.parent)


def repeated_classes(files: dict[Path, ast.Module]) -> dict[str, list[str]]:
    """Return the public class names that stand in several files, with the files."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path, code in files.items():
        for node in code.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(str(path))
    return {name: places for name, places in found.items() if len(places) > 1}


def _lines(paths: Iterator[Path] | list[Path]) -> int:
    return sum(len(path.read_text("utf-8").splitlines()) for path in paths)


if __name__ == "__main__":
    sys.exit(main())
