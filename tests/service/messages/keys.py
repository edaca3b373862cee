"""Which keys of the catalogues code and templates ask for: as they stand, or put together."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import service

ROOT = Path(service.__file__).parent

ASKS = {"message", "t", "said", "words", "make_reason"}
"""Functions whose first argument is a key, or is put together to one."""

_CALL = re.compile(r"""\bt(?:\.\w+)?\((?P<first>(?:[^(),"]|"[^"]*")+)""")
_LITERAL = re.compile(r'"([^"]*)"')


def written() -> set[str]:
    """Return every text that stands in code or in a template: a key is one of them."""
    found = {text for tree in _trees() for node in ast.walk(tree) if (text := _text(node))}
    return found | {one for page in _templates() for one in _LITERAL.findall(page)}


def asked() -> set[str]:
    """Return the keys that are asked for as they stand."""
    found = {
        text
        for argument in _first_arguments()
        for node in ast.walk(argument)
        if (text := _text(node)) and _outside_texts(argument, node)
    }
    return found | {a for a in _template_arguments() if "{}" not in a}


def put_together() -> set[str]:
    """Return the keys that are put together, with {} for what is put in."""
    found = {_skeleton(node) for tree in _trees() for node in ast.walk(tree) if _is_made(node)}
    return found | {a for a in _template_arguments() if "{}" in a}


def made_for_messages() -> set[str]:
    """Return those of `put_together` that stand where a key is asked for."""
    made = {_skeleton(node) for a in _first_arguments() for node in ast.walk(a) if _is_made(node)}
    return made | {a for a in _template_arguments() if "{}" in a}


def _trees() -> Iterator[ast.Module]:
    for path in ROOT.rglob("*.py"):
        yield ast.parse(path.read_text("utf-8"))


def _templates() -> Iterator[str]:
    for path in ROOT.rglob("*.html"):
        yield path.read_text("utf-8")


def _first_arguments() -> Iterator[ast.expr]:
    for tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and _name(node.func) in ASKS:
                yield node.args[0]


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return "words" if function.attr == "_words" else ""
    return function.id if isinstance(function, ast.Name) else ""


def _template_arguments() -> Iterator[str]:
    """Yield the first argument of every call of t in a template; what is put in is {}."""
    for page in _templates():
        for call in _CALL.finditer(page):
            if call[0].startswith(("t.known", "t.has", "t.say", "t.decimal", "t.l", "t.c")):
                continue
            first = call["first"].strip()
            if "~" in first:
                parts = [part.strip() for part in first.split("~")]
                yield "".join(p[1:-1] if p.startswith('"') else "{}" for p in parts)
            else:
                yield from _LITERAL.findall(re.sub(r"[=!]= *\"[^\"]*\"", "", first))


def _text(node: ast.AST) -> str:
    """Return the text that ``node`` is; nothing when it is none."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _is_made(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr)


def _outside_texts(argument: ast.expr, node: ast.AST) -> bool:
    """Whether ``node`` is a key of its own: no piece of one put together, nothing compared."""
    inner = [
        part
        for outer in ast.walk(argument)
        if isinstance(outer, (ast.JoinedStr, ast.Compare, ast.Subscript, ast.BinOp))
        for part in ast.walk(outer)
    ]
    return all(part is not node for part in inner)


def _skeleton(node: ast.AST) -> str:
    assert isinstance(node, ast.JoinedStr)
    return "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
