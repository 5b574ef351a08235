"""Check that a study is what it was frozen as, and that its key is the one it committed to."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gallery.studies.freezing import complaints, labels_changed
from gallery.studies.models import Study


class Command(BaseCommand):
    help = "Check a study's frozen document and key: in this gallery, or from published files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study", nargs="?", help="the last part of the study's address")
        parser.add_argument("--document", type=Path, help="a published document, as downloaded")
        parser.add_argument("--sha256", help="the hash that was published with the document")
        parser.add_argument("--key", type=Path, help="the key, as downloaded after the close")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["study"]:
            found = self.of_gallery(options["study"])
        elif options["document"] and options["sha256"]:
            key = read(options["key"]) if options["key"] else None
            found = complaints(read(options["document"]), options["sha256"], key)
        else:
            raise CommandError("Name a study, or give --document and --sha256 (and --key).")
        if found:
            raise CommandError(" ".join(found))
        self.stdout.write("The study is what it was frozen as.")

    def of_gallery(self, slug: str) -> list[str]:
        study = Study.objects.opened().filter(slug=slug).first()
        if study is None or study.document is None:
            raise CommandError(f"No study with the address “{slug}” was ever opened here.")
        found = complaints(study.document, study.document_sha256, study.key)
        return found + (labels_changed(study.key) if study.key else [])


def read(path: Path) -> dict[str, Any]:
    """Raises CommandError with what to do."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{path} is not JSON. Download it again.") from error
    if not isinstance(found, dict):
        raise CommandError(f"{path} is not a document or key of a study.")
    return found
