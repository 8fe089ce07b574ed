"""Puts into an outbox, takes receipts, and says each promise on standard output, until it ends or is killed.

`python -m tests.promises.outbox_child FILE PUTS THREADS`; of each number of four the third is receipted.
"""

from __future__ import annotations

import itertools
import sys
import threading
from pathlib import Path

from edge.outbox import Lane, Outbox
from tests.wire.samples import EVENT, envelope
from wire.message import Range

CHECKPOINT_PAGES = 8
"""So few, that a run has checkpoints to be killed in."""


def main(path: Path, puts: int, threads: int) -> None:
    outbox = Outbox(path)
    outbox._store._db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    turns = itertools.count(1)

    def work() -> None:
        while next(turns) <= puts:
            seq = outbox.put(envelope(EVENT, None), Lane.STATE)
            say(f"promised {outbox.epoch} {seq}")
            if seq % 4 == 3:
                say(f"receipted {outbox.epoch} {seq}")
                outbox.receipted([Range(outbox.epoch, seq, seq)])

    if threads == 1:
        work()  # in this very thread: strace counts each thread's calls apart
        return
    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
