"""What was measured of a work, told with one plain sentence each to whoever may read its label."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gallery.works.models import Artwork, Measures, Medium
from gallery.works.querysets import ArtworkQuerySet

CODECS = {"png": "PNG", "webp": "WebP", "lzma": "LZMA", "writers": gettext_lazy("a small model")}


@dataclass(frozen=True, slots=True)
class Measure:
    """One number, and what it means."""

    name: str
    value: str
    means: str


@dataclass(frozen=True, slots=True)
class Measured:
    """All that a work's page says of its measures."""

    measures: list[Measure]
    nearest: Artwork | None  # the earlier work most like it, if the reader may see its label
    hidden: bool  # whether there is a nearest one that the reader may not know
    reason: str  # why there are no measures; empty where there are

    @property
    def nearest_alone(self) -> list[Artwork]:
        """The nearest work as a list, which is how small pictures are shown."""
        return [self.nearest] if self.nearest else []


def measured(artwork: Artwork, signed: ArtworkQuerySet) -> Measured | None:
    """None while a work waits to be measured. `signed` are the works whose label the reader may
    see: no other is named. Two queries at most."""
    taken = artwork.measures.newest().defer("features").first()
    if taken is None:
        return None
    nearest = None
    if taken.nearest_id is not None:
        nearest = signed.filter(pk=taken.nearest_id).select_related("maker").first()
    return Measured(
        measures=[] if taken.reason else [*_alone(artwork, taken), *_among_others(taken)],
        nearest=nearest,
        hidden=nearest is None and taken.nearest_id is not None,
        reason=taken.reason,
    )


def _alone(artwork: Artwork, taken: Measures) -> list[Measure]:
    """What the work tells by itself."""
    lengths = ", ".join(
        f"{CODECS.get(name, name)} {_number(bits, 1)}" for name, bits in taken.lengths.items()
    )
    if artwork.medium == Medium.TEXT:
        means = _(
            "Bits a character that a compressor, and a small model that has read Shakespeare and "
            "Tang poems, need to describe it: little for what can be foreseen, much for what "
            "follows no rule."
        )
        return [Measure(_("Description length"), lengths, means)]
    means = _(
        "Bits a pixel that two compressors need to describe it: almost none for a plain field, 24 "
        "for pure chance."
    )
    return [*_shades(taken), Measure(_("Description length"), lengths, means)]


def _shades(taken: Measures) -> list[Measure]:
    told = [
        (
            _("Entropy of its shades"),
            taken.luminance_entropy,
            _(
                "How evenly light and dark are mixed, wherever they lie: 0 for a single shade, 8 "
                "for all shades alike."
            ),
        ),
        (
            _("Permutation entropy"),
            taken.permutation_entropy,
            _(
                "How little neighbouring pixels tell of each other: 0 for a plain field, 1 for "
                "noise."
            ),
        ),
        (
            _("Statistical complexity"),
            taken.statistical_complexity,
            _(
                "How much structure there is between order and chance: 0 for a plain field, and 0 "
                "for noise."
            ),
        ),
    ]
    return [
        Measure(name, _number(value, 2), means) for name, value, means in told if value is not None
    ]


def _among_others(taken: Measures) -> list[Measure]:
    told = [
        (
            _("Novelty"),
            taken.novelty,
            _(
                "How far it lies, in the mean, from the ten most similar works that hung here "
                "before it: 0 where it repeats them all."
            ),
        ),
        (
            _("Typicality"),
            taken.typicality,
            _(
                "How like the mean of all works it is that hung here before it: 1 for entirely "
                "alike."
            ),
        ),
        (
            _("Distance to the nearest"),
            taken.distance,
            _("How far it lies from the one earlier work that is most like it: 0 for a copy."),
        ),
    ]
    return [
        Measure(name, _number(value, 2), means) for name, value, means in told if value is not None
    ]


def _number(value: float, decimals: int) -> str:
    """As the language writes numbers. Django's own formatting cuts decimals off instead."""
    return number_format(round(value, decimals) + 0.0, decimals)
