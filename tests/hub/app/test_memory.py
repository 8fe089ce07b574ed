"""What threads let go is there for others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
GREEDY = """
import ctypes, sys, threading
if sys.argv[1] == "bound":
    from hub.app.memory import bound_arenas
    assert bound_arenas()
libc, here = ctypes.CDLL(None), threading.Barrier(24)
def take():
    here.wait()
    held = [ctypes.create_string_buffer(3000) for _ in range(200)]
    here.wait()
threads = [threading.Thread(target=take) for _ in range(24)]
[one.start() for one in threads], [one.join() for one in threads]
libc.fopen.restype, libc.malloc_info.argtypes = ctypes.c_void_p, [ctypes.c_int, ctypes.c_void_p]
libc.fclose.argtypes = [ctypes.c_void_p]
out = libc.fopen(b"/dev/stdout", b"w")
libc.malloc_info(0, out), libc.fclose(out)
"""


def arenas(how: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", GREEDY, how], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.count("<heap nr=")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's arenas")
def test_twenty_four_threads_share_two_arenas() -> None:
    assert arenas("free") > 4
    assert arenas("bound") <= 2
