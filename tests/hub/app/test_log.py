from __future__ import annotations

import json
import subprocess
import sys

from tests.hub.app.running import ROOT

SAYS = """
import logging, structlog
from hub.app import log
log.set_up("info")
said = logging.getLogger("hub.market")
with structlog.contextvars.bound_contextvars(request="night-1"):
    said.info("taken into %s", "A-1", extra={"event_id": "e-1"})
said.debug("too quiet")
try:
    raise OSError("no room")
except OSError:
    said.exception("stumbled\\nagain")
"""


def test_each_happening_is_one_line_of_json_with_what_was_bound_on_its_way() -> None:
    done = subprocess.run([sys.executable, "-c", SAYS], cwd=ROOT, capture_output=True, text=True, check=True)
    first, second = map(json.loads, done.stderr.splitlines())
    moment = first.pop("timestamp")
    assert moment.endswith("Z")
    assert first == {
        "event": "taken into A-1",
        "event_id": "e-1",
        "level": "info",
        "logger": "hub.market",
        "request": "night-1",
    }
    assert second["event"] == "stumbled\nagain"
    assert "OSError: no room" in second["exception"]
    assert "request" not in second
