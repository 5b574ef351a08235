"""What a work is made from besides params and seed, as files of this machine."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.utils.translation import gettext_noop

from gallery.runs.child import Message
from gallery.runs.models import Role
from gallery.works.models import Artwork, Kind, Medium, Rendition
from generators.refused import Refused


def laid_out(used: Iterable[tuple[str, Artwork]], folder: Path) -> Message:
    """The part of a job that names works: each with its role, styles in the order of their weights.

    Raises Refused if storage has one of them no more: no further try would find it.
    """
    job: Message = {}
    styles: list[str] = []
    for role, artwork in used:
        if role == Role.STYLE:
            styles.append(written(artwork, folder / f"style {len(styles) + 1}.webp"))
        elif artwork.medium == Medium.TEXT:
            job["content_text"] = artwork.text
        else:
            job["content_file"] = written(artwork, folder / "content.webp")
    return job | ({"style_files": styles} if styles else {})


def written(artwork: Artwork, path: Path) -> str:
    """A picture as a file: upright, sRGB and bounded in size. Raises Refused if it is gone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        rendition = Rendition.objects.get(artwork=artwork, kind=Kind.DISPLAY)
        with rendition.file.open("rb") as file:
            path.write_bytes(file.read())
    except (Rendition.DoesNotExist, FileNotFoundError):
        raise Refused(
            gettext_noop("The file of a work that this run starts from is missing.")
        ) from None
    return str(path)
