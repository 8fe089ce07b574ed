"""A gateway of the house: filled in safely, asked where the file says and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.notice import Letter
from hub.gear.notify import gateway
from hub.gear.notify.gateway import Gateway, Template
from hub.ports import UndeliveredError
from tests.hub.gear.notify.catcher import Catcher

OPERATE = Path(__file__).parents[4] / "docs" / "operate.md"
NASTY = 'C-218 "} \\ \n & ?x=1#%00 {to}'
LETTER = Letter("0197a1b2-0000-7000-8000-000000000001", 0, NASTY, "Panic")


def test_a_text_message_is_posted_as_json() -> None:
    body = '{"mobile": "{to}", "content": "{zh}", "id": "{id}", "level": {severity}}'
    with Catcher(answer=b'{"code":0}') as catcher:
        template = Template(
            f"{catcher.url}/send", body, headers={"Authorization": "Bearer x"}, good='"code":0'
        )
        Gateway(template).send("13800000000", LETTER)
    (asked,) = catcher.asked
    assert json.loads(asked.body) == {
        "mobile": "13800000000",
        "content": NASTY,
        "id": LETTER.id,
        "level": 0,
    }
    assert asked.headers["Authorization"] == "Bearer x"


def test_a_voice_call_is_posted_as_a_form() -> None:
    with Catcher() as catcher:
        Gateway(Template(f"{catcher.url}/call", "to={to}&say={zh}", form="form")).send(
            "+8613800000000", LETTER
        )
    said = parse_qs(catcher.asked[0].body.decode())
    assert said == {"to": ["+8613800000000"], "say": [NASTY]}


def test_a_relay_of_the_house_is_asked_by_get() -> None:
    with Catcher() as catcher:
        Gateway(Template(f"{catcher.url}/relay/1?id={{id}}&why={{zh}}")).send("", LETTER)
    (asked,) = catcher.asked
    assert asked.method == "GET"
    assert parse_qs(urlsplit(asked.path).query) == {"id": [LETTER.id], "why": [NASTY]}


@given(text=st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_whatever_is_filled_in_the_host_and_the_shape_stay(text: str) -> None:
    letter = Letter("id", 0, text, text)
    said = gateway._said(text, letter)
    template = "https://sms.example.com/{to}?t={text}"
    url = gateway._filled(template, said, lambda one: quote(one, safe=""))
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.fragment) == ("https", "sms.example.com", "")
    assert parts.path.count("/") == 1
    body = gateway._filled('{"a": "{zh}"}', said, gateway._in_json)
    assert json.loads(body) == {"a": text}


def test_a_gateway_that_says_no_in_its_answer_has_not_taken_it() -> None:
    with (
        Catcher(answer=b'{"code": 17, "msg": "balance is empty"}') as catcher,
        pytest.raises(UndeliveredError, match="balance is empty"),
    ):
        Gateway(Template(catcher.url, "{}", good='"code": 0')).send("13800000000", LETTER)


@pytest.mark.parametrize("status", [302, 307, 400, 500])
def test_no_redirect_is_followed_and_an_error_is_said(status: int) -> None:
    with (
        Catcher() as inside,
        Catcher(status=status, headers={"Location": inside.url}) as catcher,
        pytest.raises(UndeliveredError, match=str(status)),
    ):
        Gateway(Template(catcher.url)).send("", LETTER)
    assert inside.asked == []


def test_a_gateway_that_is_not_there_is_said() -> None:
    with Catcher() as catcher:
        url = catcher.url
    with pytest.raises(UndeliveredError, match="does not answer"):
        Gateway(Template(url)).send("", LETTER)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[sms]\nurl = "https://{to}.example.com/"', "without braces"),
        ('[sms]\nurl = "https://{to}@example.com/"', "without braces"),
        ('[sms]\nurl = "http://sms.example.com/"', "https"),
        ('[sms]\nurl = "file:///etc/passwd"', "https"),
        ('[sms]\nurl = "https://a.example/"\nbody = "{\\"to\\": {who}}"', "who"),
        ('[sms]\nurl = "https://a.example/"\nbody = "to={to}"', "not JSON"),
        ('[sms]\nurl = "https://a.example/"\nbdy = "x"', "did you mean body"),
        ('[sms]\nurl = "https://a.example/"\nform = "xml"', "json or form"),
        ('[fax]\nurl = "https://a.example/"', "none of"),
        ("[sms", "cannot be read"),
    ],
)
def test_an_unsafe_template_is_refused_with_what_to_write(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "gateways.toml").write_text(text)
    with pytest.raises(ValueError, match=why):
        gateway.read(tmp_path / "gateways.toml")


def test_the_example_of_the_documents_holds(tmp_path: Path) -> None:
    text = OPERATE.read_text(encoding="utf-8").split("```toml\n[sms]")[1].split("```")[0]
    (tmp_path / "gateways.toml").write_text(f"[sms]{text}", encoding="utf-8")
    found = gateway.read(tmp_path / "gateways.toml")
    assert set(found) == {"sms", "siren"}
    assert found["siren"].alarms == ("fire", "smoke")
