"""The rules by which an OpenAPI document keeps to a base specification of CommonGrants.

They are those of the protocol's own checker: routes, parameters, statuses and schemas of the base
must be there; more parameters and statuses may be, more routes under its path and more properties
may not; an enum may be narrower, and what is required stays so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

PREFIX = "/common-grants/"
_TAGS = {"required", "optional"}
_METHODS = {"get", "put", "post", "delete", "patch", "options", "head"}

Schema = Mapping[str, Any]


def find_deviations(base: Schema, ours: Schema) -> list[str]:
    """Return a line for every rule of ``base`` that ``ours`` breaks, none when it conforms."""
    return list(_Comparison(base, ours).deviations())


class _Comparison:
    def __init__(self, base: Schema, ours: Schema) -> None:
        self._base, self._ours = base, ours
        self._open: set[tuple[int, int]] = set()

    def deviations(self) -> Iterator[str]:
        theirs, own = self._base["paths"], self._ours["paths"]
        for path in own:
            if path.startswith(PREFIX) and path not in theirs:
                yield f"{path}: extra route"
        for path, methods in theirs.items():
            for method in _METHODS & methods.keys():
                where, operation = f"{method.upper()} {path}", methods[method]
                mine = own.get(path, {}).get(method)
                if mine is not None:
                    yield from self._operation(where, operation, mine)
                elif _TAGS & set(operation.get("tags", ())):
                    yield f"{where}: missing route"
            for method in _METHODS & own.get(path, {}).keys() - methods.keys():
                yield f"{method.upper()} {path}: extra route"

    def _operation(self, where: str, base: Schema, ours: Schema) -> Iterator[str]:
        mine = {(one["in"], one["name"]): one for one in self._parameters(self._ours, ours)}
        for one in self._parameters(self._base, base):
            found = mine.get((one["in"], one["name"]))
            name = f"{where} parameter {one['name']}"
            if found is None:
                yield f"{name}: missing parameter"
            else:
                yield from self._schema(name, one["schema"], found["schema"])
        if "requestBody" in base:
            if "requestBody" not in ours:
                yield f"{where}: missing body"
            else:
                yield from self._content(f"{where} body", base["requestBody"], ours["requestBody"])
        for status, answer in base["responses"].items():
            if status not in ours["responses"]:
                yield f"{where}: missing status {status}"
            else:
                yield from self._content(f"{where} {status}", answer, ours["responses"][status])

    @staticmethod
    def _parameters(document: Schema, operation: Schema) -> list[Schema]:
        listed = operation.get("parameters", [])
        return [_resolve(document, one) for one in listed]

    def _content(self, where: str, base: Schema, ours: Schema) -> Iterator[str]:
        for media, content in base.get("content", {}).items():
            if "schema" not in ours.get("content", {}).get(media, {}):
                yield f"{where}: no schema of {media}"
            else:
                yield from self._schema(where, content["schema"], ours["content"][media]["schema"])

    def _schema(self, where: str, base: Schema, ours: Schema) -> Iterator[str]:
        """Compare two schemas; one that holds itself is compared once."""
        pair = id(base), id(ours)
        if pair not in self._open:
            self._open.add(pair)
            yield from self._same_schema(where, base, ours)
            self._open.remove(pair)

    def _same_schema(self, where: str, base: Schema, ours: Schema) -> Iterator[str]:
        base, ours = _merged(self._base, base), _merged(self._ours, ours)
        if not base.keys() - {"description", "example", "default"}:
            return
        if isinstance(ours.get("type"), list):
            yield f"{where}: type is a list"
            return
        if "anyOf" in base or "anyOf" in ours:
            yield from self._choices(where, base, ours)
            return
        if base.get("type") != ours.get("type"):
            yield f"{where}: type {ours.get('type')}, not {base.get('type')}"
            return
        yield from _enum(where, base, ours)
        if base.get("type") == "object":
            yield from self._object(where, base, ours)
        elif base.get("type") == "array":
            yield from self._schema(f"{where}[]", base["items"], ours.get("items", {}))

    def _choices(self, where: str, base: Schema, ours: Schema) -> Iterator[str]:
        """Yield what is wrong with each of our choices that fits none of the base's."""
        allowed = base.get("anyOf", [base])
        for number, one in enumerate(ours.get("anyOf", [ours])):
            if one.get("type") == "null":
                continue
            tried = [list(self._schema(f"{where}|{number}", other, one)) for other in allowed]
            if all(tried):
                yield from min(tried, key=len)

    def _object(self, where: str, base: Schema, ours: Schema) -> Iterator[str]:
        theirs, own = base.get("properties", {}), ours.get("properties", {})
        for name in own.keys() - theirs.keys():
            yield f"{where}.{name}: extra property"
        required = set(base.get("required", ()))
        for name in required - own.keys():
            yield f"{where}.{name}: missing property"
        for name in (required - set(ours.get("required", ()))) & own.keys():
            yield f"{where}.{name}: required became optional"
        for name in theirs.keys() & own.keys():
            yield from self._schema(f"{where}.{name}", theirs[name], own[name])
        values = base.get("additionalProperties")
        if isinstance(values, Mapping):
            mine = ours.get("additionalProperties")
            if not isinstance(mine, Mapping):
                yield f"{where}: its values have no schema"
            else:
                yield from self._schema(f"{where}.*", values, mine)


def _enum(where: str, base: Schema, ours: Schema) -> Iterator[str]:
    allowed = base.get("enum")
    if allowed is None:
        return
    own = ours.get("enum", [ours["const"]] if "const" in ours else None)
    if own is None:
        yield f"{where}: any value, not an enum"
    elif strange := sorted(set(own) - set(allowed)):
        yield f"{where}: wrong enum {', '.join(strange)}"


def _resolve(document: Schema, node: Schema) -> Schema:
    while "$ref" in node:
        found: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        rest = {key: value for key, value in node.items() if key != "$ref"}
        node = {**found, **rest}
    return node


def _merged(document: Schema, node: Schema) -> Schema:
    """Return a schema with what its references and its ``allOf`` say in one place."""
    node = _resolve(document, node)
    parts = [_merged(document, part) for part in node.get("allOf", ())]
    merged: dict[str, Any] = {}
    for part in (*parts, {key: value for key, value in node.items() if key != "allOf"}):
        properties = {**merged.get("properties", {}), **part.get("properties", {})}
        required = [*merged.get("required", ()), *part.get("required", ())]
        merged = {**merged, **part}
        if properties:
            merged["properties"] = properties
        if required:
            merged["required"] = required
    return merged
