"""The own notices and channels over HTTP, and silences."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hub.core.glossary import Pair
from hub.core.notice import Post
from hub.service import notice
from hub.store.evidence import Line
from hub.store.notify import Channel, Delivery
from tests.hub.gear.notify.test_webpush import Browser
from tests.hub.town import MARKET, NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts
    from tests.hub.api.conftest import Hands, Someone

KINDS = frozenset({"push", "email", "sms", "wecom"})


@pytest.fixture
def parts(parts: Parts) -> Parts:
    """A hub with some ways."""
    return dataclasses.replace(parts, post=Post(KINDS, "BPublic", frozenset({"push.example:8443"})))


def told(store: sessionmaker[Session], person: str = "lin", severity: int = 1) -> str:
    with store.begin() as s:
        words = Pair("一号巷有烟", "Smoke in aisle 1")
        return notice.tell(s, MARKET, [person], "case/x", "step", words, NOON, severity=severity)[0].id


def test_one_reads_the_own_notices_and_the_ledger_says_when(
    as_: Callable[[str], Someone], store: sessionmaker[Session], clock: Hands
) -> None:
    made = told(store)
    lin = as_("lin")
    page = lin.get("/api/notices").json()
    assert page["unread"] == 1
    assert [(one["id"], one["read_at"], one["words"]["en"]) for one in page["notices"]] == [
        (made, None, "Smoke in aisle 1")
    ]
    clock.turn(timedelta(seconds=5))
    read = [lin.post(f"/api/notices/{made}/read").json()["read_at"] for _ in range(2)]
    assert read == ["2026-11-22T04:00:05.000Z"] * 2
    assert lin.get("/api/notices").json()["unread"] == 0
    with store() as s:
        assert [line.actor for line in s.scalars(select(Line).where(Line.act == "notice.read"))] == ["lin"]


def test_nobody_reads_for_others(as_: Callable[[str], Someone], store: sessionmaker[Session]) -> None:
    made = told(store)
    assert as_("qin").post(f"/api/notices/{made}/read").status_code == 404
    assert as_("qin").get("/api/notices").json() == {"unread": 0, "notices": []}


def add(someone: Someone, kind: str, address: str | None = None, **more: Any) -> Any:
    return someone.post("/api/me/channels", json={"kind": kind, "address": address} | more)


def test_a_channel_is_used_once_its_code_came_back(
    as_: Callable[[str], Someone], store: sessionmaker[Session], parts: Parts
) -> None:
    lin = as_("lin")
    assert lin.get("/api/me/channels").json()["lacking"] is not None
    made = add(lin, "email", "lin@market.example")
    assert made.status_code == 201, made.text
    assert (made.json()["shown"], made.json()["verified"]) == ("l***@market.example", False)
    where = f"/api/me/channels/{made.json()['id']}"
    assert lin.post(f"{where}/test").status_code == 409
    with store() as s:
        row, sent = s.scalars(select(Channel)).one(), s.scalars(select(Delivery)).one()
        assert b"market.example" not in row.address
        assert parts.seal.open(row.address) == "lin@market.example"
        assert sent.secret is not None
        code = parts.seal.open(sent.secret)
    wrong = "000000" if code != "000000" else "111111"
    assert lin.post(f"{where}/verify", json={"code": wrong}).status_code == 422
    assert lin.post(f"{where}/verify", json={"code": code}).json()["verified"] is True
    assert lin.post(f"{where}/test").status_code == 202
    told(store, severity=0)
    with store() as s:
        assert [row.purpose for row in s.scalars(select(Delivery).order_by(Delivery.id))] == [
            "code",
            "test",
            "notice",
        ]
    assert lin.delete(where).status_code == 204
    assert lin.get("/api/me/channels").json()["channels"] == []


def test_a_code_is_guessed_five_times_and_no_more(
    as_: Callable[[str], Someone], store: sessionmaker[Session], parts: Parts
) -> None:
    lin = as_("lin")
    where = f"/api/me/channels/{add(lin, 'sms', '138 0000 0000').json()['id']}"
    with store() as s:
        secret = s.scalars(select(Delivery)).one().secret
        assert secret is not None
        code = parts.seal.open(secret)
    wrong = "000000" if code != "000000" else "111111"
    answers = [lin.post(f"{where}/verify", json={"code": wrong}).status_code for _ in range(6)]
    assert answers == [422] * 5 + [409]
    assert lin.post(f"{where}/verify", json={"code": code}).status_code == 409
    assert lin.post(f"{where}/code").status_code == 202


def test_a_code_is_good_for_ten_minutes(
    as_: Callable[[str], Someone], store: sessionmaker[Session], parts: Parts, clock: Hands
) -> None:
    lin = as_("lin")
    where = f"/api/me/channels/{add(lin, 'sms', '13800000000').json()['id']}"
    with store() as s:
        secret = s.scalars(select(Delivery)).one().secret
        assert secret is not None
        code = parts.seal.open(secret)
    clock.turn(timedelta(minutes=10))
    assert lin.post(f"{where}/verify", json={"code": code}).status_code == 409


def test_nobody_has_a_hundred_codes_sent_to_somebody_elses_phone(as_: Callable[[str], Someone]) -> None:
    lin = as_("lin")
    where = f"/api/me/channels/{add(lin, 'sms', '13800000000').json()['id']}"
    answers = [lin.post(f"{where}/code").status_code for _ in range(10)]
    assert answers == [202] * 9 + [409]
    lin.delete(where)
    assert add(lin, "sms", "13800000001").status_code == 409


def test_a_browser_subscribes_and_is_used_at_once(as_: Callable[[str], Someone]) -> None:
    lin, browser = as_("lin"), Browser("https://push.example:8443")
    key = lin.get("/api/push").json()
    assert key["key"] == "BPublic"
    assert "best effort" in key["best_effort"]["en"]
    subscription = {"endpoint": browser.endpoint, "keys": browser.keys, "expirationTime": None}
    made = add(lin, "push", subscription=subscription)
    assert made.json()["verified"] is True, made.text
    assert made.json()["sure"] is False
    assert add(lin, "push", subscription=subscription).status_code == 409
    page = lin.get("/api/me/channels").json()
    assert page["lacking"] is not None
    foreign = subscription | {"endpoint": "https://evil.example/x"}
    assert add(lin, "push", subscription=foreign).status_code == 422


@pytest.mark.parametrize(
    ("kind", "address", "status"),
    [
        ("email", "no address", 422),
        ("email", "a@b.example\nBcc: c@d.example", 422),
        ("sms", "138-x", 422),
        ("wecom", "https://evil.example/hook", 422),
        ("feishu", "0123456789abcdef0123", 409),
        ("sms", None, 422),
        ("push", "x", 422),
        ("fax", "1", 422),
    ],
)
def test_an_address_that_is_none_is_refused(
    as_: Callable[[str], Someone], kind: str, address: str | None, status: int
) -> None:
    assert add(as_("lin"), kind, address).status_code == status


def test_another_persons_channel_does_not_exist(as_: Callable[[str], Someone]) -> None:
    made = add(as_("lin"), "sms", "13800000000").json()["id"]
    for answer in (
        as_("qin").post(f"/api/me/channels/{made}/verify", json={"code": "123456"}),
        as_("qin").post(f"/api/me/channels/{made}/code"),
        as_("qin").post(f"/api/me/channels/{made}/test"),
        as_("qin").delete(f"/api/me/channels/{made}"),
    ):
        assert answer.status_code == 404
    assert as_("qin").get("/api/me/channels").json()["channels"] == []


def test_quiet_hours_are_set_and_lifted(as_: Callable[[str], Someone]) -> None:
    lin = as_("lin")
    hours = {"begins": "22:30", "ends": "07:00"}
    assert lin.request("PUT", "/api/me/quiet", json={"quiet": hours}).json()["quiet"] == hours
    same = {"begins": "07:00", "ends": "07:00"}
    assert lin.request("PUT", "/api/me/quiet", json={"quiet": same}).status_code == 422
    assert lin.request("PUT", "/api/me/quiet", json={"quiet": None}).json()["quiet"] is None


def test_a_silence_is_begun_listed_and_ended(as_: Callable[[str], Someone], clock: Hands) -> None:
    qin = as_("qin")
    until = (NOON + timedelta(hours=1)).isoformat()
    given = {"camera": "c-3-1", "kind": "crowd", "reason": "刷漆", "until": until}
    made = qin.post("/api/silences", json=given)
    assert made.status_code == 201, made.text
    assert (made.json()["owner"]["zh"], made.json()["reason"], made.json()["holds"]) == ("秦川", "刷漆", True)
    assert [one["id"] for one in as_("shen").get("/api/silences").json()] == [made.json()["id"]]
    assert as_("lin").get("/api/silences").status_code == 403
    clock.turn(timedelta(minutes=1))
    assert as_("shen").delete(f"/api/silences/{made.json()['id']}").status_code == 204
    assert qin.get("/api/silences").json() == []
    assert [one["holds"] for one in qin.get("/api/silences?over=true").json()] == [False]
    assert qin.delete("/api/silences/0-0").status_code == 404


def test_a_silence_needs_a_reason_and_an_end(as_: Callable[[str], Someone]) -> None:
    given = {"camera": "c-3-1", "reason": " ", "until": (NOON + timedelta(hours=1)).isoformat()}
    assert as_("qin").post("/api/silences", json=given).status_code == 422
    given |= {"reason": "刷漆", "until": (NOON + timedelta(hours=13)).isoformat()}
    assert as_("qin").post("/api/silences", json=given).status_code == 422
