"""makemessages, which also collects what generators say of themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands import makemessages

from generators.catalog import GENERATORS, Generator
from generators.portraits import PORTRAITS
from generators.training.trainers import TRAINERS, Trainer


class Command(makemessages.Command):
    """Generators may not import Django, so xgettext finds nothing marked in them; the studio and
    the labels translate their words all the same, and this puts them into the same catalog.

    Line numbers, obsolete entries and what no visitor reads are left out unless asked for.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(
            add_location="file",
            no_obsolete=True,
            ignore_patterns=[".venv", "var", "docs", "bench", "tests"],
        )

    def process_files(self, file_list: list[makemessages.TranslatableFile]) -> None:
        """Write the template that msguniq and msgmerge then work on."""
        super().process_files(file_list)
        if self.domain == "django":
            with (Path(settings.LOCALE_PATHS[0]) / "django.pot").open("a") as template:
                template.writelines(map(_entry, dict.fromkeys(catalog_words())))


def catalog_words() -> Iterator[str]:
    """What all generators, portraits and trainers say of themselves and their params, and params'
    names as labels spell them, which do not know the catalog. A generator's title is its name, the
    same everywhere."""
    for portrait in PORTRAITS.values():
        yield portrait.manner
        yield from (preset.title for preset in portrait.presets)
    for trainer in TRAINERS.values():
        yield from (preset.title for preset in trainer.presets)
    declared: list[Generator | Trainer] = [*GENERATORS.values(), *TRAINERS.values()]
    for generator in declared:
        yield generator.summary
        for name, told in generator.params.model_json_schema()["properties"].items():
            yield from (told["title"], told["description"], name.replace("_", " ").capitalize())
            for branch in (told, *told.get("anyOf", ())):
                yield from branch.get("enum", ())
                yield from [branch["const"]] if "const" in branch else ()


def _entry(words: str) -> str:
    return f'\n#: generators\nmsgid {json.dumps(words, ensure_ascii=False)}\nmsgstr ""\n'
