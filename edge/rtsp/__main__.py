"""Command line: `python -m edge.rtsp --port 0 --user u NAME=FILE [NAME=FILE …]`.

Prints one JSON line when it is ready: `{"port": n, "cameras": {"NAME": "rtsp://127.0.0.1:n/NAME"}}`.
The user's password comes from LF_RTSP_PASSWORD, since a command line shows it to everybody.
Any address may carry faults: `?stall_after=5`, `?drop_after=5`, `?garbage_after=5` (seconds), and
`?start=12` to begin in the midst of the file.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import signal
import sys
from pathlib import Path

from edge.rtsp.reel import NoReel, Reel, load
from edge.rtsp.server import Server
from edge.rtsp.session import House

LOCAL = "127.0.0.1"
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


def main() -> int:
    """Serve until SIGTERM or SIGINT; 2 where an argument makes no sense."""
    asked = _arguments().parse_args()
    try:
        house = House(_reels(asked.cameras, asked.cache), asked.user, os.environ.get("LF_RTSP_PASSWORD", ""))
        asyncio.run(_serve(house, asked.host, asked.port))
    except (NoReel, OSError) as error:
        _tell(f"edge.rtsp: {error}")
        return 2
    except KeyboardInterrupt:
        pass  # before the server took over the signal
    return 0


async def _serve(house: House, host: str, port: int) -> None:
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    async with Server(house, host, port) as server:
        urls = {name: f"rtsp://{host}:{server.port}/{name}" for name in house.reels}
        sys.stdout.write(json.dumps({"port": server.port, "cameras": urls}) + "\n")
        sys.stdout.flush()
        await over.wait()


def _reels(cameras: list[str], cache: Path) -> dict[str, Reel]:
    loaded: dict[Path, Reel] = {}
    reels: dict[str, Reel] = {}
    for camera in cameras:
        name, equals, file = camera.partition("=")
        if not equals or not _NAME.fullmatch(name):
            raise NoReel(f"{camera!r} is no camera: write name=file, the name in a-z, 0-9 and hyphens")
        path = Path(file).resolve()
        if path not in loaded:
            loaded[path] = load(path, cache, _tell)
        reels[name] = loaded[path]
    return reels


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m edge.rtsp", description="Serve files as RTSP cameras.")
    parser.add_argument("--host", default=LOCAL, help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: any free one)")
    parser.add_argument("--user", default="", help="log-in that clients must prove by digest (default: none)")
    parser.add_argument("--cache", type=Path, default=Path(".cache/rtsp"), help="folder of files coded anew")
    parser.add_argument("cameras", nargs="+", metavar="NAME=FILE")
    return parser


if __name__ == "__main__":
    sys.exit(main())
