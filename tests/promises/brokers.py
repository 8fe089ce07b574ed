"""Three nats-servers that keep everything thrice, and a way in that leads to one that lives.

They run on the configuration that is shipped for them, with ports and folders of this machine.
"""

from __future__ import annotations

import json
import re
import socket
import threading
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hub.gear.broker import program
from tests.promises.lasting import ROOT, Lasting
from tests.promises.market import START_SECONDS, free_port, wait_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SHIPPED = ROOT / "firmware_configs" / "broker"
SERVERS = 3
HUB_PASSWORD, ROUTE_PASSWORD = "phub", "proute"
STREAM = "LIANFANG"


class Way:
    """A port that leads to whichever server answers, as a balancer or a name with three addresses does."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = list(ports)
        self._turn = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._run, daemon=True).start()

    def close(self) -> None:
        """Let nobody in any more."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _run(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            if server := self._find():
                for ends in ((client, server), (server, client)):
                    threading.Thread(target=_pass_on, args=ends, daemon=True).start()
            else:
                client.close()

    def _find(self) -> socket.socket | None:
        for step in range(len(self._ports)):
            port = self._ports[(self._turn + step) % len(self._ports)]
            with suppress(OSError):
                server = socket.create_connection(("127.0.0.1", port), 1)
                server.settimeout(None)
                self._turn += 1
                return server
        return None


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@dataclass(frozen=True, slots=True)
class Ports:
    """Of one server."""

    nats: int
    mqtt: int
    route: int
    monitor: int


class Brokers:
    """Three nats-servers below `folder`; `keys` are the devices' own."""

    def __init__(self, folder: Path, keys: dict[str, str]) -> None:
        self.ports = [Ports(*(free_port() for _ in range(4))) for _ in range(SERVERS)]
        routes = ", ".join(f"nats://route:{ROUTE_PASSWORD}@127.0.0.1:{one.route}" for one in self.ports)
        secrets = {"HUB_PASSWORD": HUB_PASSWORD, "ROUTE_PASSWORD": ROUTE_PASSWORD, "ROUTES": f"[{routes}]"}
        # Quoted, since the broker reads a word that begins with a digit as a number.
        secrets |= {_variable(device): json.dumps(key) for device, key in keys.items()}
        (folder / "accounts.conf").write_text(_accounts(keys))
        self.servers = []
        for number, ports in enumerate(self.ports, 1):
            file = folder / f"nats-{number}.conf"
            file.write_text(_moved((SHIPPED / "cluster.conf").read_text(), ports, folder / f"nats-{number}"))
            argv = [program(), "-c", str(file), "-l", str(folder / f"nats-{number}.log")]
            environment = secrets | {"LF_SERVER": f"nats-{number}"}
            self.servers.append(Lasting(argv, folder / f"nats-{number}.out", environment=environment))

    @property
    def urls(self) -> str:
        """Where NATS clients connect."""
        return ",".join(f"nats://127.0.0.1:{one.nats}" for one in self.ports)

    def start(self) -> None:
        """Until each is a healthy part of the whole."""
        for server in self.servers:
            server.start()
        wait_for("three brokers are one", lambda: all(map(self._healthy, self.ports)), START_SECONDS)

    def leader(self) -> int | None:
        """The number of the server that leads the hub's stream."""
        for ports in self.ports:
            with suppress(OSError):
                found = _ask(ports.monitor, "/jsz?accounts=true&streams=true")
                for account in found.get("account_details", ()):
                    for stream in account.get("stream_detail", ()):
                        if stream["name"] == STREAM and (name := stream["cluster"].get("leader")):
                            return int(name.removeprefix("nats-")) - 1
        return None

    def _healthy(self, ports: Ports) -> bool:
        with suppress(OSError):
            return bool(_ask(ports.monitor, "/healthz")["status"] == "ok")
        return False


def _ask(port: int, path: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found


def _variable(device: str) -> str:
    return device.upper().replace("-", "_") + "_PASSWORD"


def _accounts(keys: dict[str, str]) -> str:
    """The shipped accounts, with a user for each device like the one that stands there."""
    text = (SHIPPED / "accounts.conf").read_text()
    one = re.search(r"\n      \{\n        user: edge-west,.*?\n      \}", text, re.DOTALL)
    assert one
    users = (
        one[0].replace("edge-west", name).replace("$EDGE_PASSWORD", f"${_variable(name)}") for name in keys
    )
    return text.replace(one[0], "".join(users))


def _moved(text: str, ports: Ports, store: Path) -> str:
    """The shipped configuration on this machine: its own ports, loopback alone, its own folder."""
    moves = {
        "port: 4222": f'host: "127.0.0.1"\nport: {ports.nats}',
        '"127.0.0.1:8222"': f'"127.0.0.1:{ports.monitor}"',
        '"/data"': f'"{store}"',
        "port: 1883": f'host: "127.0.0.1", port: {ports.mqtt}',
        "port: 6222": f'host: "127.0.0.1"\n  port: {ports.route}',
    }
    for was, now in moves.items():
        assert text.count(was) == 1, was
        text = text.replace(was, now)
    return text
