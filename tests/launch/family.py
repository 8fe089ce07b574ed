"""Programs that are hard to end, and a look at whether they live."""

from __future__ import annotations

import time
from pathlib import Path

STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(3600)
"""
FAMILY = f"""
import os, subprocess, sys, time
far = subprocess.Popen([sys.executable, "-c", {STUBBORN!r}], stdout=subprocess.PIPE, start_new_session=True)
far.stdout.readline()
print(os.getpid(), far.pid, flush=True)
time.sleep(3600)
"""


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def gone(pids: list[int], seconds: float = 60.0) -> bool:
    until = time.monotonic() + seconds
    while any(map(lives, pids)) and time.monotonic() < until:
        time.sleep(0.02)
    return not any(map(lives, pids))


HOLDER = """
import sys
from pathlib import Path
from launch.child import Child
child = Child((sys.executable, "-c", sys.argv[1]), cwd=Path.cwd(), grace=0.5)
for line in child.lines():
    print(child.pid, line, flush=True)
"""
