"""Door: what the devices say, from the broker into the database, once."""

from hub.ingest.count import Counts
from hub.ingest.door import Ingest

__all__ = ["Counts", "Ingest"]
