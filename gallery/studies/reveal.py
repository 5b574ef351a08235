"""The end of blindness: the only module of studies that reads who made a work."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Prefetch
from django.utils.translation import gettext as _

from gallery.studies.models import Guess, Item, Rater, Rating, Trial
from gallery.studies.questions import GUESSES
from gallery.works.models import Artwork

LEAST_FOR_A_PERSON = 4  # of the six points of a guess


@dataclass(frozen=True)
class Dot:
    """One of the seven places of a strip: how large the others' dot is, and whether you chose it.

    The radius is in hundredths of a place and its area grows with the number of answers.
    """

    place: int
    radius: float
    yours: bool

    @property
    def x(self) -> int:
        return 100 * self.place - 50


@dataclass(frozen=True)
class Strip:
    """Your mark on one scale among everyone's."""

    item: Item
    yours: int
    others: int
    dots: list[Dot]


@dataclass(frozen=True)
class WallLabel:
    """A work with its name at last, and what you made of it; or a work that stays unsigned."""

    trial: Trial
    signed: bool
    strips: list[Strip]  # empty for a work that stays unsigned
    guessed: str
    right: bool | None  # None where nothing was guessed

    @property
    def artwork(self) -> Artwork:
        return self.trial.study_work.artwork

    @property
    def made(self) -> str:
        """How it was made, in a few words."""
        if not self.artwork.by_machine:
            return _("made by a person")
        generator = (self.artwork.recipe or {}).get("generator")
        return _("made by a machine: %(name)s") % {"name": generator or self.artwork.maker.name}


@dataclass(frozen=True)
class Reveal:
    """What a rater is told at the end."""

    labels: list[WallLabel]

    @property
    def right(self) -> int:
        return sum(label.right is True for label in self.labels)

    @property
    def guessed(self) -> int:
        return sum(label.right is not None for label in self.labels)


def reveal(rater: Rater, raters: Collection[int]) -> Reveal:
    """The labels of a rater's works, in the order of the sitting. Four queries.

    Only for a rater whose `revealed_at` is set: the caller asks. A work is signed here when the
    gallery signs it for this visitor, who is all of `raters` (primary keys): not when it was passed
    over in an open study, nor while another sitting of theirs shows it.
    """
    ratings = Prefetch("ratings", Rating.objects.order_by("pk"), to_attr="marks")
    trials = list(
        rater.trials.select_related("guess", "study_work__artwork__maker").prefetch_related(ratings)
    )
    counts = _everyones([trial.study_work_id for trial in trials])
    shown = Artwork.objects.filter(study_works__trials__rater=rater)
    signed = set(shown.signed_for(raters).values_list("pk", flat=True))
    return Reveal(
        [
            _label(trial, counts[trial.study_work_id])
            if trial.study_work.artwork_id in signed
            else WallLabel(trial, signed=False, strips=[], guessed="", right=None)
            for trial in trials
        ]
    )


def _everyones(study_works: Collection[int]) -> defaultdict[int, Counter[tuple[str, int]]]:
    """For each work of a study, how often each (item, value) was answered."""
    counts: defaultdict[int, Counter[tuple[str, int]]] = defaultdict(Counter)
    rows = (
        Rating.objects.filter(trial__study_work__in=study_works)
        .values_list("trial__study_work", "item", "value")
        .annotate(Count("pk"))
    )
    for work, item, value, count in rows:
        counts[work][item, value] = count
    return counts


def _label(trial: Trial, counts: Counter[tuple[str, int]]) -> WallLabel:
    guess: Guess | None = getattr(trial, "guess", None)
    right = None
    if guess:
        by_machine = trial.study_work.artwork.by_machine
        right = (guess.value >= LEAST_FOR_A_PERSON) is not by_machine
    marks: list[Rating] = getattr(trial, "marks", [])
    strips = [_strip(mark, counts) for mark in marks]
    return WallLabel(trial, True, strips, _in_words(guess), right)


def _in_words(guess: Guess | None) -> str:
    if not guess:
        return ""
    _value, name, meaning = GUESSES[guess.value - 1]
    return str(meaning or name)


def _strip(mark: Rating, counts: Counter[tuple[str, int]]) -> Strip:
    here = {place: counts[mark.item, place] for place in range(1, 8)}
    here[mark.value] -= 1  # everyone's, less your own
    most = max(1, *here.values())
    dots = [
        Dot(place, round(40 * (count / most) ** 0.5, 1), place == mark.value)
        for place, count in here.items()
    ]
    return Strip(Item(mark.item), mark.value, sum(here.values()), dots)
