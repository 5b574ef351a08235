"""The end of blindness: the only module of studies that reads who made a work."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Count, Prefetch
from django.utils.translation import gettext as _

from gallery.studies.models import (
    Choice,
    Guess,
    Item,
    Kind,
    Outcome,
    Rater,
    Rating,
    StudyWork,
    Trial,
)
from gallery.studies.questions import GUESSES
from gallery.works.models import Artwork

LEAST_FOR_A_PERSON = 4  # of the six points of a guess


@dataclass(frozen=True)
class Dot:
    """One place of a strip: how large the others' dot is, and whether you chose it.

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
    """Your mark on one scale; among everyone's, where they may be told."""

    item: Item
    yours: int
    points: int
    others: int | None  # None while the study keeps them to itself
    dots: list[Dot]


@dataclass(frozen=True)
class WallLabel:
    """A work with its name at last, and what you made of it; or a work that stays unsigned."""

    trial: Trial
    work: StudyWork
    signed: bool
    strips: tuple[Strip, ...] = ()  # empty for a work that stays unsigned
    chosen: tuple[str, ...] = ()  # of a pair: what this one was chosen for
    guessed: str = ""
    right: bool | None = None  # None where nothing was guessed

    @property
    def artwork(self) -> Artwork:
        return self.work.artwork

    @property
    def at_right(self) -> bool:
        return self.work.pk == self.trial.right_work_id

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
    differences: list[int]  # in points, between the marks of works that were shown twice

    @property
    def right(self) -> int:
        return sum(label.right is True for label in self.labels)

    @property
    def guessed(self) -> int:
        return sum(label.right is not None for label in self.labels)

    @property
    def guesses(self) -> list[bool]:
        """For each guess whether it was right, in the order of the sitting."""
        return [label.right for label in self.labels if label.right is not None]

    @property
    def between(self) -> tuple[int, int] | None:
        """How many of a hundred works like these you would take for what they are: the 95 %
        interval of Wilson (1927). None below five guesses, of which it would say nothing."""
        if self.guessed < 5:
            return None
        from scipy.stats import binomtest  # takes a second to import, and only here

        interval = binomtest(self.right, self.guessed).proportion_ci(method="wilson")
        return round(100 * interval.low), round(100 * interval.high)

    @property
    def difference(self) -> float | None:
        """How far your marks on the same work lay apart on average, in points."""
        return sum(self.differences) / len(self.differences) if self.differences else None


def reveal(rater: Rater, raters: Collection[int]) -> Reveal:
    """The labels of a rater's works, in the order of the sitting.

    Only for a rater whose `revealed_at` is set: the caller asks. A work is signed here when the
    gallery signs it for this visitor, who is all of `raters` (primary keys): not when it was passed
    over in an open study, nor while another sitting of theirs shows it.
    """
    marks = Prefetch("ratings", Rating.objects.order_by("pk"), to_attr="marks")
    trials = list(
        rater.trials.exclude(kind=Kind.PRACTICE)
        .select_related("guess", "study_work__artwork__maker", "right_work__artwork__maker")
        .prefetch_related(marks, "choices")
    )
    shown = [trial.study_work.artwork_id for trial in trials]
    shown += [trial.right_work.artwork_id for trial in trials if trial.right_work]
    hung = Artwork.objects.filter(pk__in=shown)
    signed = set(hung.visible_to(None, raters).values_list("pk", flat=True))
    told = rater.study.rules.tell_others_marks or rater.study.is_closed
    counts = _everyones([trial.study_work_id for trial in trials]) if told else None
    points: dict[str, int] = {scale.item: scale.points for scale in rater.study.rules.scales}
    labels = []
    for trial in trials:
        if trial.kind == Kind.REPEAT:
            continue
        for work in (trial.study_work, trial.right_work):
            if work and work.artwork_id in signed:
                labels.append(_label(trial, work, counts, points))
            elif work:
                labels.append(WallLabel(trial, work, signed=False))
    return Reveal(labels, list(_differences(trials)))


def _everyones(study_works: Collection[int]) -> defaultdict[int, Counter[tuple[str, int]]]:
    """For each work of a study, how often each (item, value) was answered on first sight."""
    counts: defaultdict[int, Counter[tuple[str, int]]] = defaultdict(Counter)
    rows = (
        Rating.objects.filter(trial__study_work__in=study_works)
        .exclude(trial__kind=Kind.REPEAT)
        .values_list("trial__study_work", "item", "value")
        .annotate(Count("pk"))
    )
    for work, item, value, count in rows:
        counts[work][item, value] = count
    return counts


def _differences(trials: Collection[Trial]) -> Iterator[int]:
    """Between the two marks of each scale of each work that was rated twice."""
    first = {
        (trial.study_work_id, mark.item): mark.value
        for trial in trials
        if trial.kind == Kind.RATED
        for mark in _marks(trial)
    }
    for trial in trials:
        if trial.kind == Kind.REPEAT and not trial.right_work_id:
            for mark in _marks(trial):
                if (before := first.get((trial.study_work_id, mark.item))) is not None:
                    yield abs(mark.value - before)


def _marks(trial: Trial) -> list[Rating]:
    """The ratings on scales, as `reveal` fetched them."""
    marks: list[Rating] = getattr(trial, "marks", [])
    return [mark for mark in marks if mark.item != Item.INSTRUCTED]


def _label(
    trial: Trial,
    work: StudyWork,
    counts: defaultdict[int, Counter[tuple[str, int]]] | None,
    points: dict[str, int],
) -> WallLabel:
    guess: Guess | None = getattr(trial, "guess", None)
    right = None
    if guess:
        right = (guess.value >= LEAST_FOR_A_PERSON) is not work.artwork.by_machine
    return WallLabel(
        trial,
        work,
        signed=True,
        strips=tuple(
            _strip(mark, counts[work.pk] if counts is not None else None, points.get(mark.item, 7))
            for mark in _marks(trial)
        ),
        chosen=tuple(_chosen(trial, work)),
        guessed=_in_words(guess),
        right=right,
    )


def _chosen(trial: Trial, work: StudyWork) -> Iterator[str]:
    side = Outcome.RIGHT if work.pk == trial.right_work_id else Outcome.LEFT
    choices: Collection[Choice] = trial.choices.all()
    for choice in choices:
        if choice.outcome == side:
            yield choice.get_item_display()


def _in_words(guess: Guess | None) -> str:
    if not guess:
        return ""
    _value, name, meaning = GUESSES[guess.value - 1]
    return str(meaning or name)


def _strip(mark: Rating, counts: Counter[tuple[str, int]] | None, points: int) -> Strip:
    places = range(1, points + 1)
    here = {place: counts[mark.item, place] if counts is not None else 0 for place in places}
    if counts is not None:
        here[mark.value] -= 1  # everyone's, less your own
    most = max(1, *here.values())
    dots = [
        Dot(place, round(40 * (count / most) ** 0.5, 1), place == mark.value)
        for place, count in here.items()
    ]
    others = None if counts is None else sum(here.values())
    return Strip(Item(mark.item), mark.value, points, others, dots)
