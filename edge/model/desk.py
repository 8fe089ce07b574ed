"""`python -m edge model list | fetch | convert | verify | evaluate`: what they do and say."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from edge.model import card, judge, truth
from edge.model.verify import missing, verify
from edge.see import selftest
from edge.see.detect import Detector
from edge.see.network import UnfitModelError

if TYPE_CHECKING:
    import argparse

    from edge.model.card import Card
    from edge.model.verify import Verified

ROOT = Path(__file__).parents[2]
OURS = ROOT / "models" / "nanodet_g"


def listed(given: argparse.Namespace) -> int:
    """Say of every card what it says, and whether its file is there and is the one that was tried."""
    found = list(card.shelf(given.folder))
    if not found:
        raise UnfitModelError(f"{given.folder} holds no card: verify a file there, and it has one")
    for model, each in found:
        figures = ", ".join(f"{key} {value:g}" for key, value in each.measured.items())
        _say(f"{model.name:<22} {each.decoder:<8} {each.input:<8} {_standing(model, each)}")
        _say(f"{'':<22} {each.licence}; {len(each.classes)} classes; {figures or 'not measured yet'}")
    return 0


def fetch(_given: argparse.Namespace) -> int:
    """Bring the published weights, held to the sha256 of the card: what set-up does, and only that."""
    return _run("launch", "weights")


def convert(given: argparse.Namespace) -> int:
    """Build our files from the published weights, then try each beside its float partner."""
    if importlib.util.find_spec("onnx") is None:
        raise UnfitModelError("what builds networks is not installed here: pip install '.[models]'")
    folder = str(given.folder.absolute())
    return _run("models.nanodet_g", str(OURS / "source"), folder) or selftest.main([folder])


def verifies(given: argparse.Namespace) -> int:
    """Try one file; an owner's gets its card, which lets an edge take it."""
    known = card.of(given.file)
    decoder = given.decoder or (known.decoder if known else "nanodet")
    found = verify(given.file, decoder, given.clean)
    _say(
        f"{given.file}: {found.size[0]}x{found.size[1]}, {len(found.labels)} classes, "
        f"opset {found.written.opset}"
    )
    _say(f"gives {found.gives}")
    _say(f"sha256 {found.sha256}{_as_carded(given.file, known, found)}")
    _say(f"{found.ms:.1f} ms a picture; a person seen in {found.scenes} of {selftest.SCENES} drawn scenes")
    if found.beside:
        _say(
            f"scores within {found.beside.difference:.3f} of {found.beside.clean.name}; "
            f"{found.beside.quick_ms:.1f} ms, float {found.beside.clean_ms:.1f} ms"
        )
    if lacking := missing(found.labels):
        _say(lacking)
    if not _is_ours(given.file):
        _say(f"card: {card.write(given.file, _carded(given, decoder, known, found))}")
    return 0


def evaluates(given: argparse.Namespace) -> int:
    """Judge one file by ground truth; an owner's card keeps what was measured."""
    known = card.of(given.file)
    decoder = given.decoder or (known.decoder if known else "nanodet")
    written = given.truth or truth.beside(given.clip)
    if written is None:
        raise UnfitModelError(f"no ground truth stands beside {given.clip}: name it with --truth")
    detector = Detector(given.file, decoder, judge.FAINT)
    judged = judge.evaluate(
        detector, truth.pictures(given.clip), truth.read(written), given.threshold, _progress
    )
    _say(
        f"{given.file.name} on {given.clip.name}: AP {judged.ap:.3f} (person, IoU {judge.SAME}), "
        f"precision {judged.precision:.3f} and recall {judged.recall:.3f} at {judged.threshold:g}, "
        f"{judged.ms:.1f} ms a picture; {judged.pictures} pictures, {judged.people} people"
    )
    if known and not _is_ours(given.file):
        figures = {key: round(getattr(judged, key), 3) for key in ("ap", "precision", "recall", "ms")}
        card.write(given.file, msgspec.structs.replace(known, measured=known.measured | figures))
    return 0


def _carded(given: argparse.Namespace, decoder: str, known: Card | None, found: Verified) -> Card:
    """The card of an owner's file after it was tried; what its owner said stays."""
    same = known if known and known.sha256 == found.sha256 else None
    return card.Card(
        name=known.name if known else given.file.stem,
        decoder=decoder,
        sha256=found.sha256,
        input=f"{found.size[0]}x{found.size[1]}",
        classes=found.labels,
        licence=given.licence or (known.licence if known else card.UNSAID),
        source=given.source or (known.source if known else card.UNSAID),
        limits=known.limits if known else (),
        opset=found.written.opset,
        output=found.gives,
        measured=(same.measured if same else {}) | {"ms": round(found.ms, 2)},
    )


def _as_carded(model: Path, known: Card | None, found: Verified) -> str:
    if known is None or known.sha256 == found.sha256:
        return ""
    return " (other bytes than card.toml says)" if _is_ours(model) else " (another file than before)"


def _is_ours(model: Path) -> bool:
    """Whether the card of a folder of ours speaks of it, which nobody writes but us."""
    return not card.place(model).is_file() and card.of(model) is not None


def _standing(model: Path, each: Card) -> str:
    if not model.is_file():
        return "not built here" if _is_ours(model) else "gone"
    try:
        card.admitted(model, each.decoder)
    except UnfitModelError as refused:
        return str(refused)
    best = selftest.chosen(model)
    return "tried" if best == model else f"tried; {best.name} is better here"


def _run(module: str, *words: str) -> int:
    return subprocess.run([sys.executable, "-m", module, *words], cwd=ROOT, check=False).returncode  # noqa: S603 - our own


def _progress(done: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done} pictures")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
