"""Answers in bulk, as finished sittings leave them."""

from collections.abc import Callable, Sequence

from django.utils.timezone import now

from gallery.studies.models import Guess, Item, Rater, Rating, Study, Trial
from gallery.works.models import Origin
from tests.factories import make_rater

Answer = Callable[[int, int, bool], tuple[int, int]]
Guessing = Callable[[int, int, bool], int | None]


def spread(rater: int, work: int, by_machine: bool) -> tuple[int, int]:
    """Coherence one or two points higher for people, surprise alike; raters and works differ."""
    coherence = 3 + (rater + 2 * work) % 3 + (0 if by_machine else 1 + work % 2)
    return coherence, 2 + (rater * 7 + work * 3) % 4


def mostly_right(rater: int, work: int, by_machine: bool) -> int:
    """Right in three of four guesses."""
    says_machine = by_machine != ((rater + work) % 4 == 0)
    return 1 + (rater + work) % 3 if says_machine else 4 + (rater * work) % 3


def sit(
    study: Study,
    raters: int,
    *,
    answer: Answer = spread,
    guess: Guessing = mostly_right,
    skip: Callable[[int, int, bool], bool] = lambda *_: False,
    recognised: Callable[[int, int, bool], str] = lambda *_: "no",
    finished: bool = True,
    items: Sequence[str] = (Item.COHERENCE, Item.SURPRISE),
) -> list[Rater]:
    """`raters` sittings in which every work of a small study was answered. The functions take
    the rater's number, the work's place in the study and whether a machine made it."""
    revealed = now() if finished else None
    people = [make_rater(study, revealed_at=revealed) for _ in range(raters)]
    number = {rater.pk: n for n, rater in enumerate(people)}
    trials = list(
        Trial.objects.filter(rater__in=people).select_related("study_work__artwork").order_by("pk")
    )
    ratings, guesses = [], []
    for trial in trials:
        machine = trial.study_work.artwork.origin == Origin.MACHINE
        where = number[trial.rater_id], trial.position, machine
        trial.answered_at = now()
        if skip(*where):
            trial.skip_reason = "cannot_judge"
            continue
        trial.recognised = recognised(*where)
        for item, value in zip(items, answer(*where), strict=False):
            ratings.append(Rating(trial=trial, item=item, value=value))
        guessed = guess(*where) if finished else None
        if guessed:
            guesses.append(Guess(trial=trial, value=guessed))
    Trial.objects.bulk_update(trials, ["answered_at", "skip_reason", "recognised"], batch_size=100)
    Rating.objects.bulk_create(ratings)
    Guess.objects.bulk_create(guesses)
    return people
