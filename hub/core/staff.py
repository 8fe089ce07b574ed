"""Posts, certificates and what each takes; armbands and contacts by their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.core.glossary import Pair

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

POST: dict[str, Pair] = {
    "guard": Pair("保安", "Guard"),
    "monitor": Pair("监控员", "Monitor"),
    "dispatcher": Pair("派遣员", "Dispatcher"),
    "desk": Pair("受理核查员", "Desk clerk"),
    "leader": Pair("网格长", "Grid leader"),
    "manager": Pair("管理员", "Manager"),
    "volunteer": Pair("信息员", "Volunteer"),
}
CERTIFICATE: dict[str, Pair] = {
    "cctv": Pair("监控岗位证", "Certificate for watching cameras"),
    "guard": Pair("保安员证", "Guard's certificate"),
    "fire": Pair("消防培训", "Fire training"),
    "first_aid": Pair("急救培训", "First aid training"),
    "drill": Pair("应急演练", "Emergency drill"),
}
ARMBAND: dict[str, Pair] = {
    "stored": Pair("在库", "In store"),
    "issued": Pair("已发放", "Issued"),
    "lost": Pair("已挂失", "Lost"),
    "retired": Pair("已停用", "Retired"),
}
CONTACT: dict[str, Pair] = {
    "owner": Pair("负责人", "Owner"),
    "keeper": Pair("店员", "Shop assistant"),
    "night": Pair("夜间联系人", "Night contact"),
    "fire": Pair("消防联系人", "Fire contact"),
}
ACCESS: dict[str, Pair] = {
    "live": Pair("实时画面", "Live pictures"),
    "still": Pair("告警截图", "Stills"),
    "playback": Pair("回放", "Playback"),
    "export": Pair("导出", "Export"),
    "contact": Pair("联系人", "Contact"),
}
NEEDS_CCTV = frozenset({"monitor"})
"""Posts whose duty is to watch cameras."""
NEEDS_GUARD = frozenset({"guard"})
"""Certificates of which a lapsed one keeps a guard off the roster until it is renewed."""
HEADS = frozenset({"fire"})
"""Training by which somebody besides the grid's leaders may head a night."""
SOON_DAYS = 30
"""So long before its end a certificate is said to end soon."""


def standing(ends: date | None, today: date) -> str:
    """valid, soon or lapsed."""
    if ends is None:
        return "valid"
    if ends < today:
        return "lapsed"
    return "soon" if (ends - today).days < SOON_DAYS else "valid"


def is_barred(post: str, cctv_ends: Iterable[date | None], today: date) -> bool:
    """Whether somebody may not watch cameras: all their certificates have lapsed, or their post needs one.

    Somebody of another post who never had a certificate is not barred by it: their role alone decides.
    """
    ends = list(cctv_ends)
    if not ends:
        return post in NEEDS_CCTV
    return all(standing(one, today) == "lapsed" for one in ends)
