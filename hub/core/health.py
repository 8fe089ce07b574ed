"""What a hub leans on, and the sentence for each when it does not work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hub.core.glossary import Pair

if TYPE_CHECKING:
    from collections.abc import Mapping

STALLED_SECONDS = 15.0
"""So long a door may take for one turn, which is over in a second otherwise, before it counts as stalled."""
STUCK_SECONDS = 120.0
"""A door that has not turned for so long will not go on by itself: the process has to be started again.
Longer than a locked database is waited for."""

WORDS = {
    "database": Pair(
        "数据库没有应答，数据暂时无法保存。", "The database does not answer, so nothing can be kept."
    ),
    "broker": Pair(
        "与消息服务器的连接中断，收不到设备的消息。",
        "The connection to the broker is gone, so no device is heard.",
    ),
    "ingest": Pair(
        "消息接收停滞，设备的消息尚未处理。",
        "Taking messages has stalled, so what devices say is not acted on.",
    ),
    "timer": Pair(
        "定时任务停滞，超时与升级不会触发。",
        "The timer has stalled, so deadlines and escalations do not come.",
    ),
    "orders": Pair(
        "指令下达停滞，设备收不到配置和指令。",
        "Telling devices has stalled, so no command or configuration reaches them.",
    ),
    "courier": Pair(
        "通知投递停滞，短信、邮件、推送发不出去。",
        "Carrying notices has stalled, so no message, e-mail or push goes out.",
    ),
    "feed": Pair("页面更新停滞。", "The pages' feed has stalled, so walls show what was."),
    "disk": Pair(
        "磁盘空间即将用尽，请立即清理。",
        "The disk is nearly full: free space now, before alarms cannot be kept.",
    ),
    "media": Pair("图片与录像存储没有应答。", "The store of stills and clips does not answer."),
}
"""Part → what it means that it does not work, for whoever looks after the hub."""
UNKNOWN = Pair("此部分不工作。", "This part does not work.")


@dataclass(frozen=True, slots=True)
class Trouble:
    """A part that does not work."""

    part: str
    zh: str
    en: str


def troubles(found: Mapping[str, bool]) -> tuple[Trouble, ...]:
    """What does not work, in words."""
    ill = [part for part, works in found.items() if not works]
    return tuple(Trouble(part, WORDS.get(part, UNKNOWN).zh, WORDS.get(part, UNKNOWN).en) for part in ill)
