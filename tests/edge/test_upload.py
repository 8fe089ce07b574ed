from __future__ import annotations

import itertools
import logging
import random
import socket
import time
from typing import TYPE_CHECKING

import pytest

from edge.carrier import Carrier
from edge.config import HubConfig
from edge.spool import Spool
from edge.upload import IDLE, PART, Upload
from tests.conftest import comes_back, ended
from tests.edge.door import Door, door
from tests.edge.market import DEVICE, KEY, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = 1000.0
MUCH = 3600.0
STILL = b"\xff\xd8\xff" + b"still"
CLIP = random.Random(5).randbytes(2 * PART + 12_345)


@pytest.fixture
def hub() -> Iterator[Door]:
    with door() as one:
        yield one


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


@pytest.fixture
def upload(hub: Door, spool: Spool) -> Iterator[Upload]:
    one = Upload(spool, Carrier(hub.hub, DEVICE, KEY))
    yield one
    one.stop()


def test_a_still_goes_in_one_request_and_is_forgotten_here(hub: Door, spool: Spool, upload: Upload) -> None:
    ref = spool.keep("still", STILL)
    assert upload.once(NOW) == 0.0
    assert hub.stored == {ref.sha256: STILL}
    assert hub.types == {ref.sha256: "image/jpeg"}
    assert hub.requests == ["PUT"]
    assert spool.waiting() == []
    assert upload.once(NOW) == IDLE


def test_a_clip_goes_in_parts_over_one_connection(hub: Door, spool: Spool, upload: Upload) -> None:
    ref = spool.keep("clip", CLIP)
    spool.keep("still", STILL)
    upload.once(NOW)
    upload.once(NOW)
    assert hub.stored[ref.sha256] == CLIP
    assert hub.types[ref.sha256] == "video/mp4"
    assert hub.requests == ["PUT", "HEAD", "PUT", "PUT", "PUT"]
    assert hub.connections == 1


def test_what_the_hub_has_already_is_not_sent_whole_again(hub: Door, spool: Spool, upload: Upload) -> None:
    ref = spool.keep("clip", CLIP)
    hub.stored[ref.sha256] = CLIP
    upload.once(NOW)
    assert hub.requests == ["HEAD", "PUT"]
    assert spool.waiting() == []


@pytest.mark.parametrize("trouble", ["cut", "torn", 500, 503, 401, 409])
def test_after_any_trouble_it_goes_on_and_the_file_arrives_whole(
    hub: Door, spool: Spool, upload: Upload, trouble: int | str
) -> None:
    ref = spool.keep("clip", CLIP)
    hub.parts[ref.sha256] = CLIP[:PART]
    hub.troubles = [trouble, trouble]
    for attempt in range(4):
        upload.once(NOW + attempt * MUCH)
    assert hub.stored == {ref.sha256: CLIP}
    assert spool.waiting() == []


def test_vain_attempts_become_rarer(hub: Door, spool: Spool, upload: Upload) -> None:
    spool.keep("still", STILL)
    hub.troubles = [503] * 100
    tried = [at for at in range(400) if upload.once(NOW + at) == 0.0]
    pauses = [later - sooner for sooner, later in itertools.pairwise(tried)]
    assert pauses[:6] == sorted(pauses[:6])
    assert pauses[-1] >= 40


def test_a_file_that_is_not_taken_does_not_hold_up_the_next(hub: Door, spool: Spool, upload: Upload) -> None:
    first = spool.keep("still", b"\xff\xd8\xfffirst")
    time.sleep(0.01)
    second = spool.keep("still", b"\xff\xd8\xffsecond")
    hub.troubles = [503]
    upload.once(NOW)
    upload.once(NOW)
    assert set(hub.stored) == {second.sha256}
    upload.once(NOW + MUCH)
    assert set(hub.stored) == {first.sha256, second.sha256}


@pytest.mark.parametrize("status", [400, 413, 415])
def test_what_the_hub_will_never_take_is_set_aside(
    hub: Door, spool: Spool, upload: Upload, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    spool.keep("still", STILL)
    (path,) = spool.waiting()
    hub.troubles = [status]
    upload.once(NOW)
    assert spool.waiting() == []
    assert path.with_name(f"{path.name}.refused").exists()
    assert "set aside" in caplog.text


def test_a_file_that_was_damaged_here_is_set_aside(hub: Door, spool: Spool, upload: Upload) -> None:
    spool.keep("still", STILL)
    (path,) = spool.waiting()
    path.write_bytes(b"rotten")
    upload.once(NOW)
    assert hub.stored == {}
    assert spool.waiting() == []


def test_a_file_that_was_damaged_on_the_way_is_sent_again(hub: Door, spool: Spool, upload: Upload) -> None:
    ref = spool.keep("clip", CLIP)
    hub.parts[ref.sha256] = b"x" * PART
    upload.once(NOW)
    assert hub.stored == {}
    upload.once(NOW + MUCH)
    assert hub.stored == {ref.sha256: CLIP}


def test_while_the_hub_is_away_it_is_not_called_for_every_file(
    spool: Spool, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(20):
        spool.keep("still", STILL + bytes([number]))
    with door() as gone:
        hub = gone.hub
    upload = Upload(spool, Carrier(hub, DEVICE, KEY))
    with caplog.at_level(logging.INFO):
        assert [upload.once(NOW) for _ in range(5)] == [0.0, IDLE, IDLE, IDLE, IDLE]
    assert caplog.text.count("cannot be reached") == 1
    assert len(spool.waiting()) == 20
    upload.stop()


def test_its_own_worker_sends_what_comes_and_stops_at_once(
    hub: Door, spool: Spool, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.upload.IDLE", MUCH)
    first = spool.keep("still", STILL)
    upload.start()
    wait_for(lambda: first.sha256 in hub.stored and not spool.waiting())
    second = spool.keep("clip", CLIP)
    upload.wake()
    wait_for(lambda: second.sha256 in hub.stored)
    assert comes_back(upload.stop)
    assert ended(upload._worker)


def test_a_hub_that_is_mute_does_not_hold_up_the_stop(
    spool: Spool, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.carrier.WITHIN", MUCH)
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        hub = HubConfig("mqtt://127.0.0.1", f"http://127.0.0.1:{mute.getsockname()[1]}", "key")
        upload = Upload(spool, Carrier(hub, DEVICE, KEY))
        spool.keep("still", STILL)
        upload.start()
        asking, _ = mute.accept()
        with asking:
            assert asking.recv(1)
            assert comes_back(upload.stop)
            assert ended(upload._worker)
    assert "stumbled" not in caplog.text
