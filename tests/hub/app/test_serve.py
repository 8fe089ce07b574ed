from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest
from typer.testing import CliRunner

from hub.__main__ import main
from hub.app import Hub, HubError, serve
from hub.app.serve import _listen
from hub.config import Settings
from hub.gear.broker import BrokerError
from tests.conftest import alone
from tests.hub.app.running import ROOT, Running
from tests.hub.gear.listener import Listener, eventually
from tests.hub.said import event
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hub") / "data"


@pytest.fixture(scope="module")
def hub(data: Path) -> Iterator[Running]:
    with Running(data) as running:
        yield running


def edge(hub: Running, data: Path) -> Listener:
    key = (data / "keys" / "edge-west.key").read_text().strip()
    listener = Listener(hub.mqtt_port, "edge-west", key)
    assert listener.answer == "Success"
    return listener


def test_one_line_says_that_it_is_ready_and_for_whom(hub: Running) -> None:
    assert set(hub.ready) == {"ready", "role", "url", "mqtt", "logins"}
    assert hub.ready["url"].startswith("http://127.0.0.1:")
    assert {"user": "monitor", "password": "monitor-demo", "role": "monitor"} in hub.ready["logins"]


def test_every_log_in_it_names_opens(hub: Running) -> None:
    for login in hub.ready["logins"]:
        with hub.sign_in(login["user"]) as client:
            assert login["role"] in client.get("/api/session").json()["person"]["roles"]


def test_what_a_device_says_is_on_the_wall_and_becomes_a_case(hub: Running, data: Path) -> None:
    west = edge(hub, data)
    west.say("lf/v1/yunda/edge-west/event", event(new_id(), 1))
    with hub.sign_in("monitor") as monitor:
        assert eventually(lambda: monitor.get("/api/wall").json()["alerts"])
        (alert,) = monitor.get("/api/wall").json()["alerts"]
        assert alert["place"]["zh"] == "2 号厅 北广场 A 口"
        assert monitor.post(f"/api/alerts/{alert['id']}/confirm").status_code == 200
    west.leave()


def test_programs_on_this_machine_read_its_figures(hub: Running) -> None:
    figures = httpx2.get(f"{hub.ready['url']}/metrics").text
    assert 'lianfang_up{part="broker"} 1.0' in figures
    assert "lianfang_ingest_taken_total" in figures
    assert "process_resident_memory_bytes" in figures
    for name in ("sent", "failed"):
        assert f'lianfang_canaries_{name}_total{{market="yunda"}} 0.0' in figures


def test_a_second_hub_on_its_port_says_what_to_do(hub: Running, tmp_path: Path) -> None:
    port = int(hub.ready["url"].rpartition(":")[2])
    with pytest.raises(HubError, match=f"port {port} of 127.0.0.1 .* give another with --port"):
        serve(Settings(data=tmp_path, port=port, mqtt_port=0))
    with pytest.raises(BrokerError, match="give another with --mqtt-port"):
        serve(Settings(data=tmp_path, port=0, mqtt_port=hub.mqtt_port))


def test_a_demo_is_not_served_beyond_this_machine(tmp_path: Path) -> None:
    with pytest.raises(HubError, match="known to everybody"):
        serve(Settings(data=tmp_path, demo=True, host="0.0.0.0"))


def test_an_address_that_is_not_ours_cannot_be_had(tmp_path: Path) -> None:
    with pytest.raises(HubError, match=r"port 0 of 192\.0\.2\.1 cannot be had"):
        serve(Settings(data=tmp_path, port=0, host="192.0.2.1"))


@pytest.mark.parametrize(
    ("words", "environment", "says"),
    [
        (["--port", "70000"], {}, "port"),
        pytest.param([], {"LIANFANG_PROT": "1"}, "did you mean LIANFANG_PORT?", marks=pytest.mark.long),
    ],
)
def test_a_hub_that_cannot_serve_says_why_in_one_line(
    tmp_path: Path, words: list[str], environment: dict[str, str], says: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hub", "serve", "--data", str(tmp_path), *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | environment,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def broker_of(folder: Path) -> int:
    return int((folder / "broker" / "pid").read_text())


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.long
def test_killed_and_started_again_it_goes_on_with_what_it_had(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    epoch = new_id()
    with Running(folder) as first:
        west = edge(first, folder)
        assert west.may_hear("lf/v1/yunda/edge-west/receipt")
        west.say("lf/v1/yunda/edge-west/event", event(epoch, 1))
        assert eventually(lambda: west.heard)
        west.leave()
        orphan = broker_of(folder)
        first.child.send_signal(signal.SIGKILL)
        first.child.wait(60)
    assert alive(orphan)
    with Running(folder) as second:
        assert not alive(orphan)
        with second.sign_in("monitor") as monitor:
            assert [alert["count"] for alert in monitor.get("/api/wall").json()["alerts"]] == [1]
        west = edge(second, folder)
        assert west.may_hear("lf/v1/yunda/edge-west/receipt")
        west.say("lf/v1/yunda/edge-west/event", event(epoch, 2))
        assert eventually(lambda: west.heard)
        west.leave()
        running = broker_of(folder)
        with second.sign_in("monitor") as page, page.stream("GET", "/api/feed") as feed:
            assert feed.status_code == 200
            code, _ = second.stop()
        assert (code, alive(running)) == (0, False), "an open page holds nobody up"


def test_demo_passwords_stay_on_this_machine_even_after_the_demo(tmp_path: Path) -> None:
    here = Hub(Settings(data=tmp_path, demo=True))
    here.prepare()
    here.stop()
    open_to_all = Hub(Settings(data=tmp_path, host="0.0.0.0"))
    with pytest.raises(HubError, match="still has the demo's password"):
        open_to_all.prepare()
    open_to_all.stop()


def test_the_interface_is_printed_without_a_database(tmp_path: Path) -> None:
    done = CliRunner(env={"LIANFANG_DATA": str(tmp_path / "none")}).invoke(main, ["openapi"])
    assert done.exit_code == 0
    assert '"/api/wall"' in done.stdout
    assert not (tmp_path / "none").exists()


def test_nothing_else_listens_beyond_this_machine(hub: Running) -> None:
    pids = [hub.child.pid, *children(hub.child.pid)]
    inodes = {
        str(file.readlink()).removeprefix("socket:[").removesuffix("]")
        for pid in pids
        for file in Path(f"/proc/{pid}/fd").iterdir()
        if _is_socket(file)
    }
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            words = line.split()
            if words[9] in inodes and words[3] == "0A":
                address = words[1].partition(":")[0]
                assert socket.inet_ntoa(bytes.fromhex(address)[::-1]) == "127.0.0.1"


def _is_socket(file: Path) -> bool:
    try:
        return str(file.readlink()).startswith("socket:")
    except OSError:
        return False


async def sends_at_once() -> bool:
    answering = asyncio.get_running_loop().create_future()

    def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answering.set_result(
            writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        )
        writer.close()

    with _listen(Settings(), 0) as listening:
        server = await asyncio.start_server(answer, sock=listening)
        async with server:
            _, writer = await asyncio.open_connection(*listening.getsockname())
            writer.close()
            return bool(await answering)


def test_an_answer_does_not_wait_until_the_last_part_of_it_was_acknowledged() -> None:
    assert alone(sends_at_once())
