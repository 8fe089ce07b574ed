"""The words of `python -m edge model …`: what they do stands in desk, which takes a second to load."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse

FAMILIES = ("nanodet", "yolox", "ssd")
SHELF = Path("models")
OURS = SHELF / "nanodet_g"
UNUSABLE = 2
"""Exit code: what was given cannot be used."""


def add(acts: argparse._SubParsersAction[Any]) -> None:
    """Add `model` and its acts to a program's own."""
    model = acts.add_parser("model", help="look at detectors, build them, try them")
    deeds = model.add_subparsers(required=True, metavar="ACT")
    listed = _deed(deeds, "listed", "list", "every card, and whether its file is here and was tried")
    listed.add_argument("folder", type=Path, nargs="?", default=SHELF)
    _deed(deeds, "fetch", "fetch", "bring the published weights that ours are built from")
    convert = _deed(deeds, "convert", "convert", "build ours from the published weights, and try them")
    convert.add_argument("folder", type=Path, nargs="?", default=OURS, help="where the files go")
    verify = _file(_deed(deeds, "verifies", "verify", "try a file; an owner's gets the card that lets it in"))
    verify.add_argument("--clean", type=Path, help="a float file of the same network, to be held against")
    verify.add_argument("--licence", help="what its owner says of it, for the card")
    verify.add_argument("--source", help="where it comes from, for the card")
    evaluate = _file(_deed(deeds, "evaluates", "evaluate", "judge a file by a clip whose people are known"))
    evaluate.add_argument("clip", type=Path, help="a clip, or a folder of pictures")
    evaluate.add_argument(
        "--truth", type=Path, help="MOTChallenge lines; left out: what stands beside the clip"
    )
    evaluate.add_argument("--threshold", type=float, default=0.45, help="for precision and recall")


def _file(deed: argparse.ArgumentParser) -> argparse.ArgumentParser:
    deed.add_argument("file", type=Path, help="an ONNX file")
    deed.add_argument("--decoder", choices=FAMILIES, help="left out: as its card says, or nanodet")
    return deed


def _deed(deeds: argparse._SubParsersAction[Any], name: str, word: str, text: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = deeds.add_parser(word, help=text)
    made.set_defaults(act=_do, deed=name)
    return made


def _do(given: argparse.Namespace) -> int:
    from edge.model import desk  # noqa: PLC0415 - no other act of the program needs the detector's libraries
    from edge.see.network import UnfitModelError  # noqa: PLC0415

    try:
        return int(getattr(desk, given.deed)(given))
    except UnfitModelError as refused:
        sys.stderr.write(f"{refused}\n")
        return UNUSABLE
