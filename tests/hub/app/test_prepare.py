"""A hub that starts beside its database server, as both do after a power cut."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

import pytest

from hub.app.ground import HubError
from hub.app.prepare import await_server
from hub.store.base import engine
from tests.conftest import ended
from tests.hub.gear.listener import eventually

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.postgres
def test_a_hub_that_comes_before_its_database_waits_for_it(
    postgres: Callable[[], str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    on = engine(postgres())
    where = tmp_path / "server"
    late = engine(on.url.update_query_dict({"host": str(where)}).render_as_string(hide_password=False))
    waits = Thread(target=await_server, args=(late,))
    waits.start()
    assert eventually(lambda: "waiting for the database" in caplog.text)
    assert waits.is_alive()
    where.symlink_to(str(on.url.query["host"]), target_is_directory=True)
    assert ended(waits)
    with late.connect():
        pass
    late.dispose()


def test_a_database_that_never_answers_is_told_in_a_sentence(tmp_path: Path) -> None:
    nobody = engine(f"postgresql+psycopg://nobody@/x?host={tmp_path}")
    with pytest.raises(HubError, match="LIANFANG_DATABASE"):
        await_server(nobody, 0.0)
