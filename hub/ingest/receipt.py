"""What the hub tells a device that it has committed: ranges of numbers per epoch."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from wire.message import Range, Receipt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_RANGES = 128
"""Of one receipt; twice as many would be larger than a message may be."""


def receipts(
    keys: Iterable[tuple[str, str, int]], given: Iterable[tuple[str, Range]] = ()
) -> Iterator[tuple[str, Receipt]]:
    """For each device of `keys` (device, epoch, seq) its receipts; numbers that follow one another join.

    `given` are the ranges that a device has given up, by device: they are receipted as they were told.
    """
    by_device: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for device, epoch, seq in keys:
        by_device[device][epoch].add(seq)
    told: dict[str, list[Range]] = defaultdict(list)
    for device, one in given:
        told[device].append(one)
    for device in by_device.keys() | told.keys():
        epochs = by_device.get(device, {})
        ranges = [joined for epoch, seqs in epochs.items() for joined in _ranges(epoch, sorted(seqs))]
        ranges += told.get(device, [])
        for begin in range(0, len(ranges), MOST_RANGES):
            yield device, Receipt(tuple(ranges[begin : begin + MOST_RANGES]))


def _ranges(epoch: str, seqs: list[int]) -> Iterator[Range]:
    first = last = seqs[0]
    for seq in seqs[1:]:
        if seq != last + 1:
            yield Range(epoch, first, last)
            first = seq
        last = seq
    yield Range(epoch, first, last)
