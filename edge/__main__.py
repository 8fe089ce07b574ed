"""`python -m edge run --config FILE`, `config check FILE`, `config schema`, `record check FOLDER`.

What whoever sets up cameras types stands in edge/survey.py, and of detectors in edge/model/words.py.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from edge import config as configuration
from edge import survey
from edge.config import ConfigError
from edge.key import read_key
from edge.model import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from edge.config import CameraConfig

UNUSABLE, TROUBLE = 2, 1
"""Exit codes: what was given cannot be used; this machine does not let it run."""

log = logging.getLogger("edge")


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; a refusal is one sentence on standard error."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.act(given))
    except ConfigError as error:
        return _refuse(str(error), UNUSABLE)
    except survey.Impossible as error:
        return _refuse(str(error), TROUBLE)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m edge", description="The edge: sees and says.")
    acts = parser.add_subparsers(required=True, metavar="ACT")
    run = acts.add_parser("run", help="watch the cameras until stopped")
    run.add_argument("--config", type=Path, required=True, help="an edge's YAML or TOML file")
    run.set_defaults(act=_run)
    config = acts.add_parser("config", help="look at a configuration")
    looks = config.add_subparsers(required=True, metavar="ACT")
    check = looks.add_parser("check", help="say what is wrong with an edge's, a camera's or a bridge's file")
    check.add_argument("file", type=Path)
    check.set_defaults(act=_check)
    schema = looks.add_parser("schema", help="print the JSON schema for editors")
    schema.add_argument("kind", choices=("edge", "camera", "gb28181", "patrol"), nargs="?", default="edge")
    schema.set_defaults(act=_schema)
    record = acts.add_parser("record", help="look at recordings")
    tests = record.add_subparsers(required=True, metavar="ACT")
    walk = tests.add_parser("check", help="hash every piece, walk the chain, name what is broken")
    walk.add_argument("folder", type=Path, help="the folder of recordings")
    walk.set_defaults(act=_walk)
    survey.add(acts)
    words.add(acts)
    return parser


def _run(given: argparse.Namespace) -> int:
    if "patrol" in configuration.read(given.config):
        return _carry(given)
    config = configuration.load(given.config)
    from edge import agent as edges  # noqa: PLC0415 - the detector's libraries take a second; a check needs none
    from edge.log import set_up  # noqa: PLC0415
    from edge.watched import Watched  # noqa: PLC0415
    from wire.memory import Tidy, bound_arenas  # noqa: PLC0415

    bound_arenas()
    set_up()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    key = read_key(Path(config.hub.password_file))
    try:
        agent = edges.Agent(config, key, edges.load_detector(config.detector))
    except (OSError, ValueError) as error:
        return _refuse(str(error), TROUBLE)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: agent.turns.end())
    log.info("%s of %s watches %s", config.device, config.market, ", ".join(c.id for c in config.cameras))
    agent.start()
    tidy = Tidy()
    tidy.start()
    try:
        with Watched(lambda: agent.turns.turned):
            agent.turns.run()
    finally:
        tidy.stop()
        agent.stop()
    log.info("%s stopped", config.device)
    return 0


def _carry(given: argparse.Namespace) -> int:
    """A patrol terminal, until stopped."""
    config = configuration.load_terminal(given.config)
    from edge.log import set_up  # noqa: PLC0415 - as above
    from edge.patrol.terminal import Terminal  # noqa: PLC0415
    from edge.watched import Watched  # noqa: PLC0415

    set_up()
    key = read_key(Path(config.hub.password_file))
    try:
        terminal = Terminal(config, key)
    except ConfigError:
        raise
    except (OSError, ValueError) as error:
        return _refuse(str(error), TROUBLE)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: terminal.end())
    log.info("%s of %s goes on patrol", config.device, config.market)
    terminal.start()
    try:
        with Watched(lambda: terminal.turned):
            terminal.run()
    finally:
        terminal.stop()
    log.info("%s stopped", config.device)
    return 0


def _check(given: argparse.Namespace) -> int:
    keys = configuration.read(given.file).keys()
    if "patrol" in keys:
        patrol = configuration.load_terminal(given.file)
        readers, panic = len(patrol.patrol.readers), len(patrol.patrol.panic)
        summary = f"{patrol.device}, a patrol terminal, {readers} readers, {panic} keys that call for help"
    elif "listen" in keys:
        bridge = configuration.load_gb28181(given.file)
        below = len(bridge.below.devices) if bridge.below else 0
        summary = f"GB/T 28181, {len(bridge.above)} platforms above, {below} devices below"
    elif {"url", "vendor"} & keys:
        camera = configuration.load_camera(given.file)
        summary = f"camera {camera.id}, {_counted([camera])}"
    else:
        edge = configuration.load(given.file)
        summary = f"{edge.device}, {len(edge.cameras)} cameras, {_counted(edge.cameras)}"
    sys.stdout.write(f"{given.file}: good: {summary}\n")
    return 0


def _schema(given: argparse.Namespace) -> int:
    sys.stdout.write(configuration.schema(given.kind))
    return 0


def _walk(given: argparse.Namespace) -> int:
    from edge.record.check import check  # noqa: PLC0415 - a check of a file needs no library for video

    if not given.folder.is_dir():
        return _refuse(f"{given.folder}: there is no such folder", UNUSABLE)
    faults = 0
    for fault in check(given.folder, _progress):
        faults += 1
        sys.stdout.write(f"{fault.name}: {fault.sentence}\n")
    sys.stdout.write(f"{given.folder}: {f'{faults} faults' if faults else 'good'}\n")
    return TROUBLE if faults else 0


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done} of {total} pieces")


def _counted(cameras: Sequence[CameraConfig]) -> str:
    zones = [zone for camera in cameras for zone in camera.zones]
    return f"{len(zones)} zones, {sum(len(zone.rules) for zone in zones)} rules"


def _refuse(sentence: str, code: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
