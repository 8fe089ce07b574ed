"""One name leads from what the edge promised through its log to the hub's."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from edge.outbox import Outbox
from edge.spool import Spool
from edge.tell import Teller
from wire.message import Sos, new_id

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_promise_is_logged_with_the_names_by_which_the_hub_knows_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    said: list[Any] = []
    teller = Teller(
        "edge-west", outbox, Spool(tmp_path / "spool"), said=lambda: said.append(1), kept=lambda: None
    )
    call = new_id()
    with caplog.at_level(logging.INFO, "edge.tell"):
        teller.put(Sos(call, "panic"))
    outbox.close()
    (line,) = (vars(one) for one in caplog.records if one.message == "promised")
    assert (line["kind"], line["event_id"]) == ("sos", call)
    assert (line["epoch"], line["seq"]) == (outbox.epoch, 1)
    assert said == [1]
