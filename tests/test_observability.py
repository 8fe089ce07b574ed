"""Dashboard and alarms ask only for figures that hub and edge give; the operator's page explains them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import msgspec
import promql_parser
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from edge.agent import Agent
from edge.config.gb28181 import AboveConfig, BelowConfig, ChannelConfig, DevicesConfig, Gb28181Config
from tests.edge.market import KEY, config
from tests.edge.scene import Pointer, StillEye, watched
from tests.hub.app.running import Running
from tests.hub.gear.listener import Listener, eventually
from tests.hub.said import event
from wire.message import Beat, Clock, Envelope, encode, new_id

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "deploy" / "observability"
DASHBOARD: dict[str, Any] = json.loads((FOLDER / "grafana.json").read_text())
ALARMS = yaml.safe_load((FOLDER / "alarms.yml").read_text())["groups"][0]["rules"]
ASKED = {
    **{
        f"{panel['title'].partition(' · ')[2]} {target['refId']}": target["expr"]
        for panel in DASHBOARD["panels"]
        for target in panel.get("targets", ())
    },
    **{rule["alert"]: rule["expr"] for rule in ALARMS},
}
PROMETHEUS = {"up": {"job", "instance"}}
"""What Prometheus itself knows; it also gives every figure these two labels."""


def selectors(expression: str) -> Iterator[promql_parser.VectorSelector]:
    """Every figure that a query names."""
    found: list[promql_parser.VectorSelector] = []
    waiting: list[Any] = [promql_parser.parse(expression)]
    while waiting:
        one = waiting.pop()
        if isinstance(one, promql_parser.VectorSelector):
            found.append(one)
        for name in ("expr", "lhs", "rhs", "vector_selector", "args", "param"):
            inner = getattr(one, name, None)
            waiting += inner if isinstance(inner, list) else [inner] if inner is not None else []
    yield from found


def given(text: str) -> dict[str, set[str]]:
    """Figure → its labels."""
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What a running hub and an edge tell, once a device was heard and a page was asked for."""
    folder = tmp_path_factory.mktemp("figures")
    with Running(folder / "data") as hub:
        key = (folder / "data" / "keys" / "edge-west.key").read_text().strip()
        west = Listener(hub.mqtt_port, "edge-west", key)
        now, epoch = datetime.now(UTC), new_id()
        beat = Envelope("1.0", new_id(), "edge-west", epoch, now, 1, Clock("ntp"), "p3", Beat(1, 1, 0, 0))
        west.say("lf/v1/yunda/edge-west/event", event(epoch, 1))
        west.say("lf/v1/yunda/edge-west/beat", encode(beat))

        def told() -> dict[str, set[str]]:
            return given(httpx2.get(f"{hub.ready['url']}/metrics").text)

        assert eventually(lambda: "lianfang_device_silent_seconds" in told())
        of_hub = told()
        west.leave()
    return PROMETHEUS | of_hub | of_edge(folder)


def of_edge(folder: Path) -> dict[str, set[str]]:
    """What an edge with one camera tells, and with a platform above and a recorder below."""
    told = msgspec.structs.replace(
        config(folder, 1, 1, watched()), metrics="127.0.0.1:0", gb28181=bridge(folder)
    )
    agent = Agent(told, KEY, Pointer(), open_eye=lambda camera, clips: StillEye(camera.id, clips))
    assert agent.metrics is not None
    agent.metrics.start()
    answer = httpx2.get(f"http://127.0.0.1:{agent.metrics.port}/metrics")
    agent.metrics.stop()
    agent.outbox.close()
    return given(answer.text)


@pytest.mark.parametrize("name", ASKED)
def test_a_query_names_only_figures_and_labels_that_there_are(
    name: str, figures: dict[str, set[str]]
) -> None:
    wanted = list(selectors(ASKED[name]))
    assert wanted
    for one in wanted:
        assert one.name in figures, one.name
        labels = {matcher.name for matcher in one.matchers.matchers}
        assert labels <= figures[one.name] | {"job", "instance"}, one.name


def test_legends_name_labels_that_the_query_keeps(figures: dict[str, set[str]]) -> None:
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", ()):
            there = {"instance"}.union(*(figures[str(one.name)] for one in selectors(target["expr"])))
            assert set(re.findall(r"{{(\w+)}}", target["legendFormat"])) <= there, panel["title"]


def bridge(folder: Path) -> Gb28181Config:
    """Nobody speaks: the agent is never started."""
    key = folder / "password"
    key.write_text("unused", encoding="utf-8")
    channel = ChannelConfig("c-2-01", "34020000001320000001", "东门")
    above = AboveConfig("34020000002000000001", "127.0.0.1", "34020000001180000007", str(key), (channel,))
    device = BelowConfig("34020000001110000001", str(key))
    below = DevicesConfig("34020000002000000002", ("127.0.0.0/8",), (device,))
    return Gb28181Config("127.0.0.1:0", (above,), below)


def test_a_planted_name_is_found() -> None:
    (one,) = selectors("sum(rate(lianfang_nothing_total[5m])) > 1")
    assert one.name == "lianfang_nothing_total"


def test_every_panel_has_a_place_of_its_own_and_a_name_in_both_languages() -> None:
    numbers = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(numbers)) == len(numbers)
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells
        assert re.search(r"[\u4e00-\u9fff].* · [A-Z]", panel["title"]), panel["title"]


@pytest.mark.parametrize("rule", ALARMS, ids=lambda rule: rule["alert"])
def test_every_alarm_is_explained_to_the_operator(rule: dict[str, Any]) -> None:
    page = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert re.search(r"[\u4e00-\u9fff]", rule["annotations"]["summary"])
    assert re.search(rf"^\| `{rule['alert']}` \|[^|]{{20,}}\|[^|]{{20,}}\|$", page, re.MULTILINE)


def test_the_page_explains_no_alarm_that_is_gone() -> None:
    page = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    section = page.partition("## Alarms")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == {rule["alert"] for rule in ALARMS}


def test_every_figure_that_the_hub_names_is_on_the_page_or_on_the_dashboard(
    figures: dict[str, set[str]],
) -> None:
    shown = {str(one.name) for expression in ASKED.values() for one in selectors(expression)}
    page = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    plain = {
        re.sub(r"_(bucket|count|sum|total)$", "", name) for name in figures if name.startswith("lianfang_")
    }
    named = {re.sub(r"_(bucket|count|sum|total)$", "", name) for name in shown}
    unseen = {name for name in plain - named if f"`{name}`" not in page and "_process_" not in name}
    assert unseen == set()
