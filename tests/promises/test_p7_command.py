"""P7: a command runs once, in time, on the named device."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from base64 import b64encode
from collections import Counter
from datetime import UTC, datetime, timedelta
from fcntl import F_SETPIPE_SZ, fcntl
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from edge.order.kept import Kept
from tests.edge.market import DEVICE
from tests.edge.order.seat import SECOND, Seat, fresh
from tests.promises.obedient import LINE
from tests.wire.orders import ARGS
from wire import order as o
from wire.message import new_id
from wire.sign import Signer, make_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wire.order import Command

ROOT = Path(__file__).parents[2]


@pytest.fixture
def seat(tmp_path: Path) -> Seat:
    return Seat(tmp_path)


def falsified(seat: Seat, other: Signer, count: int) -> Iterator[bytes]:
    """Orders of which none may run: replayed, too late, for another device, badly signed, cut or changed."""
    chance = random.Random(7)
    issued = fresh(1).issued
    ran = [fresh(number) for number in range(1, 51)]
    for command in ran:
        seat.hear(command)
    replayed = [o.encode(seat.signer.sign(command)) for command in ran]
    for number in range(count):
        higher = 10_000 + number
        late = issued - timedelta(seconds=chance.randint(30, 10**6))
        sound = seat.signer.sign(fresh(higher, chance.choice(ARGS)))
        data = bytearray(o.encode(sound))
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        yield chance.choice(
            [
                chance.choice(replayed),
                o.encode(seat.signer.sign(fresh(higher, issued=late))),
                o.encode(seat.signer.sign(fresh(chance.randint(1, 49)))),
                o.encode(seat.signer.sign(fresh(higher, target="edge-east"))),
                o.encode(other.sign(fresh(higher))),
                o.encode(fresh(higher)),
                o.encode(msgspec.structs.replace(sound, args=o.Restart(), counter=higher + 1)),
                o.encode(msgspec.structs.replace(sound, signature=chance.randbytes(64))),
                o.encode(sound)[: chance.randrange(len(data))],
                bytes(data),
            ]
        )


def test_of_a_thousand_orders_that_are_none_not_one_is_run(seat: Seat, tmp_path: Path) -> None:
    make_key(tmp_path / "other.pem")
    for number, data in enumerate(falsified(seat, Signer(tmp_path / "other.pem"), 1000)):
        seat.desk.command(data)
        if number % 200 == 199:
            seat.die()
            seat.open()
            seat.desk.recover()
    assert len(seat.doer.done) == 50, "those that were run before they were replayed"
    assert len({command.id for command in seat.doer.done}) == 50


def test_a_sound_order_after_all_that_still_runs(seat: Seat, tmp_path: Path) -> None:
    make_key(tmp_path / "other.pem")
    for data in falsified(seat, Signer(tmp_path / "other.pem"), 100):
        seat.desk.command(data)
    sound = fresh(51)
    seat.hear(sound)
    assert seat.doer.done[-1] == seat.signer.sign(sound)


def test_nobody_is_answered_whom_this_device_does_not_know(seat: Seat, tmp_path: Path) -> None:
    make_key(tmp_path / "other.pem")
    other = Signer(tmp_path / "other.pem")
    for number in range(1, 200):
        seat.hear(other.sign(fresh(number)), signed=False)
    assert seat.replies == []


def test_one_that_waited_behind_another_until_it_was_too_late_is_not_run(seat: Seat) -> None:
    told = fresh(1)
    seat.desk.hear_command(o.encode(seat.signer.sign(told)))
    seat.now = told.expires
    seat.desk.once(0.0)
    assert seat.doer.done == []


def test_killed_at_any_moment_it_runs_nothing_twice_and_what_it_answers_as_done_was_run(
    tmp_path: Path,
) -> None:
    make_key(tmp_path / "orders.pem")
    signer = Signer(tmp_path / "orders.pem")
    (tmp_path / "orders.pub").write_bytes(signer.public)
    told: list[Command] = []
    chance, done = random.Random(11), Counter[str]()
    for _ in range(6):
        child = _obedient(tmp_path)
        assert child.stdin is not None
        assert child.stdout is not None
        told += [_command(len(told) + number) for number in range(1, 41)]
        again = told[-120:]  # new ones, and again what was told before the death
        child.stdin.write(b"".join(b64encode(o.encode(signer.sign(one))) + b"\n" for one in again))
        answers = [child.stdout.readline() for _ in range(chance.randint(6, 15))]
        assert answers[0].split()[-1] in {b"ready", b"refused"}
        time.sleep(chance.uniform(0.0, 0.05))
        child.kill()
        answers += child.communicate()[0].splitlines()
        done.update(words[0] for line in answers if (words := line.decode().split())[1:] == ["done"])
    runs = Counter((tmp_path / "runs").read_text().split())
    assert 20 <= len(runs) < len(told), "it was killed neither too early nor too late to show anything"
    assert set(runs.values()) == {1}
    assert set(done) <= set(runs)
    assert set(done.values()) == {1}
    assert Kept(tmp_path / "orders.sqlite").counter >= len(runs)


def _obedient(folder: Path) -> subprocess.Popen[bytes]:
    """Hears all it is told at once, and can have twenty answers under way that nobody has taken."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.promises.obedient", str(folder)],
        cwd=ROOT,
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    for pipe, size in ((child.stdin, 1 << 20), (child.stdout, 20 * LINE)):
        assert pipe is not None
        fcntl(pipe, F_SETPIPE_SZ, size)
    return child


def _command(counter: int) -> Command:
    now = datetime.now(UTC)
    return o.Command(new_id(), DEVICE, o.Still(camera="c-2-01"), now, now + 30 * SECOND, counter)
