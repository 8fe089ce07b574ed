"""What a terminal is told: the example is good, and a slip is answered with what to write instead."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from edge.__main__ import main
from edge.config import ConfigError, load_terminal
from edge.patrol.terminal import Terminal

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "firmware_configs" / "patrols" / "patrol-01.yaml"


def test_the_example_is_good_and_shows_everything_that_hangs_on_a_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = load_terminal(EXAMPLE, {})
    assert told.device == EXAMPLE.stem
    assert {one.reads for one in told.patrol.readers} == {"nfc", "qr"}
    assert any(one.keyboard for one in told.patrol.readers)
    assert any(one.serial for one in told.patrol.readers)
    assert told.patrol.gps
    assert told.patrol.panic
    assert all(getattr(told.patrol.sounds, name) for name in told.patrol.sounds.__struct_fields__)
    assert main(["config", "check", str(EXAMPLE)]) == 0
    assert capsys.readouterr().out == (
        f"{EXAMPLE}: good: patrol-01, a patrol terminal, 2 readers, 1 keys that call for help\n"
    )


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ("serial: /dev/serial/by-id/usb-code-reader-if00, ", "", "either a `keyboard` or `serial`"),
        ("reads: qr, serial", "reads: qr, keyboard: /dev/a, serial", "either a `keyboard` or `serial`"),
        ("reads: nfc", "reads: rfid", "`rfid` is none of ours; known here: nfc, qr"),
        ("key: KEY_F12", "key: F12", r"patrol\.panic\[0\]\.key"),
        ("/dev/input/by-id/usb-tag-reader-event-kbd", "COM3", r"patrol\.readers\[0\]\.keyboard"),
        ("seconds: 1}", "seconds: 60}", r"patrol\.panic\[0\]\.seconds: give a number of at most 10"),
        ("  gps:", "  gsp:", "unknown key `gsp`; did you mean `gps`?"),
    ],
)
def test_a_slip_is_answered_with_what_to_write(tmp_path: Path, right: str, wrong: str, sentence: str) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert right in text
    file = tmp_path / "patrol.yaml"
    file.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=sentence):
        load_terminal(file, {})


def test_a_terminal_with_nothing_on_it_is_refused(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    file = tmp_path / "patrol.yaml"
    file.write_text(text[: text.index("patrol:\n")] + "patrol: {}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="nothing to read and nothing to press"):
        load_terminal(file, {})


def python(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_a_terminal_needs_no_library_for_pictures() -> None:
    heavy = "{'cv2', 'av', 'numpy', 'serial', 'evdev'}"
    ask = f"import sys; import edge.patrol.terminal; print({heavy} & set(sys.modules))"
    assert python("-c", ask).stdout == "set()\n"


@pytest.mark.parametrize(("library", "what"), [("serial", "a serial reader"), ("evdev", "a keyboard")])
def test_without_its_library_a_reader_is_refused_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str, what: str
) -> None:
    for own in ("edge.patrol.port", "edge.patrol.keys"):
        monkeypatch.delitem(sys.modules, own, raising=False)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ConfigError) as refused:
        Terminal(load_terminal(EXAMPLE, {"LF_DATA": str(tmp_path)}), "key")
    assert str(refused.value) == (
        f"{what} is configured and {library} is not installed; run: pip install 'lianfang[patrol]'"
    )


def test_without_its_key_it_says_where_to_get_one(tmp_path: Path) -> None:
    done = python("-m", "edge", "run", "--config", str(EXAMPLE), LF_DATA=str(tmp_path))
    assert done.returncode == 2
    assert "patrol-01.key: the device's key cannot be read" in done.stderr
