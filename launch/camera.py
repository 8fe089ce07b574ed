"""The camera that a person names with `make run CAMERA=…`."""

from __future__ import annotations

import os
import re
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from launch.refuse import Refused

_SCHEMES = {"rtsp": 554, "rtsps": 322}
_HOW = "Give CAMERA=rtsp://user:password@address/path, a video file, or a webcam's number such as CAMERA=0."


@dataclass(frozen=True, slots=True)
class Camera:
    """`source` is what the edge opens; `said` is the same without a password."""

    source: str | int
    said: str


def read(text: str) -> Camera:
    """The camera in `text`.

    Raises:
        Refused: it is none, or not there.
    """
    text = text.strip()
    if not text or re.search(r"[\x00-\x1f\x7f]", text):
        raise Refused(f"CAMERA names nothing that can be opened. {_HOW}")
    if re.fullmatch(r"[0-9]{1,3}", text):
        return _webcam(int(text))
    return _address(text) if "://" in text else _file(Path(text).expanduser())


def _webcam(number: int, devices: Path = Path("/dev")) -> Camera:
    device = devices / f"video{number}"
    if not device.exists():
        there = ", ".join(sorted(path.name.removeprefix("video") for path in devices.glob("video[0-9]*")))
        raise Refused(
            f"There is no webcam {number} ({device} is missing); here are: {there or 'none'}. {_HOW}"
        )
    if not os.access(device, os.R_OK | os.W_OK):
        raise Refused(
            f"{device} may not be opened by you: `sudo usermod -aG video $USER`, log in again, run again."
        )
    return Camera(number, f"webcam {number}")


def _file(path: Path) -> Camera:
    if not path.is_file():
        what = "is no file" if path.exists() else "does not exist"
        raise Refused(f"{path} {what}. {_HOW}")
    if not os.access(path, os.R_OK) or not path.stat().st_size:
        raise Refused(f"{path} is empty or may not be read by you. {_HOW}")
    return Camera(str(path.resolve()), str(path))


def _address(text: str) -> Camera:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Refused(f"CAMERA is no address: {error}. {_HOW}") from error
    if parts.scheme not in _SCHEMES:
        raise Refused(f"{parts.scheme}:// is not among {', '.join(sorted(_SCHEMES))}. {_HOW}")
    if not host:
        raise Refused(f"CAMERA names no host. {_HOW}")
    said = f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path}"
    return Camera(text, said)


def silence(camera: Camera, timeout: float = 3.0) -> str | None:
    """A sentence when nothing answers at the camera's address, if it has one."""
    if isinstance(camera.source, int) or "://" not in camera.source:
        return None
    parts = urlsplit(camera.source)
    try:
        socket.create_connection(
            (parts.hostname or "", parts.port or _SCHEMES[parts.scheme]), timeout
        ).close()
    except OSError as error:
        return (
            f"Nothing answers at {camera.said} ({error.strerror or error}). The wall shows the camera as "
            "blind until it does; check that it is on, in this network, and that address and port are right."
        )
    return None
