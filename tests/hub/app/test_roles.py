"""The hub's roles run apart: one that hears, two that show, one that keeps time.

On one machine with SQLite and a folder, and with PostgreSQL and a bucket, as in a cluster.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from sqlalchemy import select

from hub.gear.password import hash_key
from hub.store.base import engine, readings, sessions
from hub.store.device import Device, ScanRecord
from tests.hub.app.running import ROOT, Running
from tests.hub.gear.bucket import s3_here
from tests.hub.gear.listener import Listener, eventually
from tests.hub.said import event
from wire import message
from wire.message import Clock, Envelope, Scan, new_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

JPEG = b"\xff\xd8\xff" + b"picture" * 100
CLIP = b"\x00\x00\x00\x20ftypisom" + b"clip" * 50_000

BOTH = [pytest.mark.postgres, pytest.mark.long]


@dataclass(frozen=True, slots=True)
class Town:
    """The processes and the demo devices' keys."""

    data: Path
    database: str
    ingest: Running
    apis: tuple[Running, Running]
    timer: Running

    @contextmanager
    def west(self) -> Iterator[Listener]:
        """A device that speaks."""
        listener = Listener(self.ingest.mqtt_port, "edge-west", self.key)
        assert listener.answer == "Success"
        yield listener
        listener.leave()

    @property
    def key(self) -> str:
        return (self.data / "keys" / "edge-west.key").read_text().strip()


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("postgres", marks=BOTH)],
)
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    data = tmp_path_factory.mktemp("roles") / "data"
    more = {}
    roles = ("ingest", "api", "api", "timer")
    with ExitStack() as stack, ThreadPoolExecutor(len(roles)) as pool:
        if request.param == "postgres":
            s3 = stack.enter_context(s3_here())
            more["LIANFANG_DATABASE"] = request.getfixturevalue("postgres")("template0")
            more |= {"LIANFANG_MEDIA": s3.url(), "LIANFANG_MEDIA_ENDPOINT": s3.endpoint}
            more |= {"LIANFANG_MEDIA_KEY": "key", "LIANFANG_MEDIA_SECRET": "secret"}

        def begin(role: str) -> Running:
            return stack.enter_context(Running(data, role=role, demo=role == "ingest", **more))

        ingest, one, other, timer = pool.map(begin, roles)
        database = more.get("LIANFANG_DATABASE") or f"sqlite:///{data / 'hub.db'}"
        yield Town(data, database, ingest, (one, other), timer)


def test_without_a_word_it_is_the_whole_hub(tmp_path: Path) -> None:
    here = {"LIANFANG_DATA": str(tmp_path), "LIANFANG_PORT": "0", "LIANFANG_MQTT_PORT": "0"}
    with subprocess.Popen(
        [sys.executable, "-m", "hub"], cwd=ROOT, env=os.environ | here, stdout=subprocess.PIPE, text=True
    ) as hub:
        assert hub.stdout is not None
        ready = json.loads(hub.stdout.readline())
        assert ready["role"] == "serve"
        assert set(httpx2.get(f"{ready['url']}/api/health").json()) >= {
            "database",
            "broker",
            "ingest",
            "timer",
        }
        hub.terminate()
        assert hub.wait(60) == 0


class Feeling:
    """Listens to a feed until the end of the block."""

    def __init__(self, hub: Running) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self._hub = hub
        self._open = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        with self._hub.sign_in("monitor") as client, client.stream("GET", "/api/feed") as feed:
            kind = ""
            for line in feed.iter_lines():
                self._open.set()
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                elif name == "data" and kind != "pulse":
                    self.heard.append((kind, json.loads(value)))

    def begin(self) -> None:
        self._thread.start()
        assert self._open.wait(60)

    def counts(self) -> list[int]:
        return [said["count"] for kind, said in self.heard if kind == "alert"]


def test_each_says_its_role_and_only_those_with_pages_show_them(town: Town) -> None:
    everybody = (town.ingest, *town.apis, town.timer)
    assert [hub.ready["role"] for hub in everybody] == ["ingest", "api", "api", "timer"]
    shown = [httpx2.get(f"{hub.ready['url']}/api/market").status_code for hub in everybody]
    assert shown == [404, 401, 401, 404]
    assert {httpx2.get(f"{hub.ready['url']}/api/health/live").status_code for hub in everybody} == {200}
    assert {httpx2.get(f"{hub.ready['url']}/metrics").status_code for hub in everybody} == {200}


def test_what_one_process_takes_is_on_the_pages_of_the_others_in_order(town: Town) -> None:
    epoch, what = new_id(), new_id()
    pages = [Feeling(api) for api in town.apis]
    for page in pages:
        page.begin()
    with town.west() as west:
        for seq in range(1, 9):
            phase = {"event": what, "phase": "new" if seq == 1 else "update"}
            west.say("lf/v1/yunda/edge-west/event", event(epoch, seq, **phase))
            time.sleep(0.05)
    assert eventually(lambda: all(page.counts() for page in pages))
    for page in pages:
        assert page.counts() == sorted(page.counts())


def test_whoever_signed_in_at_one_is_known_at_the_other(town: Town) -> None:
    one, other = town.apis
    with one.sign_in("monitor") as client:
        token = client.cookies["lf_session"]
        answer = httpx2.get(f"{other.ready['url']}/api/session", headers={"Cookie": f"lf_session={token}"})
    assert answer.json()["person"]["roles"] == ["monitor"]


def test_a_still_sent_to_one_is_shown_by_the_other(town: Town) -> None:
    one, other = town.apis
    at = datetime.now(UTC).isoformat()
    sent = httpx2.put(
        f"{one.ready['url']}/edge/v1/stills/c-2-01",
        content=JPEG,
        headers={"X-At": at},
        auth=("edge-west", town.key),
    )
    assert sent.status_code == 204
    with other.sign_in("monitor") as page:
        assert eventually(lambda: page.get("/api/cameras/c-2-01/still").content == JPEG)
        cameras = {camera["id"]: camera for camera in page.get("/api/wall").json()["cameras"]}
        assert cameras["c-2-01"]["still_at"] is not None


def test_a_clip_begun_at_one_is_ended_at_the_other(town: Town) -> None:
    half = len(CLIP) // 2
    name = hashlib.sha256(CLIP).hexdigest()
    answers = []
    for api, first, last in ((town.apis[0], 0, half), (town.apis[1], half, len(CLIP))):
        answer = httpx2.put(
            f"{api.ready['url']}/edge/v1/media/{name}",
            content=CLIP[first:last],
            headers={
                "Content-Type": "video/mp4",
                "Content-Range": f"bytes {first}-{last - 1}/{len(CLIP)}",
            },
            auth=("edge-west", town.key),
        )
        answers.append(answer.status_code)
    assert answers == [308, 201]


def test_a_device_that_another_process_enters_is_let_in_and_one_that_it_revokes_thrown_out(
    town: Town,
) -> None:
    def let_in() -> bool:
        one = Listener(town.ingest.mqtt_port, "edge-new", "its key")
        one.leave()
        return one.answer == "Success"

    def heard() -> list[str]:
        with readings(on)() as session:
            mine = select(ScanRecord.checkpoint).where(ScanRecord.device == "edge-new")
            return list(session.scalars(mine))

    on = engine(town.database)
    assert not let_in()
    with sessions(on).begin() as session:
        key = hash_key("its key")
        session.add(Device(id="edge-new", market="yunda", status="enrolled", key_hash=key))
    assert eventually(let_in)
    new = Listener(town.ingest.mqtt_port, "edge-new", "its key")
    said = Envelope(
        "1.0", new_id(), "edge-new", new_id(), datetime.now(UTC), 1, Clock("ntp"), "p2", Scan("nfc", "p-1"), 1
    )
    new.say("lf/v1/yunda/edge-new/scan", message.encode(said))
    assert eventually(lambda: heard() == ["p-1"])
    with sessions(on).begin() as session:
        session.get_one(Device, "edge-new").status = "revoked"
    assert eventually(lambda: not new.client.is_connected())
    assert eventually(lambda: new.answer == "Not authorized")
    new.leave()
    on.dispose()


def test_pages_know_whether_somebody_hears_and_somebody_keeps_time(town: Town) -> None:
    def parts() -> dict[str, bool]:
        found: dict[str, bool] = httpx2.get(f"{town.apis[0].ready['url']}/api/health/ready").json()["parts"]
        return found

    assert eventually(lambda: parts()["ingest"] and parts()["timer"])
    town.timer.stop()
    assert not parts()["timer"]
    assert parts()["ingest"]
