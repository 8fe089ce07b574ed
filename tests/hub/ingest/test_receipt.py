from __future__ import annotations

from hub.ingest.receipt import receipts
from tests.hub.ingest.ear import EPOCH
from wire import message
from wire.message import Range, new_id


def test_numbers_that_follow_one_another_are_one_range_and_no_receipt_is_too_long() -> None:
    keys = [("d", EPOCH, seq) for seq in (5, 1, 2, 2, 3, 9)]
    assert [receipt.ranges for _, receipt in receipts(keys)] == [
        (Range(EPOCH, 1, 3), Range(EPOCH, 5, 5), Range(EPOCH, 9, 9))
    ]
    scattered = list(receipts([("d", new_id(), 2 * seq) for seq in range(600)]))
    assert [len(receipt.ranges) for _, receipt in scattered] == [128, 128, 128, 128, 88]
    assert all(message.encode(receipt) for _, receipt in scattered)
