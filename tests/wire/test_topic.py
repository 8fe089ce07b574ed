from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wire import topic
from wire.message import Bad


@pytest.mark.parametrize("kind", sorted(topic.UP | topic.DOWN))
def test_a_topic_reads_as_it_was_built(kind: topic.Kind) -> None:
    built = topic.Topic("yunda", "edge-west", kind)
    assert str(built) == f"lf/v1/yunda/edge-west/{kind}"
    assert topic.read(str(built)) == built


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lf/v1/yunda/edge-west",
        "lf/v1/yunda/edge-west/gossip",
        "lf/v1/yunda/edge-west/event/more",
        "lf/v2/yunda/edge-west/event",
        "lf/v1/yunda/Edge-West/event",
        "lf/v1/yunda/-edge/event",
        "lf/v1/yunda/edge-/event",
        "lf/v1/yunda/+/event",
        "lf/v1/#",
        "lf/v1/yunda/edge-west/event\n",
        "lf/v1/yunda/边/event",
        "lf/v1//edge-west/event",
        f"lf/v1/yunda/{'e' * 65}/event",
        "$SYS/brokers",
    ],
)
def test_a_topic_that_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(Bad, match="not a topic of ours"):
        topic.read(text)


def test_the_hub_hears_what_goes_up_and_not_its_own_voice() -> None:
    heard = {text.rsplit("/", 1)[1] for text in topic.upward("yunda")}
    assert heard == topic.UP
    assert not heard & topic.DOWN


def test_a_device_speaks_below_its_own_name_only_and_never_gives_receipts() -> None:
    speaks = topic.may_publish("yunda", "edge-west")
    hears = topic.may_subscribe("yunda", "edge-west")
    assert hears.pop() == topic.pulse("yunda") == "lf/v1/yunda/hub/receipt"
    assert all(text.startswith("lf/v1/yunda/edge-west/") for text in speaks + hears)
    assert "lf/v1/yunda/edge-west/receipt" in hears
    assert not set(speaks) & set(hears)


@settings(max_examples=1000, deadline=None, database=None, derandomize=True)
@given(st.one_of(st.text(max_size=60), st.text("lf/v1-yundaevtsos+#", max_size=60)))
def test_any_other_text_is_refused_and_never_fatal(text: str) -> None:
    with pytest.raises(Bad):
        topic.read(text)
