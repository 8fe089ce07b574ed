"""Words for the classes of a network that does not name them itself."""

from __future__ import annotations

WORDS = (
    "person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,stop sign,"
    "parking meter,bench,bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,backpack,umbrella,handbag,"
    "tie,suitcase,frisbee,skis,snowboard,sports ball,kite,baseball bat,baseball glove,skateboard,surfboard,"
    "tennis racket,bottle,wine glass,cup,fork,knife,spoon,bowl,banana,apple,sandwich,orange,broccoli,carrot,"
    "hot dog,pizza,donut,cake,chair,couch,potted plant,bed,dining table,toilet,tv,laptop,mouse,remote,"
    "keyboard,cell phone,microwave,oven,toaster,sink,refrigerator,book,clock,vase,scissors,teddy bear,"
    "hair drier,toothbrush"
)
COCO = tuple(WORDS.split(","))
"""The 80 classes of COCO 2017, in order."""

GAPS = {0, 12, 26, 29, 30, 45, 66, 68, 69, 71, 83}
"""Numbers among 0..90 that COCO's annotations skip."""


def _numbered() -> tuple[str, ...]:
    names = iter(COCO)
    return tuple("unnamed" if number in GAPS else next(names) for number in range(91))


BY_COUNT = {len(COCO): COCO, 91: _numbered()}
"""How many classes a network has, to their words: 80 in a row, or 91 by COCO's own numbers."""

KINDS = {
    "bicycle": "vehicle",
    "motorcycle": "vehicle",
    "car": "vehicle",
    "bus": "vehicle",
    "train": "vehicle",
    "truck": "vehicle",
    "cat": "animal",
    "dog": "animal",
    "backpack": "bag",
    "handbag": "bag",
    "suitcase": "bag",
}
"""Words that detectors take for each other."""


def kind(label: str) -> str:
    """What a thing is whichever of those words was found for it; other words are kinds of their own."""
    return KINDS.get(label, label)
