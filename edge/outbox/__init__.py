"""What the edge has promised and the hub has not yet receipted: a queue in one SQLite file."""

from edge.outbox.queue import AGAIN, AHEAD, Outbox
from edge.outbox.row import Counts, Lane, Row

__all__ = ["AGAIN", "AHEAD", "Counts", "Lane", "Outbox", "Row"]
