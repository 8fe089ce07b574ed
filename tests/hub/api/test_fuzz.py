"""Whatever is asked, nobody gets a 5xx and everybody gets an answer of the one shape."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.api.build import build
from hub.core.case import Act

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.hub.api.conftest import Someone


@cache
def routes() -> list[tuple[str, str]]:
    """Path and method of each; described once it is needed, which takes a second."""
    paths: dict[str, dict[str, Any]] = build(None, Path("nowhere")).openapi()["paths"]
    return [
        (path, method)
        for path, methods in paths.items()
        for method in methods
        if path not in {"/api/feed", "/api/session"} and not path.startswith("/edge")
    ]


NASTY = [
    "", " ", "0", "-1", "1e999", "NaN", "null", "true", str(2**63), str(-(2**63) - 1), "9" * 40, "1.5",
    "a" * 64, "a" * 5000, "../../etc/passwd", "..\\..", "%2e%2e", "\x00", "\n", "\u202e", "\ufeff", "😀",
    "<script>", "${7*7}", "{{7*7}}", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-22",
    "2026-11-22T04:00:00", "case", "crew/crew-1", "c-3-1", "light", "119", *Act,
]  # fmt: skip
words = st.one_of(st.sampled_from(NASTY), st.text(max_size=40))
leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), words)
values = st.recursive(
    leaves, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3))
)
names = st.sampled_from(
    ["version", "text", "severity", "kind", "place", "grid", "x", "y", "reason", "number", "alert", "case",
     "unit", "result", "until", "granted", "root", "feedback", "gone", "told", "media", "channel"]
)  # fmt: skip
bodies = st.one_of(st.dictionaries(names, values, max_size=6), values)
queries = st.dictionaries(
    st.sampled_from(["stage", "mine", "q", "before", "limit", "state", "after", "x"]), words, max_size=3
)


requests = st.fixed_dictionaries(
    {
        "route": st.deferred(lambda: st.sampled_from(routes())),
        "parts": st.lists(words, min_size=2, max_size=2),
        "real": st.booleans(),
        "query": queries,
        "body": bodies,
        "person": st.sampled_from(["he", "zhou", "lin", "qiu"]),
    }
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=requests)
def test_nothing_that_is_sent_makes_the_hub_fail(
    as_: Callable[[str], Someone], alarm: Callable[..., str], asked: dict[str, Any]
) -> None:
    (path, method), parts, client = asked["route"], asked["parts"], as_(asked["person"])
    if asked["real"]:
        opened = client.get("/api/cases").json()
        parts = [opened[0]["id"] if opened and "cases" in path else alarm(), *parts[1:]]
    for part in parts:
        head, brace, tail = path.partition("{")
        path = head + quote(part, safe="") + tail.partition("}")[2] if brace else path
    sends = {} if method == "get" else {"content": json.dumps(asked["body"]).encode()}
    headers = {"X-CSRF": client.csrf, "Content-Type": "application/json"}
    answer = client.request(method.upper(), path, params=asked["query"], headers=headers, **sends)
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert set(answer.json()) == {"code", "en", "zh"}
