"""The whole way on a real hub: a guard holds the button, and a phone rings through the house's gateway."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tests.hub.app.running import Running
from tests.hub.gear.listener import eventually
from tests.hub.gear.notify.catcher import Catcher
from wire.message import new_id

if TYPE_CHECKING:
    from pathlib import Path

    import httpx2

GATEWAYS = """
[sms]
url = "{url}/sms"
body = '{{"to": "{{to}}", "text": "{{zh}}", "id": "{{id}}"}}'

[siren]
url = "{url}/relay"
alarms = ["panic"]
"""
CODE = re.compile(r"[0-9]{6}")


def texts(catcher: Catcher) -> list[str]:
    return [json.loads(asked.body)["text"] for asked in catcher.asked if asked.path == "/sms"]


def channel(monitor: httpx2.Client, catcher: Catcher) -> None:
    """Bring a number in, by the code that comes to it."""
    page = monitor.get("/api/me/channels").json()
    assert {"sms", "push", "wecom"} <= {offer["kind"] for offer in page["offers"]}
    assert page["lacking"] is not None
    made = monitor.post("/api/me/channels", json={"kind": "sms", "address": "13800000000"}).json()
    assert eventually(lambda: texts(catcher))
    code = CODE.search(texts(catcher)[0])
    assert code
    where = f"/api/me/channels/{made['id']}"
    assert monitor.post(f"{where}/verify", json={"code": code[0]}).json()["verified"] is True
    assert eventually(lambda: monitor.get("/api/me/channels").json()["channels"][0]["good_at"])


def sent(monitor: httpx2.Client) -> list[str]:
    """What became of the newest notice, by each way."""
    notices = monitor.get("/api/notices").json()["notices"]
    return [one["state"] for one in notices[0]["sent"]]


def test_a_call_for_help_rings_a_phone_and_the_siren_and_is_noted_as_sent(tmp_path: Path) -> None:
    with Catcher() as catcher:
        file = tmp_path / "gateways.toml"
        file.write_text(GATEWAYS.format(url=catcher.url), encoding="utf-8")
        with (
            Running(tmp_path / "data", LIANFANG_GATEWAYS=str(file)) as hub,
            hub.sign_in("monitor") as monitor,
            hub.sign_in("guard") as guard,
        ):
            channel(monitor, catcher)
            said = {"call": new_id(), "button": "sos", "at": "2026-11-23T04:00:00Z"}
            assert guard.post("/api/sos", json=said).status_code == 200
            assert eventually(lambda: len(texts(catcher)) == 2)
            assert "紧急求救" in texts(catcher)[1]
            assert eventually(lambda: [one.path for one in catcher.asked].count("/relay") == 1)
            assert eventually(lambda: sent(monitor) == ["sent"])
    assert (tmp_path / "data" / "keys" / "vapid.pem").stat().st_mode & 0o777 == 0o600
