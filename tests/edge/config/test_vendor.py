from __future__ import annotations

from pathlib import Path

import pytest

from edge.config import ConfigError, load, load_camera
from edge.config.vendor import makers, paths

ROOT = Path(__file__).parents[3]
TABLE = ROOT / "firmware_configs" / "templates" / "rtsp.yaml"
USUAL = {
    "hikvision": ("/Streaming/Channels/101", "/Streaming/Channels/102"),
    "dahua": ("/cam/realmonitor?channel=1&subtype=0", "/cam/realmonitor?channel=1&subtype=1"),
    "uniview": ("/unicast/c1/s0/live", "/unicast/c1/s1/live"),
    "tp-link": ("/stream1", "/stream2"),
    "reolink": ("/h264Preview_01_main", "/h264Preview_01_sub"),
}


def written(folder: Path, text: str) -> Path:
    for name in ("cameras", "templates"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "templates" / "rtsp.yaml").write_text(TABLE.read_text())
    file = folder / "cameras" / "c-1-01.yaml"
    file.write_text(text)
    return file


def test_every_maker_of_the_table_says_who_says_so() -> None:
    known = makers(TABLE)
    assert {*USUAL, "axis", "onvif"} <= known.keys()
    assert all(maker.source.startswith("http") for maker in known.values())


@pytest.mark.parametrize("name", USUAL)
def test_a_usual_makers_streams_are_where_they_are_known_to_be(name: str) -> None:
    assert paths(makers(TABLE)[name]) == USUAL[name]


def test_a_camera_is_told_by_its_maker_and_address(tmp_path: Path) -> None:
    text = (
        "id: c-1-01\nvendor: hikvision\naddress: 192.168.1.64\nuser: eye\npassword: ${LF_WORD}\nchannel: 2\n"
    )
    camera = load_camera(written(tmp_path, text), {"LF_WORD": "a/b@c:d"})
    assert camera.url == "rtsp://eye:a%2Fb%40c%3Ad@192.168.1.64/Streaming/Channels/202"
    assert camera.main == "rtsp://eye:a%2Fb%40c%3Ad@192.168.1.64/Streaming/Channels/201"


def test_a_port_of_its_own_is_kept(tmp_path: Path) -> None:
    camera = load_camera(written(tmp_path, "id: c-1-01\nvendor: dahua\naddress: '[fd00::7]:8554'\n"), {})
    assert camera.url == "rtsp://[fd00::7]:8554/cam/realmonitor?channel=1&subtype=1"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("vendor: hikvison\naddress: a", "did you mean `hikvision`"),
        ("vendor: acme\naddress: a", "known there: axis, dahua"),
        ("vendor: onvif\naddress: a", "write them as url and main"),
        ("vendor: dahua", "`address` is missing"),
        ("address: a", "`vendor` is missing"),
        ("vendor: dahua\naddress: a\nurl: rtsp://b", "not both"),
        ("vendor: dahua\naddress: http://a/", "address"),
        ("vendor: dahua\naddress: a\nchannel: 0", "at least 1"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as error:
        load_camera(written(tmp_path, f"id: c-1-01\n{text}\n"), {})
    assert "c-1-01.yaml" in str(error.value)


def test_an_edge_takes_such_a_camera_from_its_own_file_or_from_another(tmp_path: Path) -> None:
    west = (ROOT / "firmware_configs" / "edges" / "edge-west.yaml").read_text()
    written(tmp_path, "id: c-1-01\nvendor: dahua\naddress: a\n")
    (tmp_path / "edges").mkdir()
    file = tmp_path / "edges" / "e.yaml"
    head = west[: west.index("cameras:")]
    file.write_text(head + "cameras: [c-1-01, {id: c-1-02, vendor: tp-link, address: b}]\n")
    edge = load(file, {})
    assert [camera.url for camera in edge.cameras] == [
        "rtsp://a/cam/realmonitor?channel=1&subtype=1",
        "rtsp://b/stream2",
    ]
