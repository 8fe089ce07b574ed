"""What is known of a detector's file: whose it is, what it takes, tells and misses, and what was measured.

Ours stand together in one card.toml a folder of `models/`. A file that an owner brings has a card of its own
beside it, written when the file is verified: own.onnx has own.card.toml.
"""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from edge.see.network import UnfitModelError
from edge.see.selftest import digest, is_noted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OURS, OWN = "card.toml", ".card.toml"
UNSAID = "not stated"


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file's card."""

    name: str
    decoder: str
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    input: str
    """Width x height."""
    classes: tuple[str, ...]
    licence: str = UNSAID
    source: str = UNSAID
    limits: tuple[str, ...] = ()
    opset: int | None = None
    output: str = ""
    """Names and shapes."""
    measured: dict[str, float] = msgspec.field(default_factory=dict)


def place(model: Path) -> Path:
    """Where the card of an owner's file stands."""
    return model.with_name(model.name.removesuffix(".onnx") + OWN)


def of(model: Path) -> Card | None:
    """The card of a file, if it has one.

    Raises:
        UnfitModelError: there is a card that cannot be read.
    """
    own, ours = place(model), model.with_name(OURS)
    try:
        if own.is_file():
            return msgspec.convert(_read(own), Card)
        shelf = _read(ours) if ours.is_file() else {}
        return _ours(model.name, shelf) if model.name in shelf.get("built", {}) else None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError, KeyError) as error:
        found = own if own.is_file() else ours
        raise UnfitModelError(
            f"{found} cannot be read ({error}): correct it, or remove it and verify anew"
        ) from error


def shelf(folder: Path) -> Iterator[tuple[Path, Card]]:
    """Every file of which a card in `folder` or below speaks, whether it is there or not."""
    for found in sorted(folder.rglob("*" + OURS)):
        if found.name == OURS:
            names = [found.with_name(name) for name in _read(found).get("built", {})]
        else:
            names = [found.with_name(found.name.removesuffix(OWN) + ".onnx")]
        for model in names:
            card = of(model)
            if card:
                yield model, card


def admitted(model: Path, decoder: str) -> Path:
    """`model`, when it is the very file that was verified, and for this decoder.

    Raises:
        UnfitModelError: it was not; the sentence says what to do. A missing file is its loader's matter.
    """
    if not model.is_file():
        return model
    card, verify = of(model), f"`python -m edge model verify {model} --decoder {decoder}`"
    if card is None:
        raise UnfitModelError(f"{model} has no card: try it with {verify}, which writes one")
    if card.decoder != decoder:
        raise UnfitModelError(
            f"{model} is a {card.decoder!r}, says its card, and no {decoder!r}: correct `decoder`"
        )
    found = digest(model)
    if found != card.sha256 and not is_noted(model, found):
        tool = verify if place(model).is_file() else f"`python -m edge.see.selftest {model.parent}`"
        raise UnfitModelError(
            f"{model} is not the file that was tried: its sha256 is another; try it with {tool}"
        )
    return model


def write(model: Path, card: Card) -> Path:
    """Write the card of an owner's file, whole or not at all; returns where."""
    lines = [
        f"# Card of {model.name}. What was found is written by `python -m edge model verify` and `evaluate`;",
        "# name, licence, source and limits are yours to say, and stay.",
        *(f"{key} = {_toml(getattr(card, key))}" for key in ("name", "licence", "source", "limits")),
        *(
            f"{key} = {_toml(getattr(card, key))}"
            for key in ("decoder", "sha256", "input", "output", "classes")
        ),
        *([f"opset = {card.opset}"] if card.opset else []),
        "",
        "[measured]",
        *(f"{key} = {_toml(value)}" for key, value in card.measured.items()),
    ]
    target = place(model)
    draft = target.with_name(target.name + ".new")
    draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return draft.replace(target)


def _read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _ours(name: str, shelf: dict[str, Any]) -> Card:
    source = shelf["source"]
    return Card(
        name=shelf["name"],
        decoder=shelf["decoder"],
        sha256=shelf["built"][name],
        input=name.removesuffix(".onnx").rpartition("_")[2],
        classes=tuple(shelf["labels"]),
        licence=source["model_licence"],
        source=f"{source['model']}; {source['package']}",
        limits=tuple(shelf["limits"]["misses"]),
        output=shelf["output"]["shape"],
        measured=shelf["measured"]["by_size"].get(name, {}),
    )


def _toml(value: object) -> str:
    """A text, a number or a list of texts; their JSON is TOML too."""
    return json.dumps(value, ensure_ascii=False)
