"""E-mail, and the chat robots of WeCom, DingTalk and Feishu, by apprise."""

from __future__ import annotations

import json
import sys
import threading
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from hub.core.glossary import Pair
from hub.ports import UndeliveredError

if TYPE_CHECKING:
    from types import ModuleType

    from hub.core.notice import Letter

SECONDS = 5.0
"""To connect, and again to answer."""
MOST_ANSWER, MOST_WORDS = 4096, 120
PATIENCE = {"cto": SECONDS, "rto": SECONDS, "redirect": "no"}
TITLE = {0: "联防 紧急 Urgent", 1: "联防 重要 High", 2: "联防 Lianfang", 3: "联防 Lianfang"}
REFUSED = Pair("邮件服务器没有收下。", "The mail server did not take it.")
NO = Pair("机器人没有收下：{}", "The robot did not take it: {}")


@dataclass(frozen=True, slots=True)
class Robot:
    """A chat service: apprise's word for it, what a private server changes, and where it says no."""

    plugin: str
    name: str
    field: str
    path: str
    """Of its address, below the host; {} is the key."""
    code: str
    """Field of the answer that is 0 where it took the message; it answers 200 all the same."""


ROBOTS: dict[str, Robot] = {
    "wecom": Robot("wecombot", "NotifyWeComBot", "api_url", "/cgi-bin/webhook/send?key={key}", "errcode"),
    "dingtalk": Robot(
        "dingtalk", "NotifyDingTalk", "notify_url", "/robot/send?access_token={token}", "errcode"
    ),
    "feishu": Robot("feishu", "NotifyFeishu", "notify_url", "/open-apis/bot/v2/hook/{token}", "code"),
}


class Mail:
    """Port Notifier by e-mail; `address` is one of a mailbox.

    Args:
        url: apprise's mailto:// or mailtos:// address of the server that takes mail from us.
    """

    def __init__(self, url: str) -> None:
        if urlsplit(url).scheme not in ("mailto", "mailtos"):
            raise ValueError("setting mail_url: write mailtos://user:password@server?from=address")
        self._url = url

    def send(self, address: str, letter: Letter) -> None:
        """Hand it to the mail server.

        Raises:
            UndeliveredError: it did not take it.
        """
        more = {"to": address, "format": "text", **PATIENCE, "+X-Lianfang-Id": letter.id}
        joined = "&" if urlsplit(self._url).query else "?"
        sender = _made("email", "NotifyEmail", f"{self._url}{joined}{urlencode(more)}")
        if not sender.notify(body=_body(letter), title=TITLE[letter.severity], body_format="text"):
            raise UndeliveredError(REFUSED)


class ChatRobot:
    """Port Notifier by a robot of a chat group; `address` is its key.

    Args:
        kind: wecom, dingtalk or feishu.
        base: https:// address of a private server; empty: the service's own.
    """

    def __init__(self, kind: str, base: str = "") -> None:
        self._robot, self._base = ROBOTS[kind], base.rstrip("/")

    def send(self, address: str, letter: Letter) -> None:
        """Let the robot say it.

        Raises:
            UndeliveredError: it did not take it; the robot's own words say why.
        """
        url = f"{self._robot.plugin}://{quote(address, safe='@')}?{urlencode(PATIENCE)}"
        sender = _made(self._robot.plugin, self._robot.name, url)
        if self._base:
            path = self._robot.path.replace("{key}", quote(address)) if "{key}" in self._robot.path else None
            setattr(sender, self._robot.field, self._base + (path or self._robot.path))
        judge = _judge(type(sender).__module__, self._robot.code)
        judge.said = None
        if not sender.notify(body=_body(letter), body_format="text"):
            said = judge.said or "-"
            raise UndeliveredError(Pair(NO.zh.format(said), NO.en.format(said)))


def _body(letter: Letter) -> str:
    return f"{letter.zh}\n{letter.en}"


def _made(plugin: str, name: str, url: str) -> Any:
    """One of apprise's senders; all of them would take a second and a half to load, and these are enough."""
    found: Any = getattr(import_module(f"apprise.plugins.{plugin}"), name)
    given = found.parse_url(url)
    try:
        return found(**(given or {}))
    except TypeError as error:  # what it says of an address that is none
        raise UndeliveredError(REFUSED, gone=True) from error


class _Judge(threading.local):
    """Stands where a plugin says `requests`: these services answer 200 to what they do not take."""

    def __init__(self, library: ModuleType, code: str) -> None:
        self._library, self._code = library, code
        self.said: str | None = None
        """The service's own words, where it said no."""

    def post(self, *given: Any, **how: Any) -> Any:
        """As requests.post; an answer that says no is an error."""
        answer = self._library.post(*given, **how)
        try:
            found = json.loads(answer.content[:MOST_ANSWER])
            code = found.get(self._code, 0)
        except (ValueError, AttributeError):
            return answer
        if code:
            self.said = f"{code} {found.get('errmsg') or found.get('msg') or ''}"[:MOST_WORDS].strip()
            raise self._library.RequestException(self.said)
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library, name)


@cache
def _judge(module: str, code: str) -> _Judge:
    plugin: Any = sys.modules[module]
    plugin.requests = _Judge(plugin.requests, code)
    judge: _Judge = plugin.requests
    return judge
