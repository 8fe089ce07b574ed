"""`python3 -m launch setup [--dev] | run [CAMERA=…] | weights | clean-data | npm …`, on a bare Python."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from threading import Event

from launch import place
from launch.refuse import Broken, Refused, Stopped
from launch.run import clean, run
from launch.setup import bring, setup
from launch.steps import node

_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """0 when done or stopped in order, 1 after a refusal, 130 when a set-up was stopped."""
    began = time.monotonic()
    stop = Event()
    for number in _STOPS:
        signal.signal(number, lambda *_: stop.set())
    given = _parser().parse_args()
    try:
        _act(given, stop, began)
    except Stopped:
        print("stopped; the next run goes on from here", flush=True)
        return 130
    except (Refused, Broken) as refused:
        print(f"\n{refused}", file=sys.stderr, flush=True)
        return 1
    return 0


def _act(given: argparse.Namespace, stop: Event, began: float) -> None:
    where = place.here()
    if given.act == "setup":
        done = setup(where, stop, dev=given.dev)
        print("ready" if done.steps else "everything is there", flush=True)
    elif given.act == "weights":
        bring(where, stop, "node", "weights")
        print(f"the weights stand in {where.detector / 'source'}", flush=True)
    elif given.act == "run":
        run(where, stop, camera=given.camera, began=began)
    elif given.act == "clean-data":
        clean(where)
    else:
        tool = node.read(where)
        os.chdir(where.web)
        os.execvpe(tool.npm[0], [*tool.npm, *given.words], {**os.environ, **tool.env})  # noqa: S606 - its place


def _camera(text: str) -> str:
    return text.removeprefix("CAMERA=")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m launch", description=__doc__)
    acts = parser.add_subparsers(dest="act", required=True)
    prepare = acts.add_parser("setup", help="bring this clone up to date")
    prepare.add_argument("--dev", action="store_true", help="with what the tests need")
    go = acts.add_parser("run", help="set up, then run everything until Ctrl-C")
    go.add_argument(
        "camera",
        nargs="?",
        type=_camera,
        metavar="CAMERA=…",
        help="an RTSP address, a file, a webcam's number",
    )
    acts.add_parser("weights", help="only the published weights of the detector, held to its card")
    acts.add_parser("clean-data", help="remove what the market has gathered; the next run starts anew")
    npm = acts.add_parser("npm", help="npm as set-up found or fetched it, in hub/web")
    npm.add_argument("words", nargs=argparse.REMAINDER)
    return parser


if __name__ == "__main__":
    sys.exit(main())
