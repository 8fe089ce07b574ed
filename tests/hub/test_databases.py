"""The databases that tests are given are closed whole."""

from __future__ import annotations

import gc
from threading import Timer
from typing import TYPE_CHECKING

import pytest

from hub.store.base import engine
from tests.hub.conftest import let_go

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.postgres
def test_a_connection_that_a_thread_brings_back_late_is_closed(postgres: Callable[[], str]) -> None:
    opened = engine(postgres())
    out = opened.connect()
    late = Timer(0.1, out.close)
    late.start()
    let_go(opened)
    assert out.closed
    late.join()
    del out, late
    gc.collect()
