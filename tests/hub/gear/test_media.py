"""What a store of stills and clips promises, held for each: a folder, and a bucket of an S3 API."""

from __future__ import annotations

import hashlib
import random
import socket
import threading
from typing import TYPE_CHECKING

import obstore
import pytest

from hub.core.jpeg import HEAD
from hub.gear.files import Files
from hub.gear.s3 import PIECE, Bucket, bucket
from hub.ports import AwayError, OffsetError, TooLargeError
from tests.hub.gear.bucket import S3, s3_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from hub.ports import Uploads

CLIP = random.Random(5).randbytes(PIECE * 2 + 777)
NAME = hashlib.sha256(CLIP).hexdigest()
THIRD = len(CLIP) // 3


@pytest.fixture(scope="module")
def s3() -> Iterator[S3]:
    with s3_here() as here:
        yield here


@pytest.fixture(params=["folder", "bucket"])
def again(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Uploads]:
    """Opens the same store anew, as another process does."""
    if request.param == "folder":
        return lambda: Files(tmp_path)
    s3: S3 = request.getfixturevalue("s3")
    url = s3.url()
    return lambda: s3.open(url)


@pytest.fixture
def media(again: Callable[[], Uploads]) -> Uploads:
    return again()


def send(store: Uploads, data: bytes, start: int = 0, name: str = NAME, total: int = len(CLIP)) -> bool:
    with store.upload(name, start, total) as upload:
        upload.write(data)
        return upload.finish()


def whole(store: Uploads) -> bytes:
    return b"".join(store.read(NAME, 0, store.size(NAME)))


def test_what_was_put_is_read_again(media: Uploads, again: Callable[[], Uploads]) -> None:
    assert media.put(NAME, [CLIP[:7], CLIP[7:]]) == len(CLIP)
    assert (again().has(NAME), again().size(NAME)) == (True, len(CLIP))
    assert whole(again()) == CLIP
    assert b"".join(media.read(NAME, PIECE - 3, PIECE + 3)) == CLIP[PIECE - 3 : PIECE + 3]


def test_what_is_not_there_is_not_found(media: Uploads) -> None:
    assert not media.has(NAME)
    with pytest.raises(FileNotFoundError):
        media.size(NAME)
    with pytest.raises(FileNotFoundError):
        list(media.read(NAME, 0, 10))


def test_other_bytes_than_announced_leave_nothing(media: Uploads) -> None:
    with pytest.raises(ValueError, match="have the hash"):
        media.put(NAME, [b"something else"])
    with pytest.raises(ValueError, match="have the hash"):
        send(media, b"x" * len(CLIP))
    assert (media.has(NAME), media.offset(NAME)) == (False, 0)


def test_an_upload_goes_on_in_another_process(media: Uploads, again: Callable[[], Uploads]) -> None:
    assert not send(media, CLIP[:THIRD])
    assert again().offset(NAME) == THIRD
    assert not send(again(), CLIP[THIRD : 2 * THIRD], THIRD)
    assert not media.has(NAME)
    assert send(media, CLIP[2 * THIRD :], 2 * THIRD)
    assert whole(again()) == CLIP
    assert media.offset(NAME) == 0


def test_what_came_before_a_broken_connection_stays(media: Uploads, again: Callable[[], Uploads]) -> None:
    def breaks() -> None:
        with media.upload(NAME, 0, len(CLIP)) as upload:
            upload.write(CLIP[:THIRD])
            raise ConnectionError

    with pytest.raises(ConnectionError):
        breaks()
    assert again().offset(NAME) == THIRD
    assert send(again(), CLIP[THIRD:], THIRD)
    assert whole(media) == CLIP


def test_a_type_is_told_by_the_first_bytes_of_the_file_whatever_part_comes(media: Uploads) -> None:
    with media.upload(NAME, 0, len(CLIP)) as upload:
        upload.write(CLIP[:100])
        assert upload.head() == CLIP[:100]
        upload.write(CLIP[100:THIRD])
    with media.upload(NAME, THIRD, len(CLIP)) as upload:
        upload.write(CLIP[THIRD:])
        assert upload.head() == CLIP[:HEAD]
        assert upload.finish()
    assert whole(media) == CLIP


def test_an_upload_may_begin_anew(media: Uploads) -> None:
    send(media, b"damaged on the way")
    assert send(media, CLIP)
    assert whole(media) == CLIP


@pytest.mark.parametrize("start", [1, THIRD - 1, THIRD + 1, len(CLIP)])
def test_a_part_that_does_not_fit_says_which_is_wanted(media: Uploads, start: int) -> None:
    send(media, CLIP[:THIRD])
    with pytest.raises(OffsetError) as refused:
        send(media, CLIP[start:], start)
    assert refused.value.offset == THIRD


def test_two_that_send_the_same_part_at_once_do_not_mix(media: Uploads, again: Callable[[], Uploads]) -> None:
    send(media, CLIP[:THIRD])
    together = threading.Barrier(2)
    ended: list[object] = []

    def sends(store: Uploads) -> None:
        together.wait()
        try:
            ended.append(send(store, CLIP[THIRD : 2 * THIRD], THIRD))
        except (BlockingIOError, OffsetError) as refused:
            ended.append(type(refused))

    threads = [threading.Thread(target=sends, args=(again(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert False in ended
    assert again().offset(NAME) == 2 * THIRD
    assert send(again(), CLIP[2 * THIRD :], 2 * THIRD)
    assert whole(media) == CLIP


def test_nothing_grows_past_its_size(media: Uploads) -> None:
    with pytest.raises(TooLargeError):
        send(media, b"", total=1 << 40)
    with pytest.raises(TooLargeError):
        send(media, b"x" * 501, total=500)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 63, "A" * 64, f"{NAME}\n", f"{NAME[:-1]}/"])
def test_only_a_hash_names_a_file(media: Uploads, name: str) -> None:
    acts: list[Callable[[], object]] = [
        lambda: media.has(name),
        lambda: list(media.read(name, 0, 1)),
        lambda: media.offset(name),
        lambda: send(media, CLIP, name=name),
    ]
    for act in acts:
        with pytest.raises(ValueError, match="64 hexadecimal"):
            act()


def test_unfinished_uploads_are_forgotten_and_finished_files_are_not(media: Uploads) -> None:
    other = hashlib.sha256(b"other").hexdigest()
    media.put(other, [b"other"])
    send(media, CLIP[:THIRD])
    assert media.tidy(0) == 0
    assert media.tidy(2**32) == 1
    assert (media.offset(NAME), media.has(other)) == (0, True)


def test_a_whole_bucket_holds_nothing_but_files_by_hash(s3: S3) -> None:
    url = s3.url()
    store = s3.open(url)
    send(store, CLIP[:THIRD])
    send(store, CLIP[THIRD:], THIRD)
    kept = [meta["path"] for batch in obstore.list(store._store) for meta in batch]
    assert kept == [f"{NAME[:2]}/{NAME}"]


def test_a_bucket_that_is_away_says_so_and_works_again_when_it_is_back(s3: S3) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        away = bucket("s3://away", f"http://127.0.0.1:{nobody.getsockname()[1]}", "us-east-1", "k", "s")
        with pytest.raises(AwayError, match="does not answer"):
            away.put(NAME, [CLIP])
        assert not away.well
    here = s3.open(s3.url())
    assert here.well
    here.has(NAME)
    assert here.well
    assert isinstance(here, Bucket)


@pytest.mark.parametrize("url", ["media", "s3://", "https://bucket", "s3:///prefix"])
def test_an_address_that_names_no_bucket_is_refused_with_how_to_write_it(url: str) -> None:
    with pytest.raises(ValueError, match="write it as s3://bucket/prefix"):
        bucket(url, "", "us-east-1", "", "")
