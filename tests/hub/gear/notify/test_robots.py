"""Chat robots and e-mail: what arrives, and what is said where it does not."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller

from hub.core.notice import Letter
from hub.gear.notify.apprise import ChatRobot, Mail
from hub.ports import UndeliveredError
from tests.hub.gear.notify.catcher import Catcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LETTER = Letter("0197a1b2-0000-7000-8000-000000000001", 0, "【紧急】C-218 紧急求救", "[Urgent] Panic, C-218")
KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
HOOKS: dict[str, tuple[str, str, Callable[[Any], str]]] = {
    "wecom": (KEY, f"/cgi-bin/webhook/send?key={KEY}", lambda said: said["text"]["content"]),
    "dingtalk": (
        "566cc69da782ec",
        "/robot/send?access_token=566cc69da782ec",
        lambda said: said["text"]["content"],
    ),
    "feishu": (KEY, f"/open-apis/bot/v2/hook/{KEY}", lambda said: said["content"]["text"]),
}


@pytest.mark.parametrize("kind", HOOKS)
def test_a_chat_robot_says_it_in_both_languages(kind: str) -> None:
    key, path, text = HOOKS[kind]
    with Catcher(answer=b'{"errcode": 0, "code": 0}') as catcher:
        ChatRobot(kind, catcher.url).send(key, LETTER)
    (asked,) = catcher.asked
    assert (asked.method, asked.path.rstrip("/")) == ("POST", path)
    assert text(json.loads(asked.body)) == f"{LETTER.zh}\n{LETTER.en}"


def test_a_signed_robot_of_dingtalk_is_signed() -> None:
    with Catcher(answer=b'{"errcode": 0}') as catcher:
        ChatRobot("dingtalk", catcher.url).send("SECabcdef0123456789@566cc69da782ec", LETTER)
    (asked,) = catcher.asked
    assert "timestamp=" in asked.path
    assert "sign=" in asked.path


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}),
        ("dingtalk", {"errcode": 310000, "errmsg": "keywords not in content"}),
        ("feishu", {"code": 19001, "msg": "param invalid"}),
    ],
)
def test_a_robot_that_answers_200_and_no_has_not_taken_it(kind: str, answer: dict[str, Any]) -> None:
    words = str(answer.get("errmsg") or answer["msg"])
    with (
        Catcher(answer=json.dumps(answer).encode()) as catcher,
        pytest.raises(UndeliveredError, match=words),
    ):
        ChatRobot(kind, catcher.url).send(HOOKS[kind][0], LETTER)


@pytest.mark.parametrize("kind", HOOKS)
def test_a_robot_that_sends_us_elsewhere_is_not_followed(kind: str) -> None:
    with (
        Catcher() as elsewhere,
        Catcher(status=302, headers={"Location": elsewhere.url}) as catcher,
        pytest.raises(UndeliveredError),
    ):
        ChatRobot(kind, catcher.url).send(HOOKS[kind][0], LETTER)
    assert elsewhere.asked == []


class Box:
    """A mail server's memory; `no` is what it answers to a mail, if it takes none."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], bytes]] = []
        self.no = ""

    async def handle_DATA(  # noqa: N802 - the library calls it so
        self, _server: object, _session: object, envelope: Any
    ) -> str:
        if self.no:
            return self.no
        self.mails.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


class Anywhere(Controller):
    """A mail server at a free port, which it looks up before it knocks at itself."""

    def _trigger_server(self) -> None:
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def server(box: Box) -> Iterator[str]:
    """Address of a real mail server on loopback."""
    controller = Anywhere(box, hostname="127.0.0.1", port=0)
    controller.start()
    yield f"mailto://127.0.0.1:{controller.port}?from=hub@lianfang.example"
    controller.stop()


def test_an_e_mail_arrives_with_its_id(box: Box, server: str) -> None:
    Mail(server).send("zhou@market.example", LETTER)
    ((to, content),) = box.mails
    mail = message_from_bytes(content, policy=policy.default)
    assert to == ["zhou@market.example"]
    assert "紧急" in mail["Subject"]
    assert mail["X-Lianfang-Id"] == LETTER.id
    body = mail.get_body()
    assert body is not None
    assert body.get_content().strip().replace("\r\n", "\n") == f"{LETTER.zh}\n{LETTER.en}"


def test_a_mail_server_that_takes_nothing_is_said(box: Box, server: str) -> None:
    box.no = "554 no"
    with pytest.raises(UndeliveredError):
        Mail(server).send("zhou@market.example", LETTER)


def test_a_mail_server_that_is_not_there_is_said() -> None:
    with Catcher() as catcher:
        gone = catcher.host
    with pytest.raises(UndeliveredError):
        Mail(f"mailto://{gone}?from=hub@lianfang.example").send("zhou@market.example", LETTER)


def test_the_setting_is_one_of_mail() -> None:
    with pytest.raises(ValueError, match="mailtos://"):
        Mail("https://mail.example")
