"""How grave a signal is: a table of kind and trust, kept as data."""

from __future__ import annotations

P0, P1, P2, P3 = range(4)

TRUST = ("low", "normal", "high")
"""high: a second sensor, an owner's model above its measured precision, or a limit passed twice over."""

TABLE: dict[str, tuple[int, int, int]] = {
    "fire": (P1, P1, P0),
    "smoke": (P1, P1, P0),
    "panic": (P0, P0, P0),
    "medical": (P0, P0, P0),
    "help": (P1, P1, P1),
    "intrusion": (P2, P1, P1),
    "line": (P2, P2, P1),
    "covered": (P2, P2, P2),
    "lost": (P2, P2, P2),
    "frozen": (P2, P2, P2),
    "dark": (P2, P2, P2),
    "gap": (P2, P2, P2),
    "canary": (P2, P2, P2),
    "missed": (P2, P2, P1),
    "late": (P3, P3, P3),
    "lone": (P1, P1, P0),
    "crowd": (P2, P2, P1),
    "blocked": (P2, P2, P1),
    "left": (P2, P2, P2),
    "removed": (P2, P2, P2),
    "linger": (P2, P2, P2),
    "vehicle": (P2, P2, P2),
    "defocused": (P3, P3, P3),
    "moved": (P3, P3, P3),
    "dazzled": (P3, P3, P3),
    "hole": (P3, P3, P3),
    "clock": (P3, P3, P3),
}
"""kind → severity at low, normal and high trust."""

BLINDS = frozenset({"covered", "lost", "frozen", "dark"})
"""Kinds that blind a camera: P1 where the camera is critical."""

BUTTON: dict[str, str] = {"panic": "panic", "help": "help", "fire": "fire", "medical": "medical"}
"""Button of an SOS → kind of its alert."""

CONFIRMED: dict[str, int] = {"fire": P0, "smoke": P0}
"""What a person's own eyes make of it: a confirmed fire is urgent whatever the detector thought."""

CASE: dict[str, int] = {
    **{kind: row[1] for kind, row in TABLE.items()},
    "violence": P0,
    "theft": P1,
    "hazard": P2,
    "dispute": P2,
    "lost_found": P3,
    "facility": P3,
    "rectification": P3,
    "other": P3,
}
"""Severity of a case that a person reports without saying how grave it is."""


def grade(kind: str, trust: str, *, critical: bool = False) -> int:
    """0 (P0) to 3 (P3) for a signal; `critical` tells of its camera.

    Raises:
        KeyError: the kind or trust is none of ours; the wire has already refused those.
    """
    found = TABLE[kind][TRUST.index(trust)]
    return min(found, P1) if critical and kind in BLINDS else found
