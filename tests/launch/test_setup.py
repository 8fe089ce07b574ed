"""Steps run side by side, are done once, and leave nothing half-written that counts as done."""

from __future__ import annotations

import hashlib
import io
import shutil
import time
from pathlib import Path
from threading import Barrier, Event, Timer
from typing import TYPE_CHECKING, Never

import pytest

from launch.place import Place, here
from launch.progress import Board
from launch.refuse import Refused, Skipped, Stopped
from launch.setup import Done, Setup, bring, steps, union
from launch.step import Span, Step, Work

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, tmp_path / "data")


def idle(_work: Work) -> None:
    return


def step(place: Place, name: str, act: Callable[[Work], object] = idle, key: str = "k") -> Step:
    def make(work: Work) -> tuple[Path, ...]:
        act(work)
        made = place.root / name
        made.write_text(name)
        return (made,)

    return Step(name, f"{name} made", lambda: (key,), make)


def do(place: Place, *some: Step, stop: Event | None = None) -> tuple[Done, str]:
    out = io.StringIO()
    stale = tuple(one for one in some if not one.fresh(place.cache / "stamps"))
    done = Setup(stale, place, stop or Event(), Board((one.name for one in stale), out)).run()
    return done, out.getvalue()


def test_independent_steps_run_at_the_same_time_and_a_dependent_one_after(place: Place) -> None:
    both, works = Barrier(2, timeout=60), list[Work]()

    def beside(work: Work) -> None:
        works.append(work)
        both.wait()
        time.sleep(0.2)

    def after_a(work: Work) -> None:
        works.append(work)
        work.after("a")
        assert (place.root / "a").exists()

    done, said = do(place, step(place, "a", beside), step(place, "b", beside), step(place, "c", after_a))
    assert "✓ c" in said
    spans = [span for work in works for span in work.spans]
    own = sum(span.end - span.begin for span in spans if span.kind == "own")
    assert done.own == pytest.approx(own), "waiting is nobody's work"
    assert own >= 0.4
    assert sum(span.end - span.begin for span in spans if span.kind == "waits") > 0


def test_seconds_in_which_downloads_overlap_count_once() -> None:
    spans = [Span("downloads", *pair) for pair in [(0, 4), (1, 2), (3, 6), (8, 9)]]
    assert union(spans) == 7
    assert union([]) == 0


def test_what_is_done_is_not_done_again_until_its_inputs_change(place: Place) -> None:
    times: list[str] = []
    for key in ("k", "k", "other"):
        one = step(place, "a", lambda _: times.append("a"), key)
        if not one.fresh(place.cache / "stamps"):
            do(place, one)
    assert times == ["a", "a"]


def test_one_step_may_be_brought_without_the_others(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    source = place.detector / "source"
    source.mkdir(parents=True)
    (source / "net.bin").write_bytes(b"weights")
    pin = hashlib.sha256(b"weights").hexdigest()
    card = f'[source]\npackage = "none"\n[source.sha256]\n"net.bin" = "{pin}"\n'
    (place.detector / "card.toml").write_text(card)
    assert bring(place, Event(), "weights").steps == 1
    assert bring(place, Event(), "weights").steps == 0
    assert "detector" not in capsys.readouterr().out
    assert not place.venv.exists()


def test_a_refused_step_stops_the_others_and_keeps_what_was_done(place: Place) -> None:
    def refuse(work: Work) -> Never:
        work.after("a")
        raise Refused("no room")

    some = [
        step(place, "a"),
        step(place, "b", refuse),
        step(place, "c", lambda work: work.run("sleep", "3600", cwd=place.root)),
        step(place, "d", lambda work: work.after("b")),
    ]
    with pytest.raises(Refused, match="no room"):
        do(place, *some)
    assert [one.fresh(place.cache / "stamps") for one in some] == [True, False, False, False]
    assert not (place.root / "c").exists()


def test_ctrl_c_in_the_middle_of_a_step_ends_it_at_once_and_does_not_count_it_as_done(place: Place) -> None:
    stop = Event()
    Timer(0.3, stop.set).start()
    one = step(place, "a", lambda work: work.run("sleep", "3600", cwd=place.root))
    with pytest.raises(Stopped):
        do(place, one, stop=stop)
    assert not one.fresh(place.cache / "stamps")


def test_a_full_disk_in_the_middle_of_a_step_is_said(place: Place) -> None:
    def fill(_work: Work) -> None:
        with Path("/dev/full").open("w") as full:
            full.write("x")

    with pytest.raises(Refused, match=r"a: .*No space left on device.*run again"):
        do(place, step(place, "a", fill))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_of_our_own_in_a_step_ends_the_set_up_and_does_not_hang_it(place: Place) -> None:
    def fail(_work: Work) -> Never:
        raise ZeroDivisionError

    with pytest.raises(Stopped):
        do(place, step(place, "a", fail), step(place, "b", lambda work: work.after("a")))


def test_a_step_that_may_be_missing_is_left_out_with_its_sentence(place: Place) -> None:
    def skip(_work: Work) -> Never:
        raise Skipped("tests that drive a page are skipped")

    _, said = do(place, step(place, "browser", skip))
    assert "- browser" in said
    assert "tests that drive a page are skipped" in said


def test_a_doubtful_step_is_done_again_whatever_its_stamp_says(place: Place) -> None:
    doubt = place.root / "unfinished"
    one = step(place, "a")
    unsure = Step("a", "", one.keys, one.make, doubt)
    do(place, unsure)
    assert unsure.fresh(place.cache / "stamps")
    doubt.touch()
    assert not unsure.fresh(place.cache / "stamps")


def test_what_was_installed_for_tests_serves_a_run_but_not_the_other_way_round() -> None:
    user = {one.name: one.keys() for one in steps(here(), dev=False)}
    dev = {one.name: one.keys() for one in steps(here(), dev=True)}
    for name in ("packages", "page tools"):
        assert dev[name][0] in user[name]
        assert user[name][0] not in dev[name]


def test_what_a_set_up_brings_does_not_make_its_own_steps_stale(tmp_path: Path) -> None:
    bare = Place(tmp_path, tmp_path / "data")
    for name in ("pyproject.toml", "models/nanodet_g/card.toml", "hub/web/package.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    before = [one.keys() for one in steps(bare, dev=True)]
    brought = [".venv/pyvenv.cfg", "hub/web/dist/index.html", "hub/web/node_modules/a/package.json"]
    for name in [*brought, "models/nanodet_g/chosen.toml", "models/nanodet_g/a.onnx", ".cache/footage/a.avi"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert [one.keys() for one in steps(bare, dev=True)] == before


def test_to_find_that_nothing_changed_no_program_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def starts(*_: object, **__: object) -> Never:
        raise AssertionError("a program is started")

    monkeypatch.setattr("subprocess.Popen", starts)
    assert all(one.keys() for one in steps(here(), dev=True))
