from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hub.gear import files
from hub.gear.files import Files
from hub.ports import OffsetError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Callable

CLIP = random.Random(3).randbytes(300_000)
NAME = hashlib.sha256(CLIP).hexdigest()


def here(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def send(store: Files, data: bytes, start: int = 0, name: str = NAME, total: int = len(CLIP)) -> bool:
    with store.upload(name, start, total) as upload:
        upload.write(data)
        return upload.finish()


def test_what_was_put_is_read_again(tmp_path: Path) -> None:
    store = Files(tmp_path)
    assert store.put(NAME, [CLIP[:7], CLIP[7:]]) == len(CLIP)
    assert b"".join(store.read(NAME, 0, len(CLIP))) == CLIP
    assert (store.has(NAME), store.size(NAME)) == (True, len(CLIP))
    assert here(tmp_path) == [NAME]


def test_other_bytes_than_announced_leave_nothing(tmp_path: Path) -> None:
    store = Files(tmp_path)
    with pytest.raises(ValueError, match="have the hash"):
        store.put(NAME, [b"something else"])
    with pytest.raises(ValueError, match="have the hash"):
        send(store, b"x" * len(CLIP))
    assert not store.has(NAME)
    assert here(tmp_path) == []


def test_an_upload_goes_on_where_it_broke_off(tmp_path: Path) -> None:
    store = Files(tmp_path)
    assert not send(store, CLIP[:100_000])
    assert Files(tmp_path).offset(NAME) == 100_000
    assert not send(store, CLIP[100_000:200_000], 100_000)
    assert send(store, CLIP[200_000:], 200_000)
    assert store.path(NAME).read_bytes() == CLIP
    assert store.offset(NAME) == 0


def test_an_upload_may_begin_anew(tmp_path: Path) -> None:
    store = Files(tmp_path)
    send(store, b"damaged on the way")
    assert send(store, CLIP)


@pytest.mark.parametrize("start", [1, 99_999, 100_001, len(CLIP)])
def test_a_part_that_does_not_fit_says_which_is_wanted(tmp_path: Path, start: int) -> None:
    store = Files(tmp_path)
    send(store, CLIP[:100_000])
    with pytest.raises(OffsetError) as refused:
        send(store, CLIP[start:], start)
    assert refused.value.offset == 100_000


def test_nothing_grows_past_its_size(tmp_path: Path) -> None:
    store = Files(tmp_path, most=1000)
    with pytest.raises(TooLargeError):
        send(store, b"", total=1001)
    with pytest.raises(TooLargeError):
        send(store, b"x" * 501, total=500)
    with pytest.raises(TooLargeError):
        store.put(NAME, iter([b"x" * 600, b"x" * 600]))
    assert all((tmp_path / "parts" / name).stat().st_size <= 1000 for name in here(tmp_path))


def test_two_uploads_of_one_file_do_not_mix(tmp_path: Path) -> None:
    store = Files(tmp_path)
    with store.upload(NAME, 0, len(CLIP)), pytest.raises(BlockingIOError), store.upload(NAME, 0, len(CLIP)):
        pass
    assert send(store, CLIP)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 63, "A" * 64, f"{NAME}\n", f"{NAME[:-1]}/"])
def test_only_a_hash_names_a_file(tmp_path: Path, name: str) -> None:
    store = Files(tmp_path / "media")
    acts: list[Callable[[], object]] = [
        lambda: store.has(name),
        lambda: store.path(name),
        lambda: store.offset(name),
        lambda: send(store, CLIP, name=name),
    ]
    for act in acts:
        with pytest.raises(ValueError, match="64 hexadecimal"):
            act()


def test_unfinished_uploads_are_forgotten_after_a_while(tmp_path: Path) -> None:
    store = Files(tmp_path)
    send(store, CLIP[:10])
    part = tmp_path / "parts" / f"{NAME}.part"
    assert store.tidy(part.stat().st_mtime - 1) == 0
    assert store.tidy(part.stat().st_mtime + 1) == 1
    assert here(tmp_path) == []


STEPS = ("_force", "_hash", "replace", "_force_folder")


def _killed_at(step: str, when: str, folder: str) -> None:
    """Runs in a child: dies of SIGKILL before or after one step of storing CLIP."""
    owner = Path if step == "replace" else files
    whole = getattr(owner, step)

    def dies(*given: object, **how: object) -> object:
        if when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        whole(*given, **how)
        os.kill(os.getpid(), signal.SIGKILL)
        return None

    setattr(owner, step, dies)
    send(Files(Path(folder)), CLIP)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_the_store_holds_the_whole_file_or_none(
    tmp_path: Path, step: str, when: str
) -> None:
    child = multiprocessing.get_context("spawn").Process(target=_killed_at, args=(step, when, str(tmp_path)))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    store = Files(tmp_path)
    if store.has(NAME):
        assert store.path(NAME).read_bytes() == CLIP
    else:
        start = store.offset(NAME)
        assert send(store, CLIP[start:], start)
    assert store.path(NAME).read_bytes() == CLIP
