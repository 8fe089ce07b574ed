"""P9: what nobody sends in good faith is refused in words or taken as it is: messages, files, backups."""

from __future__ import annotations

import json
import zipfile
from functools import partial
from itertools import chain, count
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from edge import config
from hub.ports import Heard
from hub.store import archive
from hub.store.base import engine, readings
from hub.store.device import DeadLetter
from tests.hub.town import MARKET, NOON
from tests.promises import bad
from tests.promises.door import door
from tests.wire.samples import BODIES
from tests.wire.samples import envelope as sample
from wire import message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine

SEEN = bad.Seen()


ODD = (
    *bad.NO_NUMBER,
    *(json.dumps(value) for value in chain(bad.NOT_TEXT.values(), bad.HUGE, bad.MOMENTS)),
    "true", "[]", "{}", "[" * 3_000 + "]" * 3_000, '{"a":' * 900 + "1" + "}" * 900, '"' + "x" * 17_000 + '"',
)  # fmt: skip


def test_every_value_of_every_message_may_be_nonsense_and_each_is_accounted_for(database: Engine) -> None:
    """Each value of each kind of message in turn becomes each odd one, and each name is there twice."""
    numbers = count(1)
    heard = [
        Heard(f"lf/v1/{MARKET}/edge-1/{kind}", data.replace(b'"seq": 1}', b'"seq": %d}' % next(numbers)))
        for body in BODIES
        for kind in [str(body.__struct_config__.tag)]
        for data in _odd(_own(body))
    ]
    one = door(database)
    for start in range(0, len(heard), 500):
        one.once(heard[start : start + 500])
    counts = one.counts
    assert counts.taken + counts.repeated + counts.dead == len(heard)
    assert counts.troubles == 0
    with readings(database)() as s:
        assert s.scalar(select(func.count()).select_from(DeadLetter)) == counts.dead
        assert s.scalar(select(func.count()).where(DeadLetter.reason == "")) == 0
    SEEN.tried["messages"].update(refused=counts.dead, taken=counts.taken + counts.repeated)


def _own(body: message.Up) -> dict[str, Any]:
    said = message.encode(sample(body)).replace(b"edge-west", b"edge-1").replace(b"c-2-01", b"c-3-1")
    whole: dict[str, Any] = json.loads(said)
    return whole


def _odd(whole: dict[str, Any]) -> Iterator[bytes]:
    """`whole` with one value after another made odd, at whatever depth."""
    for put, name in _places(whole):
        for value in ODD:
            yield json.dumps(put("?odd?")).replace('"?odd?"', value).encode()
        doubled = json.dumps(put("?odd?"))
        yield doubled.replace(
            f'{json.dumps(name)}: "?odd?"', f'{json.dumps(name)}:1,{json.dumps(name)}:"b"'
        ).encode()


def _put(value: Any, at: Any, put: Callable[[Any], Any], new: Any) -> Any:
    changed = value.copy()
    changed[at] = new
    return put(changed)


def _places(
    value: Any, put: Callable[[Any], Any] = lambda new: new
) -> Iterator[tuple[Callable[[Any], Any], str]]:
    """How to put something else in each place below `value`, and the place's name."""
    if isinstance(value, list):
        for n, item in enumerate(value):
            yield from _places(item, partial(_put, value, n, put))
    if isinstance(value, dict):
        for key, item in value.items():
            inner = partial(_put, value, key, put)
            yield inner, key
            yield from _places(item, inner)


EDGE = """
device: edge-west
market: yunda
hub: {mqtt: "mqtt://127.0.0.1:1883", http: "http://127.0.0.1:8080", password_file: key}
data: data
detector: {model: net.onnx}
cameras: [{id: c-1, url: "rtsp://127.0.0.1/a"}]
"""
BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{n}: &a{n} [{f'*a{n - 1},' * 10}]\n" for n in range(1, 12)
)
YAMLS = (
    BOMB, "a: &a [*a]", "a: &a {b: 1}\nc: {<<: *a}", "a: !!python/object/apply:os.system [reboot]",
    "a: !!binary ''",
    "{a: " * 20_000, "- " * 20_000, "a: 1\na: 2", "? [a]\n: b", "\ufeff\x00", "%TAG ! tag:x\n---\na: !b c",
    "x" * (2 << 20),
    "a: .nan", "a: 1e999", "a: " + "9" * 5_000, "a: 2026-99-99", "a: '\\ud800'",
)  # fmt: skip


@pytest.mark.parametrize("text", YAMLS, ids=range(len(YAMLS)))
def test_a_file_that_is_a_bomb_is_refused_in_words(tmp_path: Path, text: str) -> None:
    _refused_by_the_edge(tmp_path, text)


@pytest.mark.parametrize("url", bad.URLS)
def test_a_camera_is_opened_by_rtsp_or_is_a_file(tmp_path: Path, url: str) -> None:
    _refused_by_the_edge(tmp_path, EDGE.replace("rtsp://127.0.0.1/a", url))


def _refused_by_the_edge(folder: Path, text: str) -> None:
    file = folder / "edge.yaml"
    file.write_bytes(text.encode())
    with pytest.raises(config.ConfigError):
        config.load(file, {})
    SEEN.note("files of an edge", refused=True)


MANIFESTS = (
    b"[1]",
    b"{}",
    b'{"format":1}',
    b'{"format":1,"a":1}',
    b"[" * 90_000,
    b"\xff",
    b'{"format":1,' + b" " * 2_000_000,
)


@pytest.mark.long
def test_a_backup_that_is_a_bomb_fills_no_memory(
    on: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST_MANIFEST", 1_000_000)
    monkeypatch.setattr(archive, "MOST_LINE", 1_000_000)
    sound = tmp_path / "sound.zip"
    archive.backup(on, sound, NOON, lambda _table, _rows: None)
    rows = [{"tables/person.jsonl": b"[" + b"1," * 1_000_000}, {"tables/person.jsonl": b"a" * 999_999}]
    for n, changed in enumerate([*rows, *({archive.MANIFEST: one} for one in MANIFESTS)]):
        file = tmp_path / f"bomb-{n}.zip"
        with zipfile.ZipFile(sound) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                new.writestr(name, changed.get(name, old.read(name)))
            new.writestr("../../slipped", b"out")
        empty = engine(f"sqlite:///{tmp_path / f'{n}.db'}")
        with pytest.raises(archive.ArchiveError):
            archive.restore(file, empty, lambda _table, _rows: None)
        empty.dispose()
        SEEN.note("backups", refused=True)
    assert not list(tmp_path.parent.parent.rglob("slipped"))


def test_the_whole_table_is_accounted_for(capsys: pytest.CaptureFixture[str]) -> None:
    """Stands last: whatever was tried above was refused in words or taken as what it is."""
    with capsys.disabled():
        print(f"\n{SEEN}")  # noqa: T201 - the counts are asked for
    assert SEEN.tried
