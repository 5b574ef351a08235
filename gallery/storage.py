"""Files that are whole or absent, whatever is killed when."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage

logger = logging.getLogger(__name__)


class StorageAway(OSError):
    """Where files are kept does not answer, or refuses everything: nothing is known of the file."""


def discard(names: Iterable[str]) -> None:
    """Delete what no row names any more, or will. What cannot be deleted now is a stray, which
    `manage.py doctor` finds."""
    for name in names:
        try:
            default_storage.delete(name)
        except OSError:
            logger.warning("%s stays behind, for it could not be deleted.", name, exc_info=True)


class Whole(File):  # type: ignore[type-arg]  # generic in the stubs only
    """A finished temporary file; Django's storage moves such a file instead of copying it."""

    def __init__(self, path: str) -> None:
        super().__init__(None, name=path)
        self.path = path

    def temporary_file_path(self) -> str:
        return self.path


class DurableFileSystemStorage(FileSystemStorage):
    """Write beside the place, sync, rename: a row that names a file can trust that it is whole."""

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]  # as above
        root = Path(self.location)
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=root, prefix=".incoming-", delete=False) as file:
            try:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
                saved: str = super()._save(name, Whole(file.name))  # type: ignore[misc]  # not in the stubs
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
        _sync_folder((root / saved).parent)
        return saved


def _sync_folder(folder: Path) -> None:
    """Make the new name itself outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
