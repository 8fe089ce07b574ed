"""What whoever sets up cameras types: `python -m edge discover`, `commission FILE`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from edge import config

if TYPE_CHECKING:
    import types

    from edge.config import CameraConfig

SHORTEST, LONGEST = 0.5, 60.0
"""Seconds that a network is heard."""
TEMPLATES = Path("firmware_configs/templates")
MODEL = Path("models/nanodet_g/int8_352x288.onnx")


class Impossible(Exception):  # noqa: N818 - a refusal with a sentence
    """This machine does not let it be done; the text says why."""


def add(acts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Let the command line take them."""
    parser = acts.add_parser("discover", help="list the cameras of this network, and what to do next")
    parser.add_argument("--seconds", type=_seconds, default=4.0, help="how long is listened, 0.5 to 60")
    parser.add_argument("--own", default="", metavar="ADDRESS", help="this machine's in the cameras' network")
    parser.add_argument(
        "--ask",
        action="append",
        default=[],
        metavar="HOST[:PORT]",
        help="what it is and for its streams, by LF_CAMERA_USER and LF_CAMERA_PASSWORD; any number of times",
    )
    parser.add_argument("--templates", type=Path, default=TEMPLATES, help="folder of the table of makers")
    parser.set_defaults(act=_discover)
    parser = acts.add_parser("commission", help="look at a camera: what is good, what to change and how")
    parser.add_argument("file", type=Path, help="a camera's file, or an edge's")
    parser.add_argument("camera", nargs="*", help="of an edge's file; left out: all of them")
    parser.add_argument("--seconds", type=_seconds, default=10.0, help="how long each stream is seen")
    parser.add_argument("--model", type=Path, help="the detector, where the file is a camera's")
    parser.add_argument("--json", type=Path, help="write the reports into this file, too")
    parser.set_defaults(act=_commission)


def _discover(given: argparse.Namespace) -> int:
    listed = _onvif()
    asked = listed.Asked(given.seconds, given.own, tuple(given.ask))
    try:
        sys.stdout.write(listed.discover(asked, given.templates))
    except OSError as error:
        words = f"this network cannot be asked: {error}; name this machine's address in it by --own"
        raise Impossible(words) from error
    return 0


def _commission(given: argparse.Namespace) -> int:
    from edge.commission.report import report, text  # noqa: PLC0415 - a second to load; other acts need none
    from edge.see.network import Network, UnfitModelError  # noqa: PLC0415

    cameras, model = _chosen(given)
    try:
        network = Network(model, 1)
    except UnfitModelError as error:
        raise Impossible(str(error)) from error
    made = []
    for camera in cameras:
        made.append(report(camera, given.seconds, (network.width, network.height)))
        sys.stdout.write(text(made[-1]))
        sys.stdout.flush()
    if given.json:
        given.json.write_bytes(msgspec.json.format(msgspec.json.encode(made)) + b"\n")
    return 0 if all(one.good for one in made) else 1


def _chosen(given: argparse.Namespace) -> tuple[list[CameraConfig], Path]:
    """The cameras that are meant, and the detector that looks at them."""
    if {"url", "vendor"} & config.read(given.file).keys():
        return [config.load_camera(given.file)], given.model or MODEL
    edge = config.load(given.file)
    known = {camera.id: camera for camera in edge.cameras}
    if strange := [name for name in given.camera if name not in known]:
        raise config.ConfigError(f"{given.file}: no camera {strange[0]}; its own: {', '.join(known)}")
    return [known[name] for name in given.camera or known], given.model or Path(edge.detector.model)


def _onvif() -> types.ModuleType | Any:
    try:
        from edge.bridge.onvif import listed  # noqa: PLC0415 - takes a second to load, and is an extra
    except ModuleNotFoundError as error:
        words = f"cameras are asked by a library that is not here ({error.name}): pip install -e '.[onvif]'"
        raise Impossible(words) from error
    return listed


def _seconds(text: str) -> float:
    value = float(text)
    if not SHORTEST <= value <= LONGEST:
        raise argparse.ArgumentTypeError(f"give {SHORTEST:g} to {LONGEST:g} seconds")
    return value
