"""The solver's children: they answer, tell how they stand, stop, and are begun anew after they died."""

from __future__ import annotations

import os
import signal
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hub.core.asks import WAYS, Ask
from hub.core.ground import Ground, Shop, Street
from hub.core.planned import Progress, Proof, WaysAsked, WaysMade
from hub.core.refuse import Refused
from hub.gear.solver import Solvers
from hub.ports import UnsolvedError
from tests.hub.gear.listener import eventually
from tests.hub.postgres import lives

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GROUND = Ground(
    bounds=(0, 0, 60, 40),
    halls=(),
    streets=(Street("s", "aisle", ((0, 20), (60, 20)), 4, ((0, 18), (60, 18), (60, 22), (0, 22))),),
    shops=tuple(
        Shop(f"c-{n}", ((n, 10), (n + 5, 10), (n + 5, 18), (n, 18)), (n + 2.5, 18), "s") for n in (0, 30)
    ),
    gates=(),
)
ASKED = WaysAsked(GROUND, (("c-0", "c-30"),))
FAR = WaysMade((34.0,))
"""Two metres from each door to the middle of the aisle."""
PATIENT = Ask("patient", WaysAsked, Proof)
DOOMED = Ask("doomed", WaysAsked, Proof)
WRONG = Ask("wrong", WaysAsked, Proof)
STUBBORN = Ask("stubborn", WaysAsked, Proof)
GREEDY = Ask("greedy", WaysAsked, Proof)
ROOMS = """
import os, sys, time
from hub.core import asks
from hub.core.planned import Progress, Proof
from hub.core.refuse import Refused
from hub import solve

def patient(asked, heard):
    print("a solver's own words")
    began = time.monotonic()
    while heard(Progress("looking", time.monotonic() - began, 7.0, 5.0)):
        time.sleep(0.01)
    return Proof(7.0, 5.0, 1.0, True)

def doomed(asked, heard):
    os._exit(9)

def wrong(asked, heard):
    raise Refused("input", "plan.wrong", "Draw it anew.", "请重画。")

def stubborn(asked, heard):
    raise ValueError("nobody thought of this")

def greedy(asked, heard):
    return Proof(float(len(bytearray(3_000_000_000))), 0.0, 0.0)

sys.modules["made_up"] = sys.modules["__main__"]
for name in ("patient", "doomed", "wrong", "stubborn", "greedy"):
    solve.ROOMS[name] = f"made_up:{name}"
    asks.EVERY[name] = asks.WAYS
solve.main(int(sys.argv[1]))
"""

MUDDLED = """
import json, sys

for line in sys.stdin:
    number = json.loads(line)["id"]
    for word in ({"id": "long-0", "progress": {"stage": "stale", "seconds": 1.0, "best": 1.0}},
                 {"id": number, "progress": {"stage": "own", "seconds": 1.0, "best": 7.0}},
                 {"id": "long-0", "made": {"metres": [1.0]}},
                 {"id": number, "made": {"metres": [34.0]}}):
        print(json.dumps(word), flush=True)
"""
"""A child that still speaks of a question before."""


@pytest.fixture
def solvers(tmp_path: Path) -> Iterator[Solvers]:
    file = tmp_path / "rooms.py"
    file.write_text(ROOMS)
    made = Solvers(2048, (sys.executable, str(file)))
    yield made
    made.close()
    assert eventually(lambda: not [one for one in threading.enumerate() if one.name.startswith("solver")])


def go_on(_: Progress) -> bool:
    return True


def test_a_quick_question_has_its_answer_from_the_real_child() -> None:
    solvers = Solvers()
    assert solvers.quick(WAYS, ASKED) == FAR
    first = solvers.warm.pid
    assert solvers.quick(WAYS, ASKED) == FAR
    assert solvers.warm.pid == first, "it is kept warm"
    assert solvers.long.pid is None, "nobody asked for it"
    solvers.close()


def test_a_long_question_tells_how_it_stands_and_stops_with_the_best_there_is(solvers: Solvers) -> None:
    heard: list[Progress] = []

    def until_found(progress: Progress) -> bool:
        heard.append(progress)
        return progress.best is None

    assert solvers.work(PATIENT, ASKED, until_found) == Proof(7.0, 5.0, 1.0, True)
    assert (heard[-1].stage, heard[-1].best, heard[-1].bound) == ("looking", 7.0, 5.0)


def test_when_its_time_is_over_it_is_told_to_stop_and_keeps_the_best(solvers: Solvers) -> None:
    hasty = replace(PATIENT, seconds=0.0)
    assert solvers.work(hasty, ASKED, go_on) == Proof(7.0, 5.0, 1.0, True)


def test_a_quick_question_does_not_wait_for_a_long_one(solvers: Solvers) -> None:
    goes_on, answers = threading.Event(), []

    def long() -> None:
        answers.append(solvers.work(PATIENT, ASKED, lambda _: not goes_on.is_set()))

    thread = threading.Thread(target=long)
    thread.start()
    assert solvers.quick(WAYS, ASKED) == FAR
    assert answers == []
    goes_on.set()
    thread.join()
    assert len(answers) == 1


def test_a_refusal_comes_with_its_sentence(solvers: Solvers) -> None:
    with pytest.raises(Refused) as no:
        solvers.work(WRONG, ASKED, go_on)
    assert (no.value.kind, no.value.code, no.value.en, no.value.zh) == (
        "input",
        "plan.wrong",
        "Draw it anew.",
        "请重画。",
    )


def test_a_fault_is_told_and_the_child_lives_on(solvers: Solvers) -> None:
    with pytest.raises(UnsolvedError, match="nobody thought of this"):
        solvers.quick(STUBBORN, ASKED)
    before = solvers.warm.pid
    assert solvers.quick(WAYS, ASKED) == FAR
    assert solvers.warm.pid == before


def test_a_child_that_died_is_begun_anew(solvers: Solvers) -> None:
    with pytest.raises(UnsolvedError, match="ended"):
        solvers.work(DOOMED, ASKED, go_on)
    with pytest.raises(UnsolvedError, match="ended"):
        solvers.quick(DOOMED, ASKED)
    assert solvers.quick(WAYS, ASKED) == FAR


def test_a_child_that_is_killed_while_it_works_is_told_and_begun_anew(solvers: Solvers) -> None:
    def kill(progress: Progress) -> bool:
        if progress.best is not None and solvers.long.pid:
            os.kill(solvers.long.pid, signal.SIGKILL)
        return True

    with pytest.raises(UnsolvedError, match="ended"):
        solvers.work(PATIENT, ASKED, kill)
    assert solvers.work(PATIENT, ASKED, lambda progress: progress.best is None).objective == 7.0


def test_who_listens_may_fail_and_the_next_question_does_not_wait_for_the_one_before(
    solvers: Solvers,
) -> None:
    begun: list[int | None] = []

    def faint(_: Progress) -> bool:
        begun.append(solvers.long.pid)
        raise OSError("the database is away")

    with pytest.raises(OSError, match="away"):
        solvers.work(PATIENT, ASKED, faint)
    (pid,) = begun
    assert pid is not None
    assert not lives(pid), "nobody waits for its answer any more"
    assert solvers.work(WAYS, ASKED, go_on) == FAR


def test_what_is_said_of_another_question_is_not_taken_for_this_one(tmp_path: Path) -> None:
    file, heard = tmp_path / "muddled.py", list[Progress]()
    file.write_text(MUDDLED)
    solvers = Solvers(2048, (sys.executable, str(file)))

    def listen(progress: Progress) -> bool:
        heard.append(progress)
        return True

    try:
        assert solvers.work(WAYS, ASKED, listen) == FAR
    finally:
        solvers.close()
    assert {progress.stage for progress in heard} == {"", "own"}


def test_a_child_may_not_take_all_the_memory(solvers: Solvers) -> None:
    with pytest.raises(UnsolvedError, match="MemoryError"):
        solvers.work(GREEDY, ASKED, go_on)


def test_no_child_outlives_the_hub(solvers: Solvers) -> None:
    assert solvers.quick(WAYS, ASKED) == FAR
    pid = solvers.warm.pid
    assert pid is not None
    solvers.close()
    assert eventually(lambda: not lives(pid))
    with pytest.raises(UnsolvedError, match="stopping"):
        solvers.quick(WAYS, ASKED)
