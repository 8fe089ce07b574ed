"""A camera told by its maker and address: the streams stand in a table of makers, ../templates/rtsp.yaml."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import msgspec
from msgspec import Meta

from edge.config.read import ConfigError, read
from edge.config.sentence import sentence
from wire.value import Value

if TYPE_CHECKING:
    from pathlib import Path

PORT = 554
Path_ = Annotated[str, Meta(pattern=r"\A/[!-~]{0,300}\Z")]
Address = Annotated[str, Meta(pattern=r"\A(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?\Z")]


class Maker(Value, frozen=True):
    """How one maker names its streams."""

    source: Annotated[str, Meta(min_length=1, max_length=400, description="who says so")]
    main: Annotated[Path_ | None, Meta(description="of the large stream, that is recorded")] = None
    sub: Annotated[Path_ | None, Meta(description="of the small stream, that is looked at")] = None
    note: Annotated[str, Meta(max_length=400, description="what to mind")] = ""


class Made(Value, frozen=True):
    """What a camera's file may say instead of `url` and `main`."""

    vendor: Annotated[str, Meta(max_length=32, description="a maker of ../templates/rtsp.yaml")]
    address: Annotated[Address, Meta(description="host or host:port of its RTSP, 554 unless given")]
    user: Annotated[str, Meta(max_length=64, description="who asks the camera; best one of its own")] = ""
    password: Annotated[str, Meta(max_length=128, description="best ${LF_…}, never written here")] = ""
    channel: Annotated[int, Meta(ge=1, le=64, description="of a recorder; a camera has one")] = 1


NAMES = frozenset(Made.__struct_fields__)


def resolved(path: Path, data: dict[str, Any]) -> dict[str, Any]:
    """`data` of the camera in the file `path` with `url` and `main` for what it says of its maker.

    Raises:
        ConfigError: maker and address do not go together with an url, or no such maker is known.
    """
    given = {name: value for name, value in data.items() if name in NAMES}
    if not given:
        return data
    rest = {name: value for name, value in data.items() if name not in NAMES}
    if "url" in rest or "main" in rest:
        raise ConfigError(f"{path}: give either url (and main) or vendor and address, not both")
    try:
        made = msgspec.convert(given, Made)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {sentence(error, Made, given)}") from error
    maker = _maker(path, made.vendor)
    main, sub = paths(maker, made.channel)
    return {**rest, "url": _url(made, sub), "main": _url(made, main)}


def makers(file: Path) -> dict[str, Maker]:
    """The table of makers.

    Raises:
        ConfigError: it cannot be read, or an entry is not as it should be.
    """
    data = read(file)
    try:
        return msgspec.convert(data, dict[str, Maker])
    except msgspec.ValidationError as error:
        raise ConfigError(f"{file}: {error}") from error


def paths(maker: Maker, channel: int = 1) -> tuple[str, str]:
    """Where its main and its sub-stream are, both empty where only the camera itself knows."""
    return _filled(maker.main, channel), _filled(maker.sub, channel)


def _maker(path: Path, name: str) -> Maker:
    file = path.parent.parent / "templates" / "rtsp.yaml"
    known = makers(file)
    found = known.get(name)
    if found is None:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"known there: {', '.join(sorted(known))}"
        raise ConfigError(f"{path}: {file} has no vendor `{name}`; {hint}")
    if not found.main or not found.sub:
        raise ConfigError(f"{path}: vendor {name}: {found.note}; write them as url and main")
    return found


def _url(made: Made, path: str) -> str:
    word = f":{quote(made.password, safe='')}" if made.password else ""
    who = f"{quote(made.user, safe='')}{word}@" if made.user else ""
    return f"rtsp://{who}{made.address}{path}"


def _filled(path: str | None, channel: int) -> str:
    return (path or "").replace("{channel}", str(channel))
