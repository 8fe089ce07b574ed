"""What nats-server is told: where to listen, its bounds, and which device may say and hear what."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wire import topic

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

HOST = "127.0.0.1"
HUB_USER = "hub"
MAX_PAYLOAD = 1_048_576


@dataclass(frozen=True, slots=True)
class Peer:
    """A device that may speak, with the bcrypt hash of its key."""

    market: str
    device: str
    key_hash: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a broker of ours listens on loopback and keeps its things, and its bounds."""

    folder: Path
    mqtt: int
    nats: int
    """Port of NATS clients: the hub's own."""
    monitor: int
    """HTTP port of the broker's figures about itself."""
    again_s: int
    """Seconds after which a message that the hub did not acknowledge is sent again."""
    store_mb: int
    """Most megabytes of everything that the broker keeps."""


def configuration(place: Place, hub_key_hash: str, peers: Iterable[Peer]) -> str:
    """nats-server's configuration as text: listeners on loopback, bounds, and who may say what."""
    folder = place.folder
    users = [f"{{user: {HUB_USER}, password: {json.dumps(hub_key_hash)}}}", *map(_user, peers)]
    return "\n".join(
        [
            "server_name: lianfang",
            f'host: "{HOST}"',
            f"port: {place.nats}",
            f'http: "{HOST}:{place.monitor}"',
            f"max_payload: {MAX_PAYLOAD}",
            f"pid_file: {json.dumps(str(folder / 'pid'))}",
            f"ports_file_dir: {json.dumps(str(folder))}",
            f"log_file: {json.dumps(str(folder / 'log'))}",
            "logfile_size_limit: 8MB",
            "logfile_max_num: 2",
            "jetstream {",
            f"  store_dir: {json.dumps(str(folder / 'store'))}, max_mem: 64MB, max_file: {place.store_mb}MB",
            "}",
            f'mqtt {{host: "{HOST}", port: {place.mqtt}, ack_wait: "{place.again_s}s"}}',
            "accounts {",
            "  LIANFANG {jetstream: enabled, users: [",
            *(f"    {user}" for user in users),
            "  ]}",
            "  SYS {}",
            "}",
            "system_account: SYS",
            "",
        ]
    )


def _user(peer: Peer) -> str:
    """A device's line. A topic and what lies below it are two subjects to NATS; each is named.

    `$MQTT.sub.>` is where the server delivers to subscriptions of QoS 1; no client can subscribe to it.
    """
    say = [text.replace("/", ".") for text in topic.may_publish(peer.market, peer.device)]
    hear = [text.replace("/", ".") for text in topic.may_subscribe(peer.market, peer.device)]
    hear += [f"{subject}.>" for subject in hear] + ["$MQTT.sub.>"]
    permissions = f"publish: {{allow: {json.dumps(say)}}}, subscribe: {{allow: {json.dumps(hear)}}}"
    return (
        f"{{user: {json.dumps(peer.device)}, password: {json.dumps(peer.key_hash)}, "
        f"permissions: {{{permissions}}}}}"
    )
