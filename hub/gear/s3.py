"""Stills and clips in a bucket of any S3 API, by hash; any number of processes may use one bucket.

An object appears whole or not at all, so what `put` returned is there. A file that comes in parts is kept in
parts below `parts/`, each under the byte that it begins at, until all are there: any process may go on.
"""

from __future__ import annotations

import hashlib
import tempfile
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import IO, TYPE_CHECKING

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from hub.gear.files import MOST_BYTES, checked, within
from hub.gear.part import IN_MEMORY, PartObject
from hub.ports import AwayError, OffsetError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from obstore.store import S3Config

PIECE = 1 << 20
"""Bytes that are asked for at once: a slow reader keeps no answer of the bucket open."""
CONNECT, PATIENCE, RETRY = timedelta(seconds=5), timedelta(seconds=30), timedelta(seconds=20)
"""So long it may take to connect, to ask once, and to ask again and again."""


def bucket(url: str, endpoint: str, region: str, key: str, secret: str) -> Bucket:
    """The bucket that `url` names.

    Args:
        url: s3://bucket or s3://bucket/prefix.
        endpoint: https://host of the S3 API; empty is Amazon's own.
        region: as the API knows it.
        key: access key id; empty takes what the machine itself is given.
        secret: of the key.

    Raises:
        ValueError: `url` names no bucket.
    """
    name, _, prefix = url.removeprefix("s3://").partition("/")
    if not url.startswith("s3://") or not name:
        raise ValueError(f"the store of stills and clips is {url!r}; write it as s3://bucket/prefix")
    config: S3Config = {"region": region, "checksum_algorithm": "SHA256"}
    if endpoint:
        config["endpoint"] = endpoint
    if key:
        config |= {"access_key_id": key, "secret_access_key": secret}
    store = S3Store(
        name,
        prefix=prefix or None,
        config=config,
        client_options={
            "connect_timeout": CONNECT,
            "timeout": PATIENCE,
            "allow_http": endpoint.startswith("http://"),
        },
        retry_config={"max_retries": 3, "retry_timeout": RETRY},
    )
    return Bucket(store)


class Bucket:
    """Ports Media and Uploads on a bucket.

    Every method raises AwayError while the bucket does not answer.
    """

    def __init__(self, store: S3Store, most: int = MOST_BYTES) -> None:
        self._store, self._most = store, most
        self.well = True
        """Whether the bucket answered when it was last asked."""

    def put(self, sha256: str, parts: Iterable[bytes]) -> int:
        """Store the bytes durably and return their number.

        Raises:
            TooLargeError: there are too many of them.
            ValueError: they do not have this hash; nothing is kept.
        """
        size = 0
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as whole:
            for data in parts:
                size = within(size + len(data), self._most)
                whole.write(data)
            self.keep(sha256, whole)
        return size

    def keep(self, sha256: str, whole: IO[bytes]) -> None:
        """Store an open file under its hash.

        Raises:
            ValueError: it has another one; nothing is kept.
        """
        whole.seek(0)
        found = hashlib.file_digest(whole, "sha256").hexdigest()  # type: ignore[arg-type]
        if found != sha256:
            raise ValueError(f"these bytes have the hash {found}, not {sha256}")
        whole.seek(0)
        with self._asked():
            obstore.put(self._store, _place(sha256), whole, use_multipart=False)

    def has(self, sha256: str) -> bool:
        """Whether the file is wholly stored."""
        try:
            self.size(sha256)
        except FileNotFoundError:
            return False
        return True

    def size(self, sha256: str) -> int:
        """Bytes of a stored file.

        Raises:
            FileNotFoundError: it is not stored.
        """
        with self._asked():
            return obstore.head(self._store, _place(sha256))["size"]

    def read(self, sha256: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` to before `stop`, in pieces.

        Raises:
            FileNotFoundError: it is not stored.
        """
        for begins in range(start, stop, PIECE):
            with self._asked():
                ends = min(begins + PIECE, stop)
                piece = bytes(obstore.get_range(self._store, _place(sha256), start=begins, end=ends))
            yield piece

    def offset(self, sha256: str) -> int:
        """How many bytes of an unfinished upload are here."""
        end = 0
        for start, size in self._begun(sha256):
            if start != end:
                break
            end += size
        return end

    def tidy(self, before: float) -> int:
        """Forget parts of unfinished uploads from before that moment (UNIX seconds); their number."""
        moment = datetime.fromtimestamp(before, UTC)
        with self._asked():
            metas = [meta for batch in obstore.list(self._store, "parts") for meta in batch]
            stale = [meta["path"] for meta in metas if meta["last_modified"] < moment]
            if stale:
                obstore.delete(self._store, stale)
        return len(stale)

    @contextmanager
    def upload(self, sha256: str, start: int, total: int) -> Iterator[PartObject]:
        """Take a part of `total` bytes that begins at byte `start`.

        Raises:
            TooLargeError: `total` is more than a file may have.
            OffsetError: the parts before it are not those that are here.
        """
        within(total, self._most)
        if start == 0:
            self.forget(sha256)
        elif start != (here := self.offset(sha256)):
            raise OffsetError(here)
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
            part = PartObject(self, sha256, start, total, file)
            try:
                yield part
            except BaseException:
                # What came before a broken connection stays for the next part; else it is sent again.
                with suppress(OffsetError, AwayError):
                    part.keep()
                raise
            part.keep()

    def begun(self, sha256: str, stop: int) -> Iterator[bytes]:
        """The bytes of an unfinished upload up to `stop`."""
        for start, size in self._begun(sha256):
            if start + size > stop:
                return
            with self._asked():
                part = bytes(obstore.get(self._store, _part(sha256, start)).bytes())
            yield part

    def keep_part(self, sha256: str, start: int, data: IO[bytes]) -> None:
        """Store a part.

        Raises:
            OffsetError: somebody else stored one that begins there.
        """
        data.seek(0)
        try:
            with self._asked():
                obstore.put(self._store, _part(sha256, start), data, mode="create", use_multipart=False)
        except AlreadyExistsError as error:
            raise OffsetError(self.offset(sha256)) from error

    def forget(self, sha256: str) -> None:
        """Delete the parts of an upload."""
        if begun := self._begun(sha256):
            with self._asked():
                obstore.delete(self._store, [_part(sha256, start) for start, _ in begun])

    def _begun(self, sha256: str) -> list[tuple[int, int]]:
        """Start and size of each part that is here."""
        with self._asked():
            metas = [m for batch in obstore.list(self._store, f"parts/{checked(sha256)}") for m in batch]
        return sorted((int(meta["path"].rpartition("/")[2]), meta["size"]) for meta in metas)

    @contextmanager
    def _asked(self) -> Iterator[None]:
        try:
            yield
        except (AlreadyExistsError, FileNotFoundError):
            self.well = True
            raise
        except BaseError as error:
            self.well = False
            raise AwayError(f"the store of stills and clips does not answer: {error}") from error
        self.well = True


def _place(sha256: str) -> str:
    return f"{checked(sha256)[:2]}/{sha256}"


def _part(sha256: str, start: int) -> str:
    return f"parts/{checked(sha256)}/{start:010d}"
