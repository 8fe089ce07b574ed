"""Run in a network of its own: a camera of another maker (ipycam) there, found and asked as in a market.

Prints what `discover` prints. ipycam's picture side is left out: it needs a program for video; its ONVIF, its
discovery and its turning are as it ships them.
"""

from __future__ import annotations

import asyncio
import http.server
import subprocess
import sys
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

HERE = "127.0.0.1"


def main() -> None:
    """Bring the network up, the camera up, and ask."""
    for words in ("link set lo up multicast on", "route add 239.0.0.0/8 dev lo"):
        subprocess.run(["ip", *words.split()], check=True)
    from ipycam.config import CameraConfig  # noqa: PLC0415 - not there everywhere
    from ipycam.discovery import WSDiscoveryServer  # noqa: PLC0415
    from ipycam.http import IPCameraHTTPHandler  # noqa: PLC0415
    from ipycam.onvif import ONVIFService  # noqa: PLC0415
    from ipycam.ptz import PTZController  # noqa: PLC0415

    config = CameraConfig()
    config.username, config.password, config.local_ip = "eye", "s3cret", HERE
    mount = PTZController()
    service = ONVIFService(config, mount)
    IPCameraHTTPHandler.camera = SimpleNamespace(config=config, onvif=service)
    server = http.server.ThreadingHTTPServer((HERE, config.onvif_port), IPCameraHTTPHandler)
    Thread(target=server.serve_forever, daemon=True).start()
    WSDiscoveryServer(service).start()

    from edge.bridge.onvif.camera import camera  # noqa: PLC0415
    from edge.bridge.onvif.listed import Asked, discover  # noqa: PLC0415
    from edge.config.onvif import Where  # noqa: PLC0415
    from tests.edge.market import wait_for  # noqa: PLC0415

    async def turn() -> None:
        async with camera(Where(HERE, config.onvif_port, "eye", "s3cret")) as one:
            profile = (await one.streams())[0].token
            await one.move(profile, (0.5, 0.0, 0.0), 0.5)
            await asyncio.to_thread(wait_for, lambda: mount.state.pan > 0)
            await one.halt(profile)
        sys.stdout.write("turned to the right\n")

    said = {"LF_CAMERA_USER": "eye", "LF_CAMERA_PASSWORD": "s3cret"}
    templates = Path("firmware_configs/templates")
    while "8080" not in (text := discover(Asked(2.0, HERE), templates, said)):
        pass  # a machine that is busy answers late
    sys.stdout.write(text)
    sys.stdout.write(discover(Asked(0.5, HERE, (f"{HERE}:{config.onvif_port}",)), templates, said))
    asyncio.run(turn())


if __name__ == "__main__":
    main()
