"""Zones drawn at the hub: a new version for the edge, refused with a sentence, and what the edge says."""

from __future__ import annotations

import json
from math import cos, sin
from typing import TYPE_CHECKING, Any

import pytest

from hub.core import outline
from hub.service import order as orders
from tests.hub.api.conftest import KEY
from tests.hub.town import MARKET, NOON, actor, envelope
from wire.message import Beat, Reply, Twin

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.api.conftest import Someone

URL = "/api/scenes/c-3-1"
MASK = [[0.0, 0.0], [0.25, 0.0], [0.25, 0.5]]
YARD = {
    "id": "yard",
    "polygon": [[0.25, 0.25], [0.75, 0.25], [0.5, 0.75]],
    "rules": [{"kind": "linger", "seconds": 30}],
}
RING = [[round(0.5 + 0.4 * cos(n), 2), round(0.5 + 0.4 * sin(n), 2)] for n in range(15_000)]
"""As many corners as fit into what may be sent."""
BOW = {"id": "bow", "polygon": [[0, 0], [1, 1], [1, 0], [0, 1]], "rules": [{"kind": "linger"}]}


def put(one: Someone, drawn: object, match: int | None = 0, url: str = URL) -> Any:
    headers = {"X-CSRF": one.csrf} | ({"If-Match": f'"{match}"'} if match is not None else {})
    return one.request("PUT", url, content=json.dumps(drawn), headers=headers)


def shape(drawn: dict[str, Any]) -> tuple[Any, list[Any]]:
    return drawn["masks"], [(zone["id"], zone["rules"][0]["kind"]) for zone in drawn["zones"]]


def test_what_a_manager_draws_is_the_next_version_of_that_camera_alone(
    as_: Callable[[str], Someone],
) -> None:
    one = as_("zhou")
    before = one.get(URL).json()
    assert (before["version"], before["drawn"], before["told"], before["obeys"]) == (0, None, None, False)
    first = put(one, {"masks": [MASK], "zones": [YARD]})
    assert first.status_code == 200
    second = put(one, {"zones": [YARD]}, 1, "/api/scenes/c-3-2").json()
    assert (first.json()["version"], second["version"]) == (1, 2)
    kept = one.get(URL).json()
    assert shape(kept["drawn"]) == ([MASK], [("yard", "linger")])
    assert kept["drawn"]["zones"][0]["rules"][0]["seconds"] == 30
    assert kept["order"]["state"] == "queued"
    versions = one.get(f"{URL}/versions").json()
    assert [(row["version"], shape(row["drawn"])) for row in versions] == [(1, shape(kept["drawn"]))]


def test_null_lets_the_edges_own_file_hold_again_and_leaves_its_pace(as_: Callable[[str], Someone]) -> None:
    one = as_("zhou")
    config = "/api/devices/edge-1/config"
    headers = {"X-CSRF": one.csrf, "If-Match": "0"}
    fields = {"cameras": {"c-3-1": {"fps": 4, "zones": [YARD]}}}
    assert one.request("PUT", config, json=fields, headers=headers).status_code == 200
    shown = put(one, None, 1).json()
    assert (shown["drawn"], shown["version"]) == (None, 2)
    assert one.get(config).json()["desired"]["fields"]["cameras"]["c-3-1"]["fps"] == 4
    drawings = [row["drawn"] for row in one.get(f"{URL}/versions").json()]
    assert drawings[0] is None
    assert drawings[1] is not None


@pytest.mark.parametrize(
    ("drawn", "code", "words"),
    [
        ({"zones": [BOW]}, "scene.outline", "Zone bow: its outline crosses itself"),
        ({"masks": [BOW["polygon"]]}, "scene.outline", "Mask 1: its outline crosses itself"),
        ({"masks": [MASK[:2]]}, "scene.outline", "Mask 1: it needs at least 3 corners"),
        ({"zones": [YARD, YARD]}, "scene.shape", "zone 'yard' is there twice"),
        ({"zones": [YARD | {"rules": [{"kind": "line"}]}]}, "scene.shape", "needs a line"),
        ({"zones": [YARD | {"rules": [{"kind": "spying"}]}]}, "scene.shape", "spying"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_sentence(
    as_: Callable[[str], Someone], drawn: object, code: str, words: str
) -> None:
    answer = put(as_("zhou"), drawn)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert words in answer.json()["en"]


@pytest.mark.parametrize(
    "drawn",
    [
        {"masks": [RING]},
        {"zones": [YARD | {"polygon": RING}]},
        {"masks": [MASK] * 6_000},
    ],
    ids=["a mask", "a zone", "masks"],
)
def test_more_than_an_outline_holds_is_refused_by_its_length_before_its_sides_are_compared(
    as_: Callable[[str], Someone], drawn: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []
    monkeypatch.setattr(outline, "fault", lambda polygon: compared.append(len(polygon)))
    answer = put(as_("zhou"), drawn)
    assert (answer.status_code, answer.json()["code"]) == (422, "scene.shape")
    assert "length <=" in answer.json()["en"]
    assert compared == []


def test_who_was_slower_is_told_so(as_: Callable[[str], Someone]) -> None:
    one = as_("zhou")
    assert put(one, {"zones": [YARD]}).status_code == 200
    assert put(one, {"zones": []}, 0).status_code == 412
    assert put(one, {"zones": []}, None).status_code == 428


def test_what_the_edge_refuses_stands_on_the_page(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    one = as_("zhou")
    put(one, {"zones": [YARD]})
    with store.begin() as s:
        made = orders.configs(s, actor(s, "zhou"), "edge-1", None, 1)[0]
        said = Reply(to=made["id"], outcome="rejected", reason="this device has no camera c-3-1", version=1)
        orders.replied(s, MARKET, "edge-1", envelope(said), NOON)
    shown = one.get(URL).json()["order"]
    assert (shown["state"], shown["reason"]) == ("rejected", "this device has no camera c-3-1")


def test_what_an_edge_has_in_force_is_shown_beside_what_was_drawn(
    as_: Callable[[str], Someone], app: Any, store: sessionmaker[Session]
) -> None:
    told = {"masks": [MASK], "zones": [YARD]}
    url = "/edge/v1/scenes/{}"
    auth = ("edge-1", KEY)
    assert app.put(url.format("c-3-1"), json=told, auth=auth).status_code == 204
    assert app.put(url.format("c-3-1"), json=told | {"masks": []}, auth=auth).status_code == 204
    assert app.put(url.format("c-3-3"), json=told, auth=auth).status_code == 404
    assert app.put(url.format("c-3-1"), json={"zones": [{}]}, auth=auth).status_code == 422
    assert app.put(url.format("c-3-1"), json=told).status_code == 401
    with store.begin() as s:
        beat = Beat(uptime_s=1, rss_mb=1, queued=0, dropped=0, twin=Twin(version=0, firmware="0.1.0"))
        orders.reported(s, "edge-1", envelope(beat), NOON)
    shown = as_("zhou").get(URL).json()
    assert shape(shown["told"]) == ([], [("yard", "linger")])
    assert shown["obeys"]


def test_who_may_only_look_reads_why_they_may_not_draw(as_: Callable[[str], Someone]) -> None:
    shown = as_("lin").get(URL).json()
    assert shown["may"] == ["test", "replay"]
    assert "market manager" in shown["why"]["draw"]["en"]
    assert put(as_("lin"), {"zones": []}).status_code == 403
    assert as_("ji").get(URL).json()["may"] == ["draw"]
    assert as_("qiu").get(URL).status_code == 403


def test_every_kind_of_rule_comes_with_its_limits(as_: Callable[[str], Someone]) -> None:
    kinds = {kind["kind"]: kind for kind in as_("zhou").get("/api/rulebook").json()}
    assert len(kinds) == 10
    seconds = next(field for field in kinds["linger"]["fields"] if field["name"] == "seconds")
    assert (seconds["least"], seconds["most"], seconds["default"]) == (1, 86_400, 20)
