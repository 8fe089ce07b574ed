"""Who spends the processor's time: hub, broker and devices of a market."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.promises.market import Market


def effort(market: Market) -> dict[str, float]:
    """Seconds of processor time that each has used so far."""
    pids = [device.process.pid for device in market.devices]
    return {
        "hub": spent(market.hub.pid),
        "broker": spent(market.broker_pid()),
        "devices": sum(spent(pid) for pid in pids),
    }


def a_message(before: Mapping[str, float], after: Mapping[str, float], messages: float) -> dict[str, float]:
    """Milliseconds of processor time that each used for a message, as figures of a benchmark."""
    return {f"{name}_cpu_ms": 1e3 * (after[name] - before[name]) / messages for name in before}


def spent(pid: int | None) -> float:
    with suppress(OSError):
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0
