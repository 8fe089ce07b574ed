from __future__ import annotations

import json
import os
import pty
import subprocess
import sys

from edge.log import safe

SAYS = """
import logging
from edge.log import set_up
set_up()
log = logging.getLogger("edge.test")
log.info("camera %s\\nof two lines", "rtsp://guard:s3cret@10.0.0.7/sub", extra={"event_id": "e-1"})
log.debug("too quiet")
try:
    raise OSError("nobody at rtsp://guard:s3cret@10.0.0.7")
except OSError:
    log.exception("stumbled")
"""


def test_a_password_is_never_logged() -> None:
    assert safe("open rtsp://guard:s3cret@10.0.0.7/a and mqtt://x:y@h") == (
        "open rtsp://guard:***@10.0.0.7/a and mqtt://x:***@h"
    )
    assert safe("http://10.0.0.7:8080/a at 12:30") == "http://10.0.0.7:8080/a at 12:30"


def test_each_happening_is_one_line_of_json_even_an_exception() -> None:
    done = subprocess.run([sys.executable, "-c", SAYS], capture_output=True, text=True, check=True)
    first, second = map(json.loads, done.stderr.splitlines())
    assert "s3cret" not in done.stderr
    assert first.pop("timestamp").endswith("Z")
    assert first == {
        "level": "info",
        "logger": "edge.test",
        "event": "camera rtsp://guard:***@10.0.0.7/sub\nof two lines",
        "event_id": "e-1",
    }
    assert second["event"] == "stumbled"
    assert second["exception"] == "OSError('nobody at rtsp://guard:***@10.0.0.7') at <string>:9"


def test_a_person_reads_words() -> None:
    here, there = pty.openpty()
    done = subprocess.run([sys.executable, "-c", SAYS], stderr=there, check=True)
    os.close(there)
    text = os.read(here, 10_000).decode()
    os.close(here)
    assert done.returncode == 0
    first, second = text.splitlines()
    time, level, name, words = first.split(" ", 3)
    assert (level, name, time[-1]) == ("INFO", "edge.test:", "Z")
    assert words == "camera rtsp://guard:***@10.0.0.7/sub | of two lines event_id=e-1"
    assert "ERROR edge.test: stumbled: OSError(" in second
