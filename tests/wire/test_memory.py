"""What threads let go is there for others, and what nobody needs goes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GREEDY = """
import ctypes, sys, threading
if sys.argv[1] == "bound":
    from wire.memory import bound_arenas
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

KEEPING = """
import sys, time
from wire.memory import Tidy
Tidy(0.1).start()
until = time.monotonic() + 60
before = sys.getallocatedblocks()
several = [tuple(number for number in range(length)) for length in range(1, 20) for _ in range(1000)]
made = sys.getallocatedblocks() - before
del several
while sys.getallocatedblocks() - before > made / 100 and time.monotonic() < until:
    time.sleep(0.01)
print(made, sys.getallocatedblocks() - before)
"""


STARTING = """
import gc
from wire.memory import unsearched
searches = []
gc.callbacks.append(lambda when, told: searches.append(when))
def many():
    kept = [[number] for number in range(50_000)]
    return len(searches), kept
with unsearched():
    quiet, stays = many()
loud, goes = many()
print(quiet, loud - quiet, int(any(one is stays for one in gc.get_objects())))
"""

LOGGING_IN = """
import ctypes, sys
from wire.memory import return_large
if sys.argv[1] == "bound":
    assert return_large()
libc, small = ctypes.CDLL(None), []
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
for _ in range(4):
    libc.free(libc.malloc(19 << 20))
    small.append(libc.malloc(5000))
heap = next(line.split()[0].split("-") for line in open("/proc/self/maps") if "[heap]" in line)
print(int(heap[1], 16) - int(heap[0], 16))
"""


def heap(how: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", LOGGING_IN, how],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return int(done.stdout)


def arenas(how: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", GREEDY, how], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.count("<heap nr=")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's arenas")
def test_twenty_four_threads_share_two_arenas() -> None:
    assert arenas("free") > 4
    assert arenas("bound") <= 2


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's heap")
def test_what_a_log_in_needs_for_a_moment_leaves_no_hole() -> None:
    assert heap("free") > 19 << 20
    assert heap("bound") < 19 << 20


def test_what_python_keeps_for_later_is_let_go() -> None:
    done = subprocess.run(
        [sys.executable, "-c", KEEPING], cwd=ROOT, capture_output=True, text=True, check=True, timeout=100
    )
    made, left = map(int, done.stdout.split())
    assert made > 19_000
    assert left <= made / 100


def test_what_a_program_imports_to_keep_is_not_searched_for_garbage() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STARTING], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    during, later, among = map(int, done.stdout.split())
    assert during == 0
    assert later > 0
    assert not among
