from __future__ import annotations

import logging
import subprocess
import sys

from edge.log import safe

SAYS = """
import logging
from edge.log import set_up
set_up()
log = logging.getLogger("edge.test")
log.info("camera %s\\nof two lines", "rtsp://guard:s3cret@10.0.0.7/sub")
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


def test_each_happening_is_one_line_in_utc_even_an_exception() -> None:
    done = subprocess.run([sys.executable, "-c", SAYS], capture_output=True, text=True, check=True)
    lines = done.stderr.splitlines()
    assert len(lines) == 2
    assert "s3cret" not in done.stderr
    time, level, name, words = lines[0].split(" ", 3)
    assert (level, name, time[-1]) == ("INFO", "edge.test:", "Z")
    assert words == "camera rtsp://guard:***@10.0.0.7/sub | of two lines"
    assert (
        "ERROR edge.test: stumbled: OSError('nobody at rtsp://guard:***@10.0.0.7') at <string>:9" in lines[1]
    )
    assert logging.getLogger("edge.test").handlers == []
