"""A broker, an ear at it, the hub's HTTP door and an outbox, as most of the edge's tests need them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from edge.outbox import Outbox
from tests.edge.door import Door, door
from tests.edge.market import Hub, broker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hub.gear.broker import Broker


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    with broker(tmp_path_factory.mktemp("broker")) as one:
        yield one


@pytest.fixture
def hub(running: Broker) -> Iterator[Hub]:
    one = Hub(running)
    yield one
    one.close()


@pytest.fixture
def web() -> Iterator[Door]:
    with door() as one:
        yield one


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    one = Outbox(tmp_path / "outbox.sqlite")
    yield one
    one.close()
