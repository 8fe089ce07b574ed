"""What whoever sets up cameras types: `python -m edge discover`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import types

SHORTEST, LONGEST = 0.5, 60.0
"""Seconds that a network is heard."""
TEMPLATES = Path("firmware_configs/templates")


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


def _discover(given: argparse.Namespace) -> int:
    listed = _onvif()
    asked = listed.Asked(given.seconds, given.own, tuple(given.ask))
    try:
        sys.stdout.write(listed.discover(asked, given.templates))
    except OSError as error:
        words = f"this network cannot be asked: {error}; name this machine's address in it by --own"
        raise Impossible(words) from error
    return 0


def _onvif() -> types.ModuleType | Any:
    try:
        from edge.bridge.onvif import listed  # noqa: PLC0415 - takes a second to load, and is an extra
    except ModuleNotFoundError as error:
        words = (
            f"cameras are asked by a library that is not here ({error.name}): pip install 'lianfang[onvif]'"
        )
        raise Impossible(words) from error
    return listed


def _seconds(text: str) -> float:
    value = float(text)
    if not SHORTEST <= value <= LONGEST:
        raise argparse.ArgumentTypeError(f"give {SHORTEST:g} to {LONGEST:g} seconds")
    return value
