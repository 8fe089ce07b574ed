from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest

from edge import config
from wire.calendar import Hours

ROOT = Path(__file__).parents[2]
GOOD = """
device: edge-west
market: yunda
hub: {mqtt: "mqtt://127.0.0.1:1883", http: "http://127.0.0.1:8080", password_file: data/edge-west.key}
data: data/edge-west
detector: {model: models/net.onnx}
metrics: 127.0.0.1:9464
reserve_mb: 32
siren: {on: [relay, "1", on], off: [relay, "1", off]}
cameras:
  - id: c-2-01
    url: rtsp://user:secret@127.0.0.1/square
    zones:
      - id: yard
        polygon: [[0, 0], [1, 0], [1, 1]]
        rules: [{kind: intrusion, armed: [{from: 22:00, to: 06:00}]}, {kind: crowd, count: 5}]
"""
TOML = """
device = "edge-west"
market = "yunda"
data = "data/edge-west"
cameras = ["c-9"]
[hub]
mqtt = "mqtt://127.0.0.1:1883"
http = "http://127.0.0.1:8080"
password_file = "data/edge-west.key"
[detector]
model = "models/net.onnx"
"""


def written(folder: Path, text: str, name: str = "edges/edge.yaml") -> Path:
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_what_is_left_out_has_its_customary_value(tmp_path: Path) -> None:
    edge = config.load(written(tmp_path, GOOD))
    camera = edge.cameras[0]
    assert (camera.fps, camera.pre_roll, edge.time_zone) == (5.0, 5.0, "Asia/Shanghai")
    assert [type(rule) for rule in camera.zones[0].rules] == [config.IntrusionRule, config.CrowdRule]
    assert camera.zones[0].rules[0].armed == (Hours("22:00", "06:00"),), "no YAML reader makes 1320 of it"


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ("device:", "devise:", "unknown key `devise`; did you mean `device`?"),
        ("count: 5", "cuont: 5", "cameras[0].zones[0].rules[1]: unknown key `cuont`; did you mean `count`?"),
        (
            "count: 5",
            "colour: 5",
            "known here: armed, clear, cooldown, count, density, holidays, kind, labels, seconds",
        ),
        ("kind: crowd", "kind: crwod", "`crwod` is none of ours; did you mean `crowd`?"),
        ("kind: crowd, ", "", "cameras[0].zones[0].rules[1]: the key `kind` is missing; add it"),
        (
            "net.onnx",
            "net.onnx, decoder: yolo",
            "detector.decoder: `yolo` is none of ours; did you mean `yolox`?",
        ),
        ("id: c-2-01", "id: C 2", "cameras[0].id: use lower-case letters, digits and inner hyphens"),
        (
            "    url: rtsp://user:secret@127.0.0.1/square\n",
            "",
            "cameras[0]: the key `url` is missing; add it",
        ),
        ("url: rtsp", "fps: fast\n    url: rtsp", "cameras[0].fps: give a number here, not a text"),
        ("url: rtsp", "fps: 500\n    url: rtsp", "cameras[0].fps: give a number of at most 25.0"),
        ("url: rtsp", "url: gopher", "a camera is rtsp://…, rtsps://…, a file or a number"),
        (
            "url: rtsp://user:secret@127.0.0.1/square",
            "url: 'concat:/etc/passwd|a.mp4'",
            "begins with 'concat'",
        ),
        ("url: rtsp://user:secret@127.0.0.1/square", "url: tcp:10.0.0.1:80", "begins with 'tcp'"),
        ("url: rtsp://user:secret@127.0.0.1/square", "url: 64", "there is no webcam 64; the first is 0"),
        ("http://", "ftp://", "hub: http is 'ftp://127.0.0.1:8080'; write it as http://host:port"),
        ("1883", "188333", "write it as mqtt://host:port"),
        ("127.0.0.1:9464", "0.0.0.0:9464", "'0.0.0.0:9464'; write it as 127.0.0.1:9464"),
        ("127.0.0.1:9464", "127.0.0.1", "metrics is '127.0.0.1'; write it as 127"),
        ('on: [relay, "1", on]', "on: []", "siren.on: give at least 1"),
        ('on: [relay, "1", on]', "on: relay 1", "siren.on: give a list here, not a text"),
        ("22:00", "25:00", "'25:00' is no time of day; write it as 08:30"),
        ("[1, 1]]", "[1, 2]]", "polygon[2][1]: give a number of at most 1.0"),
        (", [1, 1]]", "]", "cameras[0].zones[0].polygon: give at least 3"),
        ("[1, 0], [1, 1]]", "[1, 1], [1, 1]]", "the polygon has no area"),
        ("count: 5", "count: 4", "clear is 4 and must be less than count, which is 4"),
        ("count: 5", "density: 2", "density needs the zone's area: give its square metres"),
        ("kind: crowd, count: 5", "kind: line", "the rule `line` needs a line, and this zone is a polygon"),
        (
            "polygon: [[0, 0], [1, 0], [1, 1]]",
            "line: [[0, 0], [1, 1]]",
            "the rule `intrusion` needs a polygon",
        ),
        ("polygon: [[0, 0], [1, 0], [1, 1]]", "line: [[0, 0], [0, 0]]", "the line has no length"),
        ("        polygon: [[0, 0], [1, 0], [1, 1]]\n", "", "either a polygon or a line: give one of them"),
        ("[{from: 22:00, to: 06:00}]", "shut", "`shut` is none of ours; known here: by-hand, closed, open"),
        ("[{from: 22:00, to: 06:00}]", "closed, holidays: []", "`closed` follows the market's calendar"),
        ("market: yunda", "market: yunda\ncalendar: {holidays: [1.10.]}", "write it as 2026-10-01"),
        ("market: yunda", "market: yunda\ntime_zone: Mars/Olympus", "write it as Asia/Shanghai"),
        (
            "market: yunda",
            "market: yunda\nmarket: other",
            "line 4, column 1: the key 'market' is there twice",
        ),
        ("market: yunda", "market: &a yunda\ntime_zone: *a", "an alias (*name); write the value out"),
        ("market: yunda", "market: [yunda", "not YAML: line"),
        ("device: edge-west", "device: 12", "device: give a text here, not a whole number"),
        ("\ndevice", "\n- device", "not YAML: line"),
        ("mqtt://127.0.0.1:1883", "${LF_MISSING}", "${LF_MISSING} stands here and LF_MISSING is not set"),
        ("cameras:\n", "cameras:\n  - c-9\n", "write it or correct the name"),
        ("cameras:\n", "cameras:\n  - ../../etc\n", "write it or correct the name"),
    ],
)
def test_a_mistake_is_answered_with_file_place_and_what_to_do(
    tmp_path: Path, right: str, wrong: str, sentence: str
) -> None:
    assert right in GOOD
    file = written(tmp_path, GOOD.replace(right, wrong))
    with pytest.raises(config.ConfigError) as refused:
        config.load(file, {})
    assert str(refused.value).startswith(f"{file}: ")
    assert sentence in str(refused.value)
    assert "secret" not in str(refused.value)


def test_two_cameras_or_zones_of_one_name_are_refused(tmp_path: Path) -> None:
    camera = GOOD[GOOD.index("  - id: c-2-01") :]
    zone = camera[camera.index("      - id: yard") :]
    with pytest.raises(config.ConfigError, match="camera 'c-2-01' is there twice"):
        config.load(written(tmp_path, GOOD + camera))
    with pytest.raises(config.ConfigError, match="zone 'yard' is there twice"):
        config.load(written(tmp_path, GOOD + zone))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe", "is not UTF-8"),
        (b"- a\n- b\n", "must begin with keys"),
        (b"", "must begin with keys"),
        (b"#" * (1 << 20) + b"\n", "larger than 1 MiB"),
        (b"{a: " * 5000, "nested too deeply"),
        (b"? [a]\n: b\n", "is no word"),
        (b"a: !!python/object/apply:os.getcwd []\n", "could not determine a constructor"),
        (b"a: \x00\n", "not YAML"),
    ],
)
def test_what_is_no_configuration_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "edge.yaml"
    file.write_bytes(content)
    with pytest.raises(config.ConfigError, match=sentence):
        config.load(file)


def test_a_missing_file_and_a_strange_one_are_named(tmp_path: Path) -> None:
    with pytest.raises(config.ConfigError, match=r"none\.yaml: cannot be read .No such file"):
        config.load(tmp_path / "none.yaml")
    with pytest.raises(config.ConfigError, match=r"name it \.yaml or \.toml"):
        config.load(written(tmp_path, GOOD, "edge.ini"))
    with pytest.raises(config.ConfigError, match="not TOML"):
        config.load(written(tmp_path, GOOD, "edge.toml"))


def test_toml_says_the_same_and_a_camera_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    written(tmp_path, "id: c-9\nurl: 0\n", "cameras/c-9.yaml")
    edge = config.load(written(tmp_path, TOML, "edges/edge.toml"))
    assert [camera.url for camera in edge.cameras] == [0]


def test_a_mistake_in_a_camera_file_names_that_file(tmp_path: Path) -> None:
    file = written(tmp_path, "id: c-9\nurl: 0\nzoned: []\n", "cameras/c-9.yaml")
    with pytest.raises(config.ConfigError) as refused:
        config.load(written(tmp_path, TOML, "edges/edge.toml"))
    assert str(refused.value) == f"{file}: unknown key `zoned`; did you mean `zones`?"


def test_the_environment_fills_places_and_otherwise_the_word_beside_them(tmp_path: Path) -> None:
    text = GOOD.replace("mqtt://127.0.0.1:1883", "${LF_MQTT:-mqtt://broker:1}")
    text = text.replace("rtsp://user:secret@127.0.0.1/square", "${LF_RTSP}/square")
    edge = config.load(written(tmp_path, text), {"LF_RTSP": "rtsp://a:b@10.0.0.1", "HOME": "/"})
    assert (edge.hub.mqtt, edge.cameras[0].url) == ("mqtt://broker:1", "rtsp://a:b@10.0.0.1/square")
    edge = config.load(written(tmp_path, text), {"LF_RTSP": "rtsp://a", "LF_MQTT": "mqtt://other:2"})
    assert edge.hub.mqtt == "mqtt://other:2"


def test_what_the_environment_says_is_a_value_and_never_yaml(tmp_path: Path) -> None:
    text = GOOD.replace("data: data/edge-west", "data: ${LF_DATA}")
    sly = "x\ndevice: other"
    edge = config.load(written(tmp_path, text), {"LF_DATA": sly})
    assert (edge.device, edge.data) == ("edge-west", sly)


@pytest.mark.parametrize("kind", ["edge", "camera", "gb28181", "patrol"])
def test_the_schema_that_editors_read_is_the_one_that_is_kept(
    kind: Literal["edge", "camera", "gb28181", "patrol"],
) -> None:
    kept = ROOT / "firmware_configs" / "schema" / f"{kind}.json"
    assert kept.read_text(encoding="utf-8") == config.schema(kind), (
        f"write it anew: python -m edge config schema {kind} > firmware_configs/schema/{kind}.json"
    )


def keys_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for item in value.values() for key in keys_of(item)}
    return {key for item in value for key in keys_of(item)} if isinstance(value, list) else set()


def test_every_key_of_a_good_file_is_explained_by_the_schema(tmp_path: Path) -> None:
    schema = config.schema()
    assert '"pattern": "^[a-z0-9]' in schema
    missing = [key for key in keys_of(config.read(written(tmp_path, GOOD))) if f'"{key}": ' not in schema]
    assert missing == []
