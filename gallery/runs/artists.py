"""The machine artists as the studio shows them: who they are, and what of theirs hangs here."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from gallery.runs.models import Output
from gallery.works.models import Artwork
from generators.catalog import GENERATORS, Generator
from generators.portraits import PORTRAITS, Portrait, knob_of
from generators.training.trainers import Preset

MOST_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Artist:
    """A generator, its portrait, and up to MOST_SAMPLES works that everybody may see signed."""

    generator: Generator
    portrait: Portrait
    samples: list[Artwork] = field(default_factory=list)

    @property
    def presets(self) -> list[tuple[str, str]]:
        """Title and address of the form that each preset fills."""
        form = reverse("run-new", args=[self.generator.name])
        return [
            (_(preset.title), f"{form}?{urlencode(_as_text(preset))}")
            for preset in self.portrait.presets
        ]

    @property
    def knob(self) -> dict[str, str] | None:
        """Title and help of what a ladder turns."""
        knob = knob_of(self.generator)
        return {"title": _(knob[0]), "help": _(knob[1])} if knob else None


def artists(only: str = "") -> list[Artist]:
    """Every artist in the order of the catalog, or the one of this name; one query."""
    shown = {
        name: Artist(generator, PORTRAITS[name])
        for name, generator in GENERATORS.items()
        if only in ("", name)
    }
    for output in Output.objects.filter(run__generator__in=shown).samples(MOST_SAMPLES):
        shown[output.run.generator].samples.append(output.artwork)
    return list(shown.values())


def _as_text(preset: Preset) -> dict[str, str]:
    return {name: str(value) for name, value in preset.values.items()}
