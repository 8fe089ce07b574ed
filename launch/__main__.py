"""`python3 -m launch setup [--dev]` and `python3 -m launch run [CAMERA=…]`, on a bare Python."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from threading import Event

from launch import place
from launch.refuse import Broken, Refused, Stopped
from launch.run import run
from launch.setup import setup

_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """0 when done or stopped in order, 1 after a refusal, 130 when a set-up was stopped."""
    began = time.monotonic()
    stop = Event()
    for number in _STOPS:
        signal.signal(number, lambda *_: stop.set())
    given = _parser().parse_args()
    try:
        if given.act == "setup":
            done = setup(place.here(), stop, dev=given.dev)
            print("ready" if done.steps else "everything is there", flush=True)
        else:
            run(place.here(), stop, camera=given.camera, began=began)
    except Stopped:
        print("stopped; the next run goes on from here", flush=True)
        return 130
    except (Refused, Broken) as refused:
        print(f"\n{refused}", file=sys.stderr, flush=True)
        return 1
    return 0


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
    return parser


if __name__ == "__main__":
    sys.exit(main())
