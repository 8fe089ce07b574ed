"""What a message says, by whatever way it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.core.glossary import KIND, SEVERITY, Pair
from hub.core.notice import Letter
from hub.store.alert import Alert

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

    from hub.store.notify import Delivery
    from hub.store.supervise import Notice


def letter(row: Delivery, notice: Notice | None, zone: ZoneInfo) -> Letter:
    """A notice in the market's own time; without one, a code or a test."""
    if notice is None:
        said = PLAIN[row.purpose]
        return Letter(row.id, row.severity, said.zh, said.en)
    level, at = SEVERITY[notice.severity], f"{notice.at.astimezone(zone):%H:%M}"
    zh, en = f"【{level.zh}】{at} {notice.words_zh}", f"[{level.en}] {at} {notice.words_en}"
    return Letter(row.id, row.severity, zh, en, notice.id, url=f"/phone#/notices/{notice.id}")


def alarm(s: Session, row: Delivery) -> Letter:
    """What a siren sounds for."""
    alert = s.get_one(Alert, (row.subject or "").removeprefix("alert/"))
    kind = KIND[alert.kind]
    zh, en = f"{alert.place_zh} {kind.zh}", f"{kind.en}, {alert.place_en}"
    return Letter(row.id, row.severity, zh, en, kind=alert.kind)


PLAIN: dict[str, Pair] = {
    "code": Pair("联防验证码：{code}，10 分钟内有效。", "Lianfang code: {code}, good for 10 minutes."),
    "test": Pair("联防试发：这条渠道能收到通知。", "Lianfang test: this channel receives notices."),
}
"""Purpose → what it says, where it tells of no notice; {code} is filled in by the courier."""
