from __future__ import annotations

from pathlib import Path

import pytest

from edge import config
from edge.__main__ import main
from edge.bridge.gb28181.build import build
from edge.config import ConfigError
from tests.edge.test_config import GOOD as EDGE

SHIPPED = Path(__file__).parents[4] / "firmware_configs" / "bridges" / "gb28181.yaml"
BRIDGE = """
listen: 127.0.0.1:0
above:
  - platform: "34020000002000000001"
    host: district.example
    code: "34020000001180000007"
    password_file: keys/district.key
    cameras: [{camera: c-2-01, code: "34020000001320000001", name: 东门}]
below:
  code: "34020000002000000007"
  networks: [10.0.5.0/24]
  devices:
    - code: "34020000001110000001"
      password_file: keys/recorder.key
      cameras: [{code: "34020000001320000002", camera: c-9-01}]
      inputs: [{code: "34020000001340000001", camera: c-9-01, kind: smoke}]
"""


def written(folder: Path, bridge: str, name: str = "district") -> Path:
    for room in ("edges", "bridges"):
        (folder / room).mkdir()
    (folder / "bridges" / "district.yaml").write_text(bridge, encoding="utf-8")
    edge = folder / "edges" / "edge.yaml"
    edge.write_text(f"{EDGE}\ngb28181: {name}\n", encoding="utf-8")
    return edge


def test_the_shipped_bridge_is_good(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "check", str(SHIPPED)]) == 0
    assert "1 platforms above, 1 devices below" in capsys.readouterr().out


def test_an_edge_names_its_bridge(tmp_path: Path) -> None:
    told = config.load(written(tmp_path, BRIDGE)).gb28181
    assert told is not None
    assert told.below is not None
    assert (told.above[0].keepalive, told.above[0].edition, told.below.devices[0].algorithm) == (
        60.0,
        "2016",
        "MD5",
    )
    assert config.load(written_without(tmp_path)).gb28181 is None


def written_without(folder: Path) -> Path:
    edge = folder / "edges" / "quiet.yaml"
    edge.write_text(EDGE, encoding="utf-8")
    return edge


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ('platform: "34020000002000000001"', "platform: 3402", "give a text here, not a whole number"),
        (
            'platform: "34020000002000000001"',
            'platform: "34020000001320000001"',
            "no platform's code: digits 11 to 13",
        ),
        ('"34020000001320000001", name', '"34020000001180000001", name', "must be 131 (camera) or 132"),
        ('code: "34020000001180000007"', 'code: "34020000001320000001"', "is there twice"),
        ("127.0.0.1:0", "0.0.0.0:5060", "write this machine's own address and a port"),
        ("127.0.0.1:0", "127.0.0.1:70000", "write this machine's own address and a port"),
        ("10.0.5.0/24", "10.0.5.2/24", "write it as 10.0.5.0/24"),
        ("host: district.example", "hots: district.example", "unknown key `hots`; did you mean `host`?"),
        ("34020000001320000002", "3402", "cameras[0].code: give its 20 digits, in quotes"),
        ("district.example", "district/x", "above[0].host: use letters, digits, dots and inner hyphens"),
        ("kind: smoke", "kind: smoek", "did you mean `smoke`?"),
        ("name: 东门", 'name: "<b>"', "above[0].cameras[0].name: write 1 to 64 characters"),
        ("    host: ", "    alarms: [clock]\n    host: ", "clock has no counterpart"),
        ("    host: ", "    keepalive: 1\n    host: ", "give a number of at least 5"),
    ],
)
def test_what_is_wrong_with_a_bridge_is_said_with_what_to_do(
    tmp_path: Path, right: str, wrong: str, sentence: str
) -> None:
    assert right in BRIDGE
    with pytest.raises(ConfigError) as found:
        config.load(written(tmp_path, BRIDGE.replace(right, wrong)))
    assert sentence in str(found.value)
    assert "district.yaml" in str(found.value), "the file that is to be mended"


def test_a_platform_cannot_be_told_of_a_camera_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'c-9-09', which this edge does not have"):
        config.load(written(tmp_path, BRIDGE.replace("camera: c-2-01", "camera: c-9-09")))
    (tmp_path / "other").mkdir()
    with pytest.raises(ConfigError, match="there is no bridge file"):
        config.load(written(tmp_path / "other", BRIDGE, "nowhere"))


def test_a_bridge_without_its_passwords_does_not_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = config.load(written(tmp_path, BRIDGE))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="the password of 34020000002000000001 cannot be read"):
        build(told, dict, print)
    (tmp_path / "keys").mkdir()
    for name in ("district", "recorder"):
        (tmp_path / "keys" / f"{name}.key").write_text("a password\n", encoding="utf-8")
    assert build(told, dict, print) is not None
    (tmp_path / "keys" / "recorder.key").write_text("two\nlines", encoding="utf-8")
    with pytest.raises(ConfigError, match="34020000001110000001 must be one line"):
        build(told, dict, print)
