"""Stills and clips on the disk, by hash.

A file is written beside its place, forced to the disk, renamed, and its folder forced too; only then is a row
written by whoever asked. Killed anywhere in between, the store holds the whole file or none.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from hub.core.jpeg import HEAD
from hub.ports import OffsetError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SHA256 = re.compile(r"[0-9a-f]{64}")
MOST_BYTES = 64 * 1024 * 1024
PIECE = 1 << 18


class Files:
    """Ports Media and Uploads on a folder."""

    def __init__(self, folder: Path, most: int = MOST_BYTES) -> None:
        self._folder, self._most = folder, most
        self._parts = folder / "parts"
        self._parts.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, sha256: str, parts: Iterable[bytes]) -> int:
        """Store the bytes durably and return their number.

        Raises:
            TooLargeError: there are too many of them.
            ValueError: they do not have this hash; nothing is kept.
        """
        handle, name = tempfile.mkstemp(dir=self._parts)
        part, digest, size = Path(name), hashlib.sha256(), 0
        try:
            with os.fdopen(handle, "wb") as file:
                for data in parts:
                    size = within(size + len(data), self._most)
                    digest.update(data)
                    file.write(data)
                _force(file)
            self._keep(part, sha256, digest.hexdigest())
        finally:
            part.unlink(missing_ok=True)
        return size

    def has(self, sha256: str) -> bool:
        """Whether the file is wholly stored."""
        return self._place(sha256).is_file()

    def path(self, sha256: str) -> Path:
        """Where it lies.

        Raises:
            FileNotFoundError: it is not stored.
        """
        place = self._place(sha256)
        if not place.is_file():
            raise FileNotFoundError(f"no file {sha256}")
        return place

    def size(self, sha256: str) -> int:
        """Bytes of a stored file."""
        return self.path(sha256).stat().st_size

    def read(self, sha256: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` to before `stop`, in pieces.

        Raises:
            FileNotFoundError: it is not stored.
        """
        with self.path(sha256).open("rb") as file:
            file.seek(start)
            while piece := file.read(min(PIECE, stop - file.tell())):
                yield piece

    def offset(self, sha256: str) -> int:
        """How many bytes of an unfinished upload are here."""
        try:
            return self._part(sha256).stat().st_size
        except FileNotFoundError:
            return 0

    def tidy(self, before: float) -> int:
        """Forget unfinished uploads untouched since `before` (UNIX seconds); their number."""
        stale = [part for part in self._parts.iterdir() if part.stat().st_mtime < before]
        for part in stale:
            part.unlink(missing_ok=True)
        return len(stale)

    @contextmanager
    def upload(self, sha256: str, start: int, total: int) -> Iterator[PartFile]:
        """Take a part of `total` bytes that begins at byte `start`.

        Raises:
            TooLargeError: `total` is more than a file may have.
            OffsetError: the parts before it are not those that are here.
            BlockingIOError: another upload of the same file is under way, in whatever process.
        """
        within(total, self._most)
        with _held(self._part(sha256)) as file:
            here = os.fstat(file.fileno()).st_size
            if start not in {0, here}:
                raise OffsetError(here)
            file.truncate(start)
            file.seek(start)
            yield PartFile(self, sha256, total, file, start)

    def _place(self, sha256: str) -> Path:
        return self._folder / checked(sha256)[:2] / sha256

    def _part(self, sha256: str) -> Path:
        return self._parts / f"{checked(sha256)}.part"

    def _keep(self, part: Path, sha256: str, found: str) -> None:
        if found != sha256:
            raise ValueError(f"these bytes have the hash {found}, not {sha256}")
        place = self._place(sha256)
        if not place.parent.is_dir():
            place.parent.mkdir(mode=0o700, exist_ok=True)
            _force_folder(self._folder)
        part.replace(place)
        _force_folder(place.parent)


class PartFile:
    """Port Upload: one part on its way."""

    def __init__(self, files: Files, sha256: str, total: int, file: BinaryIO, at: int) -> None:
        self._files, self._sha256, self._total, self._file = files, sha256, total, file
        self.at = at

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
        self._file.seek(0)
        start = self._file.read(HEAD)
        self._file.seek(self.at)
        return start

    def finish(self) -> bool:
        """Force what came to the disk; True when the file is whole and in its place.

        Raises:
            ValueError: all bytes are here and have another hash; they are thrown away.
        """
        _force(self._file)
        if self.at < self._total:
            return False
        part = Path(self._file.name)
        try:
            self._files._keep(part, self._sha256, _hash(part))  # noqa: SLF001 - the two are one thing
        except ValueError:
            part.unlink(missing_ok=True)
            raise
        return True


def checked(sha256: str) -> str:
    """A hash is also a file name; nothing else may become one.

    Raises:
        ValueError: it is not a hash.
    """
    if not SHA256.fullmatch(sha256):
        raise ValueError("a file is named by 64 hexadecimal digits of its SHA-256")
    return sha256


def within(size: int, most: int) -> int:
    """`size` itself.

    Raises:
        TooLargeError: it is more than `most`.
    """
    if size > most:
        raise TooLargeError(f"a file may have {most} bytes at most")
    return size


@contextmanager
def _held(part: Path) -> Iterator[BinaryIO]:
    """The part, made if need be, and nobody else's until the block ends.

    Raises:
        BlockingIOError: another process or request has it.
    """
    with open(part, "r+b", opener=_made) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BlockingIOError(
                "another upload of this file is under way; ask for its offset later"
            ) from error
        # Whoever had it may have moved it to its place just now; what is there must not be touched.
        if not part.exists() or not os.path.samestat(part.stat(), os.fstat(file.fileno())):
            raise BlockingIOError("another upload of this file has just ended; ask for its offset")
        yield file


def _made(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CREAT, 0o600)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _force(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _force_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
