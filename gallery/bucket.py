"""Works in a bucket of an S3-compatible store. Only imported where the settings name a bucket.

django-storages finds settings, keys and pages of a listing. Ours are four promises: a file costs
one request to read and one to write; it is there whole, or not at all; no address of the bucket is
given to anybody; and a store that does not answer is told apart from a file that is not there.
"""

from __future__ import annotations

import base64
import errno
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from tempfile import SpooledTemporaryFile
from threading import Lock
from types import SimpleNamespace
from typing import IO, Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

from gallery.storage import StorageAway

IN_MEMORY = 8 * 2**20  # bytes of a file that is read; a larger one goes through a temporary file

# Someone may be waiting at a browser: a store that is gone is told within ten seconds, and one that
# has fallen silent within half a minute.
PATIENCE = Config(
    connect_timeout=2,
    read_timeout=10,
    retries={"mode": "standard", "total_max_attempts": 3},
    max_pool_connections=32,
    # The newer checksums are unknown to many stores. Each file goes with its MD5, known to all.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


class Fetched(File):  # type: ignore[type-arg]  # generic in the stubs only
    """A copy of an object, as it was in one answer."""

    def __init__(self, storage: BucketStorage, name: str) -> None:
        super().__init__(storage.fetch(name), name)
        self.storage = storage

    def open(self, mode: str | None = None, *args: Any, **kwargs: Any) -> Fetched:
        if self.closed:
            self.file = self.storage.fetch(str(self.name))
        else:
            self.seek(0)
        return self


class BucketStorage(S3Storage):
    """Names are hashes or drawn by chance, so that writing over a file writes the same bytes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._connections = SimpleNamespace()  # one for all threads: it takes 0.3 s to make
        self._making = Lock()

    def get_default_settings(self) -> dict[str, Any]:
        ours = {"client_config": PATIENCE, "default_acl": None, "file_overwrite": True}
        defaults: dict[str, Any] = super().get_default_settings()
        return defaults | ours

    @property
    def client(self) -> Any:
        with self._making:
            return self.connection.meta.client

    def fetch(self, name: str) -> IO[bytes]:
        """Read to its end, so that nobody is served a part. Raises FileNotFoundError."""
        with self._asking(name) as place:
            answer = self.client.get_object(**place)
            copy = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  whoever asked closes it
            shutil.copyfileobj(answer["Body"], copy)
        copy.seek(0)
        return copy

    def _open(self, name: str, mode: str = "rb") -> Fetched:
        if mode != "rb":
            raise ValueError("A file in a bucket is read, or saved as a whole.")
        return Fetched(self, name)

    def _save(self, name: str, content: File[bytes]) -> str:
        digest = hashlib.md5(usedforsecurity=False)
        for chunk in content.chunks():
            digest.update(chunk)
        content.seek(0)
        with self._asking(name) as place:
            self.client.put_object(
                **place, Body=content, ContentMD5=base64.b64encode(digest.digest()).decode()
            )
        return str(clean_name(name))

    def delete(self, name: str) -> None:
        with self._asking(name) as place:
            self.client.delete_object(**place)

    def exists(self, name: str) -> bool:
        try:
            return bool(self._head(name))
        except FileNotFoundError:
            return False

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with self._asking(name):
            folders, files = super().listdir(name)
        return folders, files

    def size(self, name: str) -> int:
        return int(self._head(name)["ContentLength"])

    def get_modified_time(self, name: str) -> datetime:
        modified: datetime = self._head(name)["LastModified"]
        return modified

    def url(self, name: str | None, *args: object, **kwargs: object) -> str:
        raise ValueError("A bucket's address is given to nobody: a view asks who may see a work.")

    def _head(self, name: str) -> dict[str, Any]:
        with self._asking(name) as place:
            told: dict[str, Any] = self.client.head_object(**place)
            return told

    @contextmanager
    def _asking(self, name: str) -> Iterator[dict[str, str]]:
        """Where the object lies; raises FileNotFoundError or StorageAway for boto3's errors."""
        try:
            yield {"Bucket": self.bucket_name, "Key": self._normalize_name(clean_name(name))}
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code")
            if code in {"404", "NoSuchKey"}:  # not NoSuchBucket
                raise FileNotFoundError(errno.ENOENT, "No such object", name) from None
            raise StorageAway(f"The bucket {self.bucket_name} refuses: {error}") from error
        except BotoCoreError as error:
            raise StorageAway(f"The bucket {self.bucket_name} is away: {error}") from error
