"""What an edge is told: a YAML or TOML file in, frozen values out, or a sentence that says what to mend."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import msgspec

from edge.config.gb28181 import Gb28181Config
from edge.config.onvif import OnvifConfig, PtzConfig
from edge.config.patrol import TerminalConfig
from edge.config.read import ConfigError, fill, read
from edge.config.sentence import sentence
from edge.config.values import (
    CameraConfig,
    DetectorConfig,
    EdgeConfig,
    HubConfig,
    RecordConfig,
    RecordingsConfig,
    SirenConfig,
)
from edge.config.vendor import Made, resolved
from wire.rule import CrowdRule, IntrusionRule, LingerRule, RuleConfig
from wire.scene import ZoneConfig

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = [
    "CameraConfig",
    "ConfigError",
    "CrowdRule",
    "DetectorConfig",
    "EdgeConfig",
    "Gb28181Config",
    "HubConfig",
    "IntrusionRule",
    "LingerRule",
    "OnvifConfig",
    "PtzConfig",
    "RecordConfig",
    "RecordingsConfig",
    "RuleConfig",
    "SirenConfig",
    "TerminalConfig",
    "ZoneConfig",
    "load",
    "load_camera",
    "load_gb28181",
    "load_terminal",
    "read",
    "schema",
]

T = TypeVar("T")

ALONE: Mapping[str, type] = {"gb28181": Gb28181Config, "patrol": TerminalConfig}
"""Kinds of files that name no others."""


def load(path: Path, environment: Mapping[str, str] = os.environ) -> EdgeConfig:
    """The configuration in `path`.

    A camera that is only named is read from `../cameras/{name}.yaml` (or `.toml`), seen from the file's
    folder, and `gb28181` from `../bridges`. `${LF_NAME}` and `${LF_NAME:-otherwise}` are filled in from
    `environment`. Any other path in it counts from the working directory.

    Raises:
        ConfigError: with the file, the place and what to do.
    """
    data = _filled(path, environment)
    cameras = data.get("cameras")
    if isinstance(cameras, list):
        data["cameras"] = [
            _included(path, each, environment) if isinstance(each, str) else _resolved(path, each)
            for each in cameras
        ]
    if isinstance(bridge := data.get("gb28181"), str):
        file = _beside(path, "bridges", bridge)
        data["gb28181"] = _filled(file, environment)
        _shape(file, data["gb28181"], Gb28181Config)
    return _shape(path, data, EdgeConfig)


def load_camera(path: Path, environment: Mapping[str, str] = os.environ) -> CameraConfig:
    """One camera's own file; raises ConfigError as `load` does."""
    return _shape(path, resolved(path, _filled(path, environment)), CameraConfig)


def load_gb28181(path: Path, environment: Mapping[str, str] = os.environ) -> Gb28181Config:
    """The file of a bridge; raises ConfigError as `load` does."""
    return _shape(path, _filled(path, environment), Gb28181Config)


def load_terminal(path: Path, environment: Mapping[str, str] = os.environ) -> TerminalConfig:
    """The file of a patrol terminal, known by its key `patrol`; raises ConfigError as `load` does."""
    return _shape(path, _filled(path, environment), TerminalConfig)


def schema(kind: Literal["edge", "camera", "gb28181", "patrol"] = "edge") -> str:
    """The JSON schema of a file, as firmware_configs/schema keeps it for editors."""
    if kind in ALONE:
        return _printed(_for_editors(msgspec.json.schema(ALONE[kind])))
    tree = _for_editors(msgspec.json.schema(CameraConfig if kind == "camera" else EdgeConfig))
    _or_made(tree["$defs"]["CameraConfig"])
    if kind == "edge":
        cameras = tree["$defs"]["EdgeConfig"]["properties"]["cameras"]
        named = {"type": "string", "description": "name of a file in ../cameras"}
        cameras["items"] = {"anyOf": [cameras["items"], named]}
        bridge = tree["$defs"]["EdgeConfig"]["properties"]["gb28181"]
        bridge["anyOf"].append({"type": "string", "description": "name of a file in ../bridges"})
    return _printed(tree)


def _printed(tree: dict[str, Any]) -> str:
    return json.dumps(tree, indent=2, ensure_ascii=False) + "\n"


def _filled(path: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    data = read(path)
    try:
        return dict(fill(data, environment))
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def _included(path: Path, name: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """The data of a camera that is only named; checked here, so that an error names the right file."""
    file = _beside(path, "cameras", name)
    data = resolved(file, _filled(file, environment))
    _shape(file, data, CameraConfig)
    return data


def _beside(path: Path, room: str, name: str) -> Path:
    """The file of that name in a folder beside the one that `path` stands in."""
    folder = path.parent.parent / room
    found = [file for file in (folder / f"{name}.yaml", folder / f"{name}.toml") if file.parent == folder]
    file = next((file for file in found if file.is_file()), None)
    if file is None:
        raise ConfigError(
            f"{path}: there is no {room[:-1]} file {folder / name}.yaml; write it or correct the name"
        )
    return file


def _resolved(path: Path, camera: Any) -> Any:
    """A camera that is written out in the edge's own file."""
    return resolved(path, camera) if isinstance(camera, dict) else camera


def _or_made(camera: dict[str, Any]) -> None:
    """Let a schema know that a camera may be told by its maker instead of by its url."""
    made = _for_editors(msgspec.json.schema(Made))["$defs"]["Made"]
    camera["properties"] |= made["properties"]
    camera["required"] = [name for name in camera["required"] if name != "url"]
    camera["oneOf"] = [{"required": ["url"]}, {"required": made["required"]}]


def _shape(path: Path, data: dict[str, Any], kind: type[T]) -> T:
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {sentence(error, kind, data)}") from error


def _for_editors(value: Any) -> Any:
    r"""Python's \A and \Z are unknown to JSON schema's regular expressions."""
    if isinstance(value, dict):
        return {key: _for_editors(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_for_editors(item) for item in value]
    return value.replace(r"\A", "^").replace(r"\Z", "$") if isinstance(value, str) else value
