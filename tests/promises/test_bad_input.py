"""P9: what nobody sends in good faith is refused in words or taken as what it is, and never fatal: REST."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from hub.api.flood import Flood
from tests.hub.api.conftest import parts
from tests.hub.town import MARKET
from tests.promises import bad
from tests.promises.asked import AS, DEVICE, Witness, served
from tests.promises.known import fill
from wire import order
from wire.border import Bad

if TYPE_CHECKING:
    from collections.abc import Iterator

    from httpx2 import Response

    from hub.api.parts import Parts

__all__ = ["parts"]

SEEN = bad.Seen()


@pytest.fixture
def asked(parts: Parts) -> Iterator[Asked]:
    """The real app on a real server; log-ins and look-ups are not counted."""
    parts = replace(parts, flood=Flood(10**9))
    with parts.sessions.begin() as session:
        known = fill(session)
    with served(parts) as (url, witness), httpx2.Client(base_url=url) as client:
        yield Asked(client, witness, known)
    assert witness.wrong == []


class Asked:
    """Sends as whoever is named, and holds each answer to what all answers have to be."""

    def __init__(self, client: httpx2.Client, witness: Witness, known: dict[str, list[str]]) -> None:
        self._client, self.witness, self.known = client, witness, known

    def __call__(self, section: str, who: str, method: str, url: str, **how: Any) -> Response:
        headers = {AS: who} | how.pop("headers", {})
        answer: Response = self._client.request(method, url, headers=headers, **how)
        assert answer.status_code < 500, (method, url, answer.text)
        SEEN.note(section, refused=answer.status_code >= 400)
        return answer

    def json(self, section: str, who: str, method: str, url: str, raw: bytes) -> Response:
        return self(section, who, method, url, content=raw, headers={"Content-Type": "application/json"})


CASE = {"kind": "theft", "place": "1 号巷", "grid": "east", "x": 1.0, "y": 2.0, "severity": 2, "text": "包"}
PERSON = {"name_zh": "新人", "name_en": "New", "login": "newcomer", "password": "long enough 2026"}
CONTACT = {"name": "李", "role": "owner", "phone": "0571 8765 4321"}
CARE = {"shop": "c-11", "scope": "看门锁", "ends": "2026-12-01"}
TEXTS = [
    ("zhou", "/api/cases", CASE, ("kind", "place", "grid", "text", "channel", "reporter_name")),
    ("ji", "/api/people", PERSON, ("name_zh", "name_en", "login")),
    ("zhou", "/api/displays", {"node": MARKET, "label": "墙"}, ("node", "label")),
    ("zhou", "/api/phones", {"person": "xin"}, ("person",)),
    ("", "/api/phone", {"token": "a", "key": "a", "label": "手机"}, ("label",)),
    ("", "/api/session", {"user": "he", "password": "he"}, ("user",)),
    ("zhou", "/api/shops/c-10/contacts", CONTACT, ("name", "role", "phone")),
    ("zhou", "/api/shops/c-10/contacts/look", {"purpose": "漏水", "case": None}, ("purpose", "case")),
    ("zhou", "/api/care", CARE, ("shop", "scope", "ends")),
    ("zhou", "/api/people/xin/grants", {"role": "guard", "node": MARKET}, ("role", "node")),
    ("zhou", "/api/devices/edge-1/commands", {"op": "still", "camera": "c-3-1"}, ("op", "camera")),
]  # fmt: skip


@pytest.mark.parametrize(("who", "url", "good", "fields"), TEXTS, ids=[row[1] for row in TEXTS])
def test_what_is_no_text_is_refused_wherever_text_is_asked_for(
    asked: Asked, who: str, url: str, good: dict[str, Any], fields: tuple[str, ...]
) -> None:
    values = {**bad.NOT_TEXT, **bad.NOT_EVEN_TEXT, "over-long": "长" * 2001}
    for field in fields:
        for what, value in values.items():
            raw = json.dumps(good | {field: value}).encode()
            answer = asked.json("text", who, "POST", url, raw)
            assert answer.status_code in {413, 422}, (field, what, answer.text)


@pytest.mark.parametrize("field", ["x", "y", "severity"])
def test_what_is_no_number_is_refused_or_is_the_number_that_it_spells(asked: Asked, field: str) -> None:
    for raw in (*bad.NO_NUMBER, *map(str, bad.HUGE), "-1e5", "true"):
        body = json.dumps(CASE | {field: "?"}).replace('"?"', raw).encode()
        answer = asked.json("numbers", "zhou", "POST", "/api/cases", body)
        assert answer.status_code == (201 if raw in {'"1"', "null", "true"} else 422), (raw, answer.text)


BODIED = (
    "/api/session", "/api/cases", "/api/people", "/api/armbands", "/api/phone", "/api/setup", "/api/care",
    "/api/devices/edge-1/commands", "/api/cases/{case_id}/acts/note", "/api/alerts/{alert_id}/attach",
)  # fmt: skip


@pytest.mark.parametrize("url", BODIED)
def test_a_body_that_is_none_is_refused(asked: Asked, url: str) -> None:
    url = url.format_map({name: ids[0] for name, ids in asked.known.items()})
    for what, raw in bad.RAW.items():
        answer = asked.json("bodies", "zhou", "POST", url, raw)
        assert 400 <= answer.status_code < 500, (what, answer.text)
        assert not re.search(r"[\x00-\x1f\u202e]|<function|0x[0-9a-f]{6}", answer.text), what


def test_of_a_name_that_is_there_twice_the_last_counts(asked: Asked) -> None:
    raw = json.dumps(CASE).encode()[:-1] + b',"text":"one","text":"two"}'
    answer = asked.json("bodies", "zhou", "POST", "/api/cases", raw)
    page = asked("bodies", "zhou", "GET", f"/api/cases/{answer.json()['id']}").json()
    assert [line["text"] for line in page["timeline"]] == ["two"]


def test_what_looks_alike_is_alike(asked: Asked) -> None:
    raw = json.dumps(PERSON | {"name_en": "Rene\u0301"}).encode()
    made = asked.json("text", "ji", "POST", "/api/people", raw).json()["id"]
    assert asked("text", "ji", "GET", f"/api/people/{made}").json()["name"]["en"] == "Ren\u00e9"


PLACES = (
    "/api/alerts/{}", "/api/cases/{}", "/api/media/{}", "/api/cameras/{}/still", "/api/devices/{}",
    "/api/devices/edge-1/commands/{}", "/api/letters/{}", "/api/people/{}", "/api/people/{}/rights",
    "/api/people/{}/phones", "/api/public/armband/yunda/{}", "/api/public/armband/{}/0201",
    "/api/wall?market={}", "/nowhere/{}",
)  # fmt: skip
SEARCHES = (
    "/api/cases?before={}", "/api/alerts?before={}", "/api/register?before={}", "/api/register?subject={}",
    "/api/rights/who?action={}", "/api/rights/who?action=video.live&node={}", "/api/cases?q={}",
    "/api/cases?stage={}",
)  # fmt: skip
COUNTS = (
    "/api/cases?limit={}", "/api/alerts?limit={}", "/api/letters?limit={}", "/api/register?limit={}",
    "/api/devices/edge-1/configs?before={}", "/api/devices/edge-1/configs?limit={}", "/api/feed?after={}",
)  # fmt: skip


@pytest.mark.long
def test_an_address_that_names_nothing_says_so(asked: Asked) -> None:
    for place in PLACES:
        for id_ in bad.IDS:
            answer = asked("addresses", "ji" if "letters" in place else "zhou", "GET", place.format(id_))
            assert 400 <= answer.status_code < 500, (place, id_, answer.text)


@pytest.mark.long
def test_a_search_for_nonsense_is_refused_or_finds_something_that_is_there(asked: Asked) -> None:
    for search in SEARCHES:
        for id_ in bad.IDS:
            asked("addresses", "zhou", "GET", search.format(id_))


def test_what_counts_is_a_number_within_its_bounds(asked: Asked) -> None:
    for place in COUNTS:
        for number in bad.NUMBERS:
            answer = asked("addresses", "ji" if "letters" in place else "zhou", "GET", place.format(number))
            assert answer.status_code == 422, (place, number, answer.text)


def jpeg(width: int, height: int, more: bytes = b"") -> bytes:
    return (
        b"\xff\xd8"
        + more
        + b"\xff\xc0\x00\x0b\x08"
        + height.to_bytes(2)
        + width.to_bytes(2)
        + b"\x01\x01\x11\x00"
    )


PICTURES = {
    "pixel flood": (jpeg(65_535, 65_535), 413),
    "pixel flood behind notes": (jpeg(65_535, 65_535, b"\xff\xe1\xff\xff" + bytes(65_533)), 413),
    "size hidden behind 300 kB": (jpeg(1, 1, (b"\xff\xe1\xff\xff" + bytes(65_533)) * 5), 413),
    "PNG bomb": (b"\x89PNG\r\n\x1a\n" + bytes(100), 422),
    "gzip bomb": (b"\x1f\x8b" + bytes(100), 422),
    "zip": (b"PK\x03\x04" + bytes(100), 422),
    "SVG": (b"<svg onload='alert(1)'/>", 422),
    "HTML in a JPEG's name": (b"<html>", 422),
}


def test_pictures_that_are_none_or_too_many_pixels_are_refused_by_their_first_bytes(asked: Asked) -> None:
    still = {"Content-Type": "image/jpeg", "X-At": "2026-11-22T04:00:00Z", "Content-Encoding": "gzip"}
    for what, (data, status) in PICTURES.items():
        url = f"/edge/v1/media/{sha256(data).hexdigest()}"
        answer = asked("uploads", DEVICE, "PUT", url, content=data, headers={"Content-Type": "image/jpeg"})
        assert answer.status_code == status, what
        if len(data) < 300_000:
            answer = asked("uploads", DEVICE, "PUT", "/edge/v1/stills/c-3-1", content=data, headers=still)
            assert answer.status_code == status, what
    for moment in bad.MOMENTS:
        headers = still | {"X-At": moment}
        answer = asked("uploads", DEVICE, "PUT", "/edge/v1/stills/c-3-1", content=jpeg(8, 8), headers=headers)
        assert answer.status_code in ({204} if moment == "-1" else {422}), (moment, answer.text)
    for span in (
        "bytes 0-9/" + "9" * 400,
        "bytes 9-0/10",
        "bytes 0-0/0",
        "lines 1-2/3",
        "bytes ٠-١/٢",
        "x" * 2000,
    ):
        headers = {"Content-Type": "video/mp4", "Content-Range": span}
        try:
            answer = asked(
                "uploads", DEVICE, "PUT", f"/edge/v1/media/{'a' * 64}", content=b"x", headers=headers
            )
        except UnicodeEncodeError:
            continue
        assert answer.status_code == 422, (span, answer.text)


@pytest.mark.parametrize("field", ["begins", "ends"])
def test_a_day_that_no_calendar_of_ours_has_is_refused(asked: Asked, field: str) -> None:
    for day in (*bad.MOMENTS, "0001-01-01", "9999-12-31", 2**70, -1, True, "1999-12-31", "2200-01-01"):
        raw = json.dumps({"post": "guard", "begins": "2026-01-01", field: day}).encode()
        answer = asked.json("dates", "zhou", "PUT", "/api/staff/xin", raw)
        assert answer.status_code == 422, (day, answer.text)


def test_floods_of_headers_and_cookies_are_turned_away_or_passed_over(asked: Asked) -> None:
    cookies = "; ".join(f"c{n}=1" for n in range(5_000))
    floods = [
        {"Cookie": cookies}, {"Cookie": "lf_session=a; " * 2_000 + "a=1"},
        {"Cookie": "lf_session=" + "a" * 60_000},
        {"Cookie": '=;;;=,"lf_session"=\\'}, {"X-Market": "a" * 60_000}, {"X-Market": "../etc"},
        {"X-Request-Id": "<script>"}, {"X-CSRF": b"\xc3\xa9"}, {"Range": "bytes=" + "0-1," * 9_000 + "3-4"},
        {"If-None-Match": '"' * 60_000}, {"Last-Event-ID": "9" * 21},
        {"Accept-Encoding": "gzip," * 9_000 + "br"},
        {"Authorization": "Basic " + "A" * 60_000}, {"X-Forwarded-For": "127.0.0.1, " * 5_000 + "::1"},
        {f"X-{n}": "a" * 500 for n in range(100)},
    ]  # fmt: skip
    for headers in floods:
        for url in (
            "/api/market",
            "/api/session",
            f"/api/media/{'a' * 64}",
            "/edge/v1/orders-key",
            "/nowhere",
        ):
            answer = asked("headers", "", "GET", url, headers=headers)
            assert answer.status_code in {401, 404, 422}, (str(headers)[:80], answer.status_code)
    for headers in ({f"X-{n}": "a" * 5_000 for n in range(40)}, {"Cookie": "a" * 300_000}):
        with pytest.raises((httpx2.HTTPError, AssertionError)):
            assert asked("headers", "", "GET", "/api/market", headers=headers).status_code < 400


SCENE = {"id": "yard", "polygon": [[0, 0], [1, 0], [1, 1]], "rules": [{"kind": "intrusion"}]}
FIELDS: dict[str, Any] = {
    "a camera's address": {"url": "http://169.254.169.254/"},
    "a million corners": {"zones": [SCENE | {"polygon": [[0, 0], [1, 0], [1, 1]] * 20_000}]},
    "crossing itself to nothing": {"zones": [SCENE | {"polygon": [[0, 0], [1, 1], [1, 0], [0, 1]]}]},
    "longitude and latitude": {"zones": [SCENE | {"polygon": [[120.1, 30.2], [120.2, 30.2], [120.2, 30.3]]}]},
    "outside the picture": {"masks": [[[0, 0], [2, 0], [2, 2]]]},
    "a flat one": {"masks": [[[0, 0], [1, 1], [0.5, 0.5]]]},
    "a thousand zones": {"zones": [SCENE | {"id": f"z-{n}"} for n in range(1000)]},
    "one zone twice": {"zones": [SCENE, SCENE]},
    "markup as a name": {"zones": [SCENE | {"id": "<img src=x>"}]},
    "a shell": {"zones": [SCENE | {"id": "a;reboot"}]},
    "a path": {"zones": [SCENE | {"id": "../../etc"}]},
    "too many pictures": {"fps": 1e9},
    "no hours": {
        "zones": [SCENE | {"rules": [{"kind": "intrusion", "armed": [{"from": "25:00", "to": "1"}]}]}]
    },
}
FIELD_ROOTS = (
    b"[]", b"null", b'{"cameras":' * 900, b'{"cameras":{"c-3-1":{"fps":NaN}}}', b"\xff",
    b'{"cameras":{"c-3-1":{"fps":1e999}}}', b'{"cameras":{"../x":{}}}', b'{"shell":"reboot"}',
)  # fmt: skip


def test_a_configuration_that_no_device_takes_is_refused_before_it_is_kept(asked: Asked) -> None:
    url, match = "/api/devices/edge-1/config", {"If-Match": "0"}
    whole = [json.dumps({"cameras": {"c-3-1": fields}}).encode() for fields in FIELDS.values()]
    for raw in (*whole, *FIELD_ROOTS):
        answer = asked("configurations", "zhou", "PUT", url, content=raw, headers=match)
        assert answer.status_code in {413, 422}, (raw[:60], answer.text)
        with pytest.raises(Bad):
            order.decode_fields(raw)
    for number in ("9" * 15, "9" * 16, "-1", "NaN", "٣", ""):
        headers = {"If-Match": number.encode()}
        answer = asked("configurations", "zhou", "PUT", url, content=b"{}", headers=headers)
        assert answer.status_code in {412, 422, 428}, (number, answer.text)


def test_the_whole_table_is_accounted_for(capsys: pytest.CaptureFixture[str]) -> None:
    """Stands last: whatever was tried above was refused in words or taken as what it is."""
    with capsys.disabled():
        print(f"\n{SEEN}")  # noqa: T201 - the counts are asked for
    assert SEEN.tried
