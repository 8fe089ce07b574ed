"""One part of a file on its way into a bucket."""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import IO, TYPE_CHECKING

from hub.core.jpeg import HEAD
from hub.ports import TooLargeError

if TYPE_CHECKING:
    from hub.gear.s3 import Bucket

IN_MEMORY = 4 << 20
"""More bytes than this of one part wait on the disk."""


class PartObject:
    """Port Upload: one part on its way."""

    def __init__(self, bucket: Bucket, sha256: str, start: int, total: int, file: IO[bytes]) -> None:
        self._bucket, self._sha256, self._start, self._total, self._file = bucket, sha256, start, total, file
        self.at = start
        self._settled = False

    def write(self, data: bytes) -> None:
        """Append.

        Raises:
            TooLargeError: more bytes than announced.
        """
        if self.at + len(data) > self._total:
            raise TooLargeError(f"{self._total} bytes were announced and more came")
        self._file.write(data)
        self.at += len(data)

    def head(self) -> bytes:
        """The first bytes of the file, by which its type is told."""
        start = b""
        for data in self._bucket.begun(self._sha256, self._start) if self._start else ():
            start += data[: HEAD - len(start)]
            if len(start) == HEAD:
                return start
        self._file.seek(0)
        start += self._file.read(HEAD - len(start))
        self._file.seek(0, os.SEEK_END)
        return start

    def finish(self) -> bool:
        """Store what came; True when the file is whole and in its place.

        Raises:
            ValueError: all bytes are here and have another hash; they are thrown away.
            OffsetError: somebody else sent this part meanwhile.
        """
        if self.at < self._total:
            self.keep()
            return False
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as whole:
            for data in self._bucket.begun(self._sha256, self._start):
                whole.write(data)
            self._file.seek(0)
            shutil.copyfileobj(self._file, whole)
            try:
                self._bucket.keep(self._sha256, whole)
            except ValueError:
                self._settle()
                raise
        self._settle()
        return True

    def keep(self) -> None:
        """Store what came of the part, once.

        Raises:
            OffsetError: somebody else sent this part meanwhile.
        """
        if not self._settled and self.at > self._start:
            self._settled = True
            self._bucket.keep_part(self._sha256, self._start, self._file)

    def _settle(self) -> None:
        self._settled = True
        self._bucket.forget(self._sha256)
