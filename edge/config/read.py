"""Configuration files as plain data: YAML or TOML in, dictionaries out, the environment filled in."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MOST_BYTES = 1 << 20
_PLACE = re.compile(r"\$\{(LF_[A-Z0-9_]+)(?::-([^}]*))?\}")


class ConfigError(ValueError):
    """A configuration that cannot be used; its text names the file, the place and what to do."""


def read(path: Path) -> dict[str, Any]:
    """The file's content.

    Raises:
        ConfigError: it is missing, too large, not text, not YAML or TOML, or not a table of keys.
    """
    text = _text(path)
    try:
        data = _parse(path.suffix.lower(), text)
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not YAML: {_where(error)}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    except ValueError as error:
        raise ConfigError(f"{path}: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{path}: nested too deeply; a configuration has a handful of levels") from error
    if not isinstance(data, dict):
        raise ConfigError(f"{path}: it must begin with keys such as `device: edge-west`")
    return data


def fill(value: Any, environment: Mapping[str, str]) -> Any:
    """`value` with every `${LF_NAME}` and `${LF_NAME:-otherwise}` in its texts replaced.

    Raises:
        ConfigError: a name is not set and no other word is given.
    """
    if isinstance(value, str):
        return _PLACE.sub(lambda place: _set(place, environment), value)
    if isinstance(value, dict):
        return {key: fill(item, environment) for key, item in value.items()}
    return [fill(item, environment) for item in value] if isinstance(value, list) else value


def _set(place: re.Match[str], environment: Mapping[str, str]) -> str:
    name, otherwise = place[1], place[2]
    found = environment.get(name) or otherwise
    if found is None:
        raise ConfigError(f"{place[0]} stands here and {name} is not set; set it in the environment")
    return found


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read ({error.strerror}); check the name and the rights"
        ) from error
    if len(data) > MOST_BYTES:
        raise ConfigError(f"{path}: larger than {MOST_BYTES >> 20} MiB; this is no configuration")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error


def _parse(suffix: str, text: str) -> Any:
    if suffix == ".toml":
        return tomllib.loads(text)
    if suffix in {".yaml", ".yml"}:
        return yaml.load(text, _Plain)  # noqa: S506 - a safe loader, made stricter below
    raise ValueError(f"ends in {suffix!r}; name it .yaml or .toml")


def _where(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return f"line {mark.line + 1}, column {mark.column + 1}: {problem}" if mark else problem


class _Plain(yaml.SafeLoader):
    """YAML as it is read at a glance: no aliases, no key twice, 22:00 is a text and `no` is no boolean."""

    yaml_implicit_resolvers: Any = {}  # noqa: RUF012 - emptied, then filled below

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="an alias (*name); write the value out", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in seen:
                problem = f"the key {getattr(key, 'value', key)!r} is there twice or is no word"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


for _tag, _shape, _first in (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", list("tf")),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", list("-+0123456789")),
    ("float", r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    _Plain.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_shape})\\Z"), _first)
