"""What nobody sends in good faith: values by what they are to be put in, and whole bodies that are none."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field

HUGE = (2**63, -(2**63) - 1, 2**64, 10**40)
"""Whole numbers that no database column holds."""
NOT_TEXT = {
    "NUL": "\x00", "C0": "a\x1b[31m", "C1": "a\x85", "RTL override": "\u202egpj.exe", "isolate": "a\u2066b",
    "mark": "\u200fa", "BOM": "\ufeffa", "line separator": "a\u2028b", "half a character": "\ud83d",
}  # fmt: skip
NOT_EVEN_TEXT = {
    "number": 1, "true": True, "list": ["a"], "object": {"a": "a"}, "deep": json.loads("[" * 90 + "]" * 90),
}  # fmt: skip
NO_NUMBER = ("NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 400, '"NaN"', '"1"', "[]", "null")
"""As JSON would spell them."""
RAW = {
    "deep lists": b"[" * 20_000, "deep objects": b'{"a":' * 6_000, "NaN alone": b"NaN", "nothing": b"",
    "no UTF-8": b'{"kind":"\xff\xfe"}', "UTF-16": '{"kind":"theft"}'.encode("utf-16"), "null": b"null",
    "a long number": b'{"severity":' + b"9" * 5_000 + b"}", "half a character": b'{"kind":"\\ud800"}',
    "half a name": b'{"\\ud800":1}', "NUL in a name": b'{"\\u0000":1}', "cut": b'{"kind":"the',
    "a number": b"1", "a thousand names": json.dumps({f"n{n}": n for n in range(1000)}).encode(),
    "comment": b"{}//",
    "too much": b'{"kind":"' + b"a" * 70_000 + b'"}', "a name of 3,000": b'{"' + b"k" * 3000 + b'":1}',
}  # fmt: skip
MOMENTS = (
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0000-00-00T00:00:00Z", "2026-02-30T00:00:00Z",
    "2026-11-22T25:00:00Z", "2026-11-22T04:00:00", "1e999", "NaN", "-1", "9" * 30, "yesterday", "",
)  # fmt: skip
"""Times that no clock of ours shows, or that do not say whose."""
NUMBERS = (
    *map(str, HUGE), "-1", "0x10", "1e999", "NaN", "1.5", "٣٣٣٣", "", " ", "%00", "1,2", "9" * 5_000,
)  # fmt: skip
"""Where an address asks for a number."""
IDS = (
    *map(str, HUGE), "%00", "%0a", "%ff%fe", "%ed%a0%80", "%e2%80%aeid", "..%2f..%2fetc%2fpasswd", "%2e%2e",
    "'%20OR%201=1--", "a" * 5_000, "%3Cscript%3E", "${7*7}", "NaN", "%F0%9F%98%80",
)  # fmt: skip
"""Where an address asks for an id."""
URLS = (
    "http://169.254.169.254/latest", "file:///etc/passwd", "gopher://a", "concat:/etc/passwd|a",
    "tcp:10.0.0.1:6379", "pipe:0", "data:text/plain,a", "unix:/run/a", "http:10.0.0.1",
    "ftp://a", "udp://239.0.0.1:1", "RTSP+http://a",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """Section of the table → what became of what was tried."""

    tried: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def note(self, section: str, *, refused: bool) -> None:
        self.tried[section]["refused" if refused else "taken"] += 1

    def __str__(self) -> str:
        whole = sum(self.tried.values(), Counter[str]())
        return "\n".join(_said(name, seen) for name, seen in [*self.tried.items(), ("in all", whole)])


def _said(name: str, seen: Counter[str]) -> str:
    refused, taken = seen["refused"], seen["taken"]
    return f"{name}: {seen.total()} tried, {refused} refused, {taken} taken, {refused + taken} accounted for"
