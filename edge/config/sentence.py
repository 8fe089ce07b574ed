"""What is wrong with a configuration, as a sentence that says what to do."""

from __future__ import annotations

import difflib
import re
from typing import Any

import msgspec
from msgspec import inspect

_AT = re.compile(r"(?P<what>.*?)(?: - at `(?P<where>\$[^`]*)`)?", re.DOTALL)
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_THINGS = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "keys with values",
    "null": "nothing",
}
_WORDS = (
    (r"Object missing required field `(.+)`", r"the key `\1` is missing; add it"),
    (r"Expected `str` matching regex '\S*\[0-9\]\{20\}\S*'", "give its 20 digits, in quotes"),
    (r"Expected `str` matching regex '\S*\[\^.*", "write 1 to 64 characters, none of them < > & or a quote"),
    (r"Expected `str` matching regex '\S*A-Z\S*'", "use letters, digits, dots and inner hyphens"),
    (r"Expected `(?:str)` matching regex .*", "use lower-case letters, digits and inner hyphens, at most 64"),
    (r"Expected `(?:array|str|object)` of length >= (\d+)", r"give at least \1"),
    (r"Expected `(?:array|str|object)` of length <= (\d+)", r"give at most \1"),
    (r"Expected `(?:array|str|object)` of length (\d+)", r"give exactly \1"),
    (r"Expected `(?:int|float)` >= (\S+)", r"give a number of at least \1"),
    (r"Expected `(?:int|float)` <= (\S+)", r"give a number of at most \1"),
    (r"Expected `(?:int|float)` > (\S+)", r"give a number above \1"),
    (r"Expected `(?:int|float)` < (\S+)", r"give a number below \1"),
)


def sentence(error: msgspec.ValidationError, kind: type, data: object) -> str:
    """Say `error`, found when `data` was to become a `kind`: where, what is wrong and what to write."""
    parts = _AT.fullmatch(str(error))
    assert parts is not None
    where = parts["where"] or "$"
    place = where[1:].lstrip(".")
    words = _say(parts["what"], where, kind, data)
    return f"{place}: {words}" if place else words


def _say(what: str, where: str, kind: type, data: object) -> str:
    if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", what, re.DOTALL):
        return f"unknown key `{unknown[1]}`; {_nearest(unknown[1], _keys(where, kind, data))}"
    if invalid := re.fullmatch(r"Invalid (?:enum )?value '?(.*?)'?", what, re.DOTALL):
        return f"`{invalid[1]}` is none of ours; {_nearest(invalid[1], _choices(where, kind, data))}"
    if wrong := re.fullmatch(r"Expected `(.+)`, got `(.+)`", what):
        return f"give {_thing(wrong[1])} here, not {_thing(wrong[2])}"
    for pattern, words in _WORDS:
        if re.fullmatch(pattern, what):
            return re.sub(pattern, words, what)
    return what


def _thing(names: str) -> str:
    return " or ".join(_THINGS.get(name.strip(), name.strip()) for name in names.split("|"))


def _nearest(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(sorted(known))}"


def _keys(where: str, kind: type, data: object) -> list[str]:
    node, item = _walk(where, kind, data)
    struct = _struct(node, item)
    if struct is None:
        return []
    tag = [struct.tag_field] if struct.tag_field else []
    return [*tag, *(field.encode_name for field in struct.fields)]


def _choices(where: str, kind: type, data: object) -> list[str]:
    """What may stand at `where`: the words of a literal, or the tags of a union."""
    parent, _, last = where.rpartition(".")
    node, _ = _walk(where, kind, data)
    literals = [one for one in _each(node) if isinstance(one, inspect.LiteralType)]
    if literals:
        return [str(value) for one in literals for value in one.values]
    outer, _ = _walk(parent or "$", kind, data)
    return [str(s.tag) for s in _structs(outer) if s.tag_field == last]


def _walk(where: str, kind: type, data: object) -> tuple[inspect.Type | None, Any]:
    """The type and the datum that stand at a path such as `$.cameras[0].zones[1]`."""
    node: inspect.Type | None = inspect.type_info(kind)
    item: Any = data
    for key, index in _STEP.findall(where):
        struct = _struct(node, item)
        if key:
            fields = {field.encode_name: field.type for field in struct.fields} if struct else {}
            node, item = fields.get(key), item.get(key) if isinstance(item, dict) else None
        else:
            node, item = _item(node), item[int(index)]
    return _bare(node), item


def _item(node: inspect.Type | None) -> inspect.Type | None:
    return getattr(_bare(node), "item_type", None)


def _bare(node: inspect.Type | None) -> inspect.Type | None:
    return node.type if isinstance(node, inspect.Metadata) else node


def _structs(node: inspect.Type | None) -> list[inspect.StructType]:
    return [one for one in _each(node) if isinstance(one, inspect.StructType)]


def _each(node: inspect.Type | None) -> list[inspect.Type | None]:
    """What may stand there, one by one."""
    bare = _bare(node)
    return [_bare(one) for one in bare.types] if isinstance(bare, inspect.UnionType) else [bare]


def _struct(node: inspect.Type | None, item: object) -> inspect.StructType | None:
    found = _structs(node)
    tagged = [s for s in found if isinstance(item, dict) and s.tag_field and item.get(s.tag_field) == s.tag]
    return next(iter(tagged or found), None)
