"""Whether alerts come: asked of the hub's own figures, without anybody's log-in."""

from __future__ import annotations

import re
import urllib.request
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threading import Event

_TAKEN = re.compile(r"^lianfang_alerts_total(?:\{([^}]*)\})? ([0-9.e+]+)$", re.MULTILINE)
_EVERY = 0.5


def first_alert(url: str, stop: Event, *, patience: float = 300.0) -> str | None:
    """What kind the first alert since the hub's start is; None when the run ends before, or patience does."""
    for _ in range(int(patience / _EVERY)):
        if found := taken(f"{url}/metrics"):
            return found
        if stop.wait(_EVERY):
            return None
    return None


def taken(metrics: str) -> str | None:
    """The labels of the first counter of alerts that is above zero."""
    try:
        with urllib.request.urlopen(metrics, timeout=2.0) as answer:  # noqa: S310 - our own hub, on loopback
            text = answer.read().decode()
    except OSError:
        return None
    return next((labels or "alert" for labels, count in _TAKEN.findall(text) if float(count) > 0), None)
