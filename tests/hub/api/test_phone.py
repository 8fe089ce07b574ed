"""A shopkeeper's phone: brought in by a code that works once, worth nothing when copied, ended in one tap."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hub.core.session import INVITATION
from hub.store.people import Grant

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi.testclient import TestClient
    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.api.conftest import Hands, Someone


def text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class Phone:
    """A phone with its own key, as a page on it behaves."""

    def __init__(self, client: TestClient, clock: Hands) -> None:
        self._client, self._clock = client, clock
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.cookie = self.csrf = ""

    @property
    def spki(self) -> str:
        return text(self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    def come_in(self, url: str) -> Any:
        token = urlsplit(url).fragment
        answer = self._client.post("/api/phone", json={"token": token, "key": self.spki, "label": "Mate 60"})
        if answer.status_code == 200:
            self.cookie, self.csrf = answer.cookies["lf_session"], answer.json()["csrf"]
        self._client.cookies.clear()
        return answer

    def proof(self, method: str, url: str, at: float | None = None) -> str:
        seconds = str(int(self._clock.now().timestamp() if at is None else at))
        token = hashlib.sha256(self.cookie.encode()).hexdigest()
        signed = self._key.sign(f"{method}\n{url}\n{seconds}\n{token}".encode(), ec.ECDSA(hashes.SHA256()))
        r, s = decode_dss_signature(signed)
        return f"{seconds}.{text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"

    def request(self, method: str, url: str, proof: str | None = None, **how: Any) -> Any:
        headers = {"Cookie": f"lf_session={self.cookie}", "X-CSRF": self.csrf}
        headers["X-Proof"] = self.proof(method, url) if proof is None else proof
        answer = self._client.request(method, url, headers=headers, **how)
        self._client.cookies.clear()
        return answer

    def get(self, url: str) -> Any:
        return self.request("GET", url)


@pytest.fixture
def phone(app: TestClient, clock: Hands) -> Phone:
    return Phone(app, clock)


@pytest.fixture
def invited(as_: Callable[[str], Someone]) -> str:
    """The address in the code that Wu, the centre shop, shows to Li."""
    answer = as_("wu").post("/api/phones", {"person": "li"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["qr"].startswith("<svg")
    return str(answer.json()["url"])


def test_a_phone_comes_in_by_the_coordinators_code(phone: Phone, invited: str) -> None:
    assert urlsplit(invited).query == "", "the token is behind the #, which no server or log ever sees"
    answer = phone.come_in(invited)
    assert (answer.json()["person"]["id"], answer.json()["kind"]) == ("li", "phone")
    assert phone.get("/api/session").json()["person"]["id"] == "li"


def test_the_page_is_told_what_its_proofs_are_made_over(phone: Phone, invited: str) -> None:
    told = phone.come_in(invited).json()["bound"]
    assert told == hashlib.sha256(phone.cookie.encode()).hexdigest()
    assert phone.get("/api/session").json()["bound"] == told


def test_a_coordinator_is_shown_whom_they_may_bring_in(
    phone: Phone, invited: str, as_: Callable[[str], Someone]
) -> None:
    phone.come_in(invited)
    shown = {one["id"]: one["phones"] for one in as_("wu").get("/api/phones").json()}
    assert shown == {"li": 1, "wu": 0}
    assert {one["id"] for one in as_("shen").get("/api/phones").json()} == {"li", "wu", "xin", "qiu", "jiang"}


def test_a_code_works_once(phone: Phone, invited: str, app: TestClient, clock: Hands) -> None:
    phone.come_in(invited)
    second = Phone(app, clock).come_in(invited)
    assert (second.status_code, second.json()["code"]) == (403, "phone.code")


def test_a_code_is_over_after_ten_minutes(phone: Phone, invited: str, clock: Hands) -> None:
    clock.turn(INVITATION)
    assert phone.come_in(invited).status_code == 403


def test_a_newer_code_ends_the_older(phone: Phone, invited: str, as_: Callable[[str], Someone]) -> None:
    newer = as_("wu").post("/api/phones", {"person": "li"}).json()["url"]
    assert phone.come_in(invited).status_code == 403
    assert phone.come_in(newer).status_code == 200


def test_a_cookie_that_was_copied_to_another_phone_is_worth_nothing(
    phone: Phone, invited: str, app: TestClient, clock: Hands
) -> None:
    phone.come_in(invited)
    thief = Phone(app, clock)
    thief.cookie, thief.csrf = phone.cookie, phone.csrf
    for proof in (None, "", "1.2", phone.proof("GET", "/api/wall"), phone.proof("POST", "/api/session")):
        answer = thief.request("GET", "/api/session", proof)
        assert (answer.status_code, answer.json()["code"]) == (401, "session.phone")
    assert phone.get("/api/session").status_code == 200


def test_a_proof_that_was_overheard_is_soon_worth_nothing(phone: Phone, invited: str, clock: Hands) -> None:
    phone.come_in(invited)
    heard = phone.proof("GET", "/api/session")
    clock.turn(timedelta(minutes=3))
    assert phone.request("GET", "/api/session", heard).status_code == 401
    assert phone.get("/api/session").status_code == 200


def test_a_proof_is_for_its_own_query(phone: Phone, invited: str) -> None:
    phone.come_in(invited)
    proof = phone.proof("GET", "/api/cases?limit=1")
    assert phone.request("GET", "/api/cases?limit=2", proof).status_code == 401
    assert phone.request("GET", "/api/cases?limit=1", proof).status_code == 200


def test_a_phone_stays_for_thirty_days(phone: Phone, invited: str, clock: Hands) -> None:
    phone.come_in(invited)
    clock.turn(timedelta(days=29))
    assert phone.get("/api/session").status_code == 200
    clock.turn(timedelta(days=1))
    assert phone.get("/api/session").status_code == 401


def test_a_lost_phone_is_ended_in_one_tap(phone: Phone, invited: str, as_: Callable[[str], Someone]) -> None:
    phone.come_in(invited)
    wu = as_("wu")
    (one,) = wu.get("/api/people/li/phones").json()
    assert one["label"] == "Mate 60"
    assert wu.delete(f"/api/people/li/phones/{one['id']}").status_code == 204
    assert phone.get("/api/session").status_code == 401


@pytest.mark.parametrize(
    ("by", "person", "status"),
    [("lin", "li", 403), ("li", "li", 403), ("shen", "li", 200), ("wu", "xin", 403), ("zhou", "he", 409)],
)
def test_a_coordinator_brings_in_the_own_group_only(
    as_: Callable[[str], Someone], by: str, person: str, status: int
) -> None:
    assert as_(by).post("/api/phones", {"person": person}).status_code == status


def test_whoever_holds_more_than_a_shop_may_hold_comes_in_by_password(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    with store.begin() as session:
        session.add(Grant(id="li-desk", person="li", role="desk", node="yunda"))
    answer = as_("zhou").post("/api/phones", {"person": "li"})
    assert (answer.status_code, answer.json()["code"]) == (409, "phone.role")


def test_a_key_that_is_none_is_refused(app: TestClient, invited: str) -> None:
    token = urlsplit(invited).fragment
    for key in ("AAAA", "not base64!", text(b"\x30\x00")):
        answer = app.post("/api/phone", json={"token": token, "key": key})
        assert (answer.status_code, answer.json()["code"]) == (422, "phone.key")
