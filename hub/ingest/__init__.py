"""Door: what the devices say, from the broker into the database, once."""

from hub.ingest.door import Counts, Ingest

__all__ = ["Counts", "Ingest"]
