"""What a backup consists of. The manifest is written last: a folder without one is no backup."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath

from django.core.files.base import ContentFile, File
from pydantic import BaseModel, ValidationError

from gallery.keeping.files import sha256_of
from gallery.keeping.integrity import Migration
from gallery.storage import DurableFileSystemStorage

FORMAT = 1
NAME = "manifest.json"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}  # by engine
MEDIA = "media"


class BackupRefused(Exception):
    """The message says to whoever runs the command what is wrong and what to do."""


class Kept(BaseModel):
    """A file of a backup; its size is in bytes."""

    sha256: str
    size: int

    @classmethod
    def at(cls, path: Path) -> Kept:
        """Read it to its end. Raises OSError."""
        with path.open("rb") as file:
            return cls(sha256=sha256_of(File(file)), size=file.tell())


class Manifest(BaseModel):
    """The state of the gallery that a backup holds, and the hash of everything in it."""

    format: int
    created: datetime
    engine: str
    migrations: list[Migration]  # applied
    rows: dict[str, int]  # by table
    files: dict[str, Kept]  # by path within the folder
    missing: list[str]  # what rows name and storage did not have
    sha256: str = ""  # of all the above

    @property
    def database(self) -> str:
        """The path of the database within the folder."""
        return DATABASES[self.engine]

    @property
    def media(self) -> Iterator[str]:
        """The names in storage of the other files."""
        return (name.removeprefix(f"{MEDIA}/") for name in self.files if name != self.database)

    @property
    def seal(self) -> str:
        """What `sha256` has to be."""
        told = self.model_dump_json(exclude={"sha256"})
        return hashlib.sha256(told.encode()).hexdigest()

    def write(self, folder: Path) -> None:
        """Seal it; all of it is there then or nothing, whatever is killed when."""
        self.sha256 = self.seal
        told = ContentFile(self.model_dump_json(indent=1).encode())
        DurableFileSystemStorage(location=folder).save(NAME, told)

    def __str__(self) -> str:
        size = sum(file.size for file in self.files.values()) / 2**20
        return (
            f"the gallery of {self.created:%Y-%m-%d %H:%M:%S %Z}, {sum(self.rows.values()):,} rows "
            f"in {len(self.rows)} tables, {len(self.files):,} files, {size:,.1f} MiB"
        )


def manifest_of(folder: Path) -> Manifest:
    """Read it, and nothing else. Raises BackupRefused."""
    try:
        told = json.loads((folder / NAME).read_bytes())
        if told["format"] != FORMAT:
            raise BackupRefused(
                f"{folder} was written in format {told['format']}, and this version of the program "
                f"reads format {FORMAT}. Restore it with the version that made it."
            )
        manifest = Manifest.model_validate(told)
        whole = manifest.sha256 == manifest.seal and manifest.database in manifest.files
    except FileNotFoundError:
        raise BackupRefused(
            f"{folder} is no backup: there is no {NAME} in it, which is written last. Either its "
            "making was interrupted, or the backup is in another folder."
        ) from None
    except OSError as error:
        raise BackupRefused(f"{folder / NAME} cannot be read: {error.strerror}.") from None
    except (ValueError, TypeError, KeyError, ValidationError):
        whole = False
    if not (whole and all(map(_stays_inside, manifest.files))):
        raise BackupRefused(f"{folder / NAME} is damaged. Take another backup.")
    return manifest


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def amiss(folder: Path, files: dict[str, Kept]) -> Iterator[str]:
    """Read every file; what is not as it was when it was copied, a sentence each."""
    for name, kept in files.items():
        try:
            found = Kept.at(folder / name)
            if found.size != kept.size:
                yield f"{name} has {found.size:,} bytes instead of {kept.size:,}."
            elif found != kept:
                yield f"{name} has changed."
        except FileNotFoundError:
            yield f"{name} is missing."
        except OSError as error:
            yield f"{name} cannot be read: {error.strerror}."
