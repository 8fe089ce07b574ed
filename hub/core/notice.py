"""Whom a notice reaches by which way, when it may go, how often it is tried, and when it goes on unread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from hub.core.glossary import Pair
from hub.core.severity import P0, P1, P2, P3

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Way:
    """One kind of channel. Two ways of one `path` fail together; a way that is not `sure` is best effort."""

    path: str
    words: Pair
    sure: bool = True


WAYS: dict[str, Way] = {
    "push": Way("push", Pair("浏览器推送", "Web push"), sure=False),
    "sms": Way("telephone", Pair("短信", "Text message")),
    "voice": Way("telephone", Pair("语音电话", "Voice call")),
    "email": Way("mail", Pair("电子邮件", "E-mail")),
    "wecom": Way("wecom", Pair("企业微信机器人", "WeCom robot")),
    "dingtalk": Way("dingtalk", Pair("钉钉机器人", "DingTalk robot")),
    "feishu": Way("feishu", Pair("飞书机器人", "Feishu robot")),
}
BEST_EFFORT = Pair(
    "浏览器推送不保证送达：在中国大陆，不少手机连不上推送服务。请再登记短信、邮件或群机器人。",
    "Web push is best effort: many phones in mainland China cannot reach the push services. "
    "Add a text message, e-mail or a chat robot as well.",
)

_CHAT = ("wecom", "dingtalk", "feishu")
USES: dict[int, tuple[str, ...]] = {
    P0: tuple(WAYS),
    P1: ("push", "sms", "email", *_CHAT),
    P2: ("push", "email", *_CHAT),
    P3: ("email",),
}
"""Severity → the ways by which it goes, of those that a person has."""
INDEPENDENT = 2
"""So many paths that do not fail together an urgent notice needs."""

WAITS = frozenset({P2, P3})
"""Severities that wait for the end of a person's quiet hours; the others never do."""
USEFUL: dict[int, timedelta] = {
    P0: timedelta(minutes=30),
    P1: timedelta(hours=2),
    P2: timedelta(hours=12),
    P3: timedelta(hours=24),
}
"""So long after it may go a message is still tried; later it would only mislead."""
AGAIN: dict[int, tuple[int, ...]] = {
    P0: (3, 5, 10, 20, 40, 60),
    P1: (5, 10, 20, 60, 120, 300),
    P2: (30, 60, 300, 900, 1800),
    P3: (60, 300, 900, 3600),
}
"""Seconds between tries; the last one repeats."""

UNREAD: dict[int, timedelta] = {P0: timedelta(seconds=30), P1: timedelta(minutes=2)}
"""A notice that nobody of those told has read by then goes on to the next person."""
NEXT = ("leader", "lead", "manager", "liaison")
"""Who that is: the first of these who has not been told of it yet."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Somebody's wish not to be told: it has an owner, a reason and an end."""

    owner: str
    reason: str
    ends: datetime
    kind: str | None = None
    camera: str | None = None


@dataclass(frozen=True, slots=True)
class Hours:
    """Quiet hours: minutes of the market's own day, which may run over midnight."""

    begins: int
    ends: int

    def hold(self, minute: int) -> bool:
        """Whether they hold at this minute of the day."""
        if self.begins < self.ends:
            return self.begins <= minute < self.ends
        return minute >= self.begins or minute < self.ends


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes out by any way. `id` is the same at every try, so that who gets it twice can tell."""

    id: str
    severity: int
    zh: str
    en: str
    notice: str | None = None
    kind: str | None = None
    """Of the alert that it tells of."""
    url: str = "/phone"
    """Below the hub's own address."""


@dataclass(frozen=True, slots=True)
class Post:
    """The ways that lead from this hub to people."""

    kinds: frozenset[str] = frozenset()
    push_key: str = ""
    """VAPID public key, base64url."""
    push_hosts: frozenset[str] = frozenset()
    """Push services that are trusted besides the browsers' own."""


def should_notify(
    severity: int, kind: str, camera: str | None, silences: Iterable[Silence], now: datetime
) -> bool:
    """Whether anybody is to be told; asked on every path. No silence covers P0."""
    if severity == P0:
        return True
    return not any(
        now < silence.ends
        and silence.kind in (None, kind)
        and silence.camera in (None, camera)
        and (silence.kind or silence.camera)
        for silence in silences
    )


def goes_at(severity: int, quiet: Hours | None, zone: ZoneInfo, now: datetime) -> datetime:
    """The moment from which on it may go to somebody with these quiet hours; UTC where `now` is."""
    if quiet is None or severity not in WAITS:
        return now
    here = now.astimezone(zone)
    if not quiet.hold(here.hour * 60 + here.minute):
        return now
    ends = time(quiet.ends // 60, quiet.ends % 60)
    day = here.date() + timedelta(days=1 if here.time().replace(tzinfo=None) >= ends else 0)
    return datetime.combine(day, ends, zone).astimezone(now.tzinfo)


def again(severity: int, tries: int) -> timedelta:
    """How long to wait after so many tries."""
    steps = AGAIN[severity]
    return timedelta(seconds=steps[min(max(tries, 1), len(steps)) - 1])


def lacking(kinds: Collection[str]) -> Pair | None:
    """What somebody with these kinds of channels lacks for an urgent notice, in words; None: nothing."""
    paths = {WAYS[kind].path for kind in kinds}
    if len(paths) >= INDEPENDENT and any(WAYS[kind].sure for kind in kinds):
        return None
    if not paths:
        return Pair(
            "还没有登记通知渠道：紧急告警只能在打开的页面上看到。请至少登记两种不同的渠道。",
            "No channel is set up: an urgent alert shows on open pages only. Set up two of different kinds.",
        )
    return Pair(
        "只有一条渠道，断了就收不到紧急告警。请再登记一种不同的渠道（短信和语音算同一条）。",
        "There is one path only; when it fails, urgent alerts do not arrive. "
        "Set up another kind (text and voice count as one).",
    )
