from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from hub.ingest.batch import Batch
from hub.ingest.count import Counts
from hub.ingest.letter import read
from hub.ports import Heard
from tests.hub.town import MARKET, NOON, event
from wire.message import encode

if TYPE_CHECKING:
    import pytest
    from sqlalchemy.orm import Session


def heard(seq: int, **more: Any) -> Heard:
    said = msgspec.structs.replace(event(**more), seq=seq)
    return Heard(f"lf/v1/{MARKET}/edge-1/event", encode(said))


def test_what_was_committed_is_counted_timed_and_named_in_one_line(
    s: Session, caplog: pytest.LogCaptureFixture
) -> None:
    counts = Counts()
    batch = Batch(s, MARKET, NOON + timedelta(seconds=3))
    letters = [heard(1), heard(2, zone="gate"), heard(3, phase="update"), heard(1)]
    letters += [replace(letters[0], data=b"{")]
    batch.settle([read(one, (MARKET,)) for one in letters])
    with caplog.at_level(logging.INFO, "hub.ingest"):
        counts.add([batch], len(letters), 0, 0.02)
    assert (counts.taken, counts.repeated, counts.dead, counts.batches) == (3, 1, 1, 1)
    assert (counts.sizes.sum, counts.seconds.sum, counts.lags.sum) == (5.0, 0.02, 9.0)
    (line,) = (vars(one) for one in caplog.records if one.message == "committed")
    assert [(one["device"], one["seq"]) for one in line["events"]] == [("edge-1", 1), ("edge-1", 2)]
    first = read(letters[0], (MARKET,)).said
    assert line["events"][0]["event_id"] == getattr(first.body, "event", "")
    assert line["events"][0]["epoch"] == first.epoch


def test_nothing_that_begins_is_no_line(s: Session, caplog: pytest.LogCaptureFixture) -> None:
    batch = Batch(s, MARKET, NOON)
    batch.settle([read(heard(1, phase="end"), (MARKET,))])
    with caplog.at_level(logging.INFO, "hub.ingest"):
        Counts().add([batch], 1, 0, 0.0)
    assert caplog.records == []
