"""A page that listens and never reads: the hub takes what devices say all the same, and others see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bench.screen import screen
from tests.bench.slow_page import signed_in, stuck, take
from tests.promises.market import Market, wait_for

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]
MESSAGES = 3000
"""More than the buffers between the hub and a page hold."""


def test_a_page_that_does_not_read_holds_up_nobody(tmp_path: Path) -> None:
    with Market(tmp_path) as market:
        market.start()
        with stuck(market, signed_in(market)), screen(market.url, ("listen",)) as person:
            take(market, MESSAGES)
            wait_for("somebody else sees it", lambda: person.told, 60)
