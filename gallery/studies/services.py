"""What is done with studies that touches more than one row."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from contextlib import suppress
from random import Random
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from gallery.studies import design
from gallery.studies.models import (
    CODE_LETTERS,
    SITTING_LENGTHS,
    Item,
    Rater,
    State,
    Study,
    StudyWork,
    Trial,
    new_rater_code,
)
from gallery.works.arms import arms
from gallery.works.models import Artwork, Medium

RESERVED_SLUGS = {"new"}


class StudyRefused(ValueError):
    """This study cannot be opened, or this visitor cannot begin it; the message says why."""


def available(medium: str) -> list[int]:
    """The works of this medium (primary keys) that hang, or may hang, and no open study holds.

    A candidate is the better choice: nobody has read its label yet.
    """
    works = Artwork.objects.hung_or_ready().filter(medium=medium)
    return list(works.exclude(study_works__study__state=State.OPEN).values_list("pk", flat=True))


def available_per_arm(medium: str) -> tuple[int, int]:
    """How many works wait on either side, the shorter side first; (0, 0) where one is empty."""
    works = available(medium)
    try:
        sides = list(arms(works, seed=0).values())
    except ValueError:
        return 0, 0
    few, many = sorted((sides.count("a"), sides.count("b")))
    return few, many


def sample(artwork_ids: Collection[int], *, per_arm: int, seed: int) -> list[int]:
    """At most `per_arm` works from each arm, drawn by the seed. ValueError if an arm is empty."""
    rng = Random(seed)  # noqa: S311 - repeatable on purpose
    sides = arms(artwork_ids, seed)
    drawn: list[int] = []
    for arm in ("a", "b"):
        works = sorted(pk for pk, side in sides.items() if side == arm)
        drawn += rng.sample(works, min(per_arm, len(works)))
    return drawn


def open_study(
    *,
    title: str,
    slug: str,
    purpose: str,
    medium: str,
    artwork_ids: Collection[int],
    trials_per_rater: int,
    seed: int,
    code: UUID | None = None,
) -> Study:
    """Freeze works, questions and rules, and open the study to visitors.

    Candidates among the works are hung at the same moment, so that no label is public before.
    `code` is the study's public id; no two studies share one. Raises StudyRefused (a ValueError)
    with a sentence that says what is missing.
    """
    if slug in RESERVED_SLUGS:
        raise StudyRefused(_("This address is taken by a page. Choose another title."))
    if trials_per_rater not in SITTING_LENGTHS:
        raise StudyRefused(_("A sitting shows an even number of works, from 2 to 40."))
    try:
        with transaction.atomic():
            sides = _sides(artwork_ids, Medium(medium), seed, least=trials_per_rater // 2)
            study = Study.objects.create(
                code=code or uuid4(),
                title=title,
                slug=slug,
                purpose=purpose,
                medium=medium,
                seed=seed,
                trials_per_rater=trials_per_rater,
            )
            StudyWork.objects.bulk_create(
                StudyWork(study=study, artwork_id=pk, arm=arm) for pk, arm in sides.items()
            )
            for work in Artwork.objects.candidates().filter(pk__in=sides):
                work.hang()
    except IntegrityError as taken:
        raise StudyRefused(_("Another study has this address. Choose another title.")) from taken
    return study


def _sides(
    artwork_ids: Collection[int], medium: Medium, seed: int, *, least: int
) -> dict[int, design.Arm]:
    """The arm of each work, once all are fit for a study; StudyRefused otherwise."""
    # The lock makes two admins who want the same works take turns.
    wanted = Artwork.objects.select_for_update().filter(pk__in=artwork_ids).order_by("pk")
    known = list(wanted.values_list("pk", flat=True))
    if not set(artwork_ids) <= set(known) & set(available(medium)):
        raise StudyRefused(
            _(
                "Some of these works were passed over, have no licence, are of another medium, "
                "or are in another open study."
            )
        )
    try:
        sides = arms(known, seed)
    except ValueError as one_sided:
        raise StudyRefused(str(one_sided)) from one_sided
    counted = list(sides.values())
    few = min(counted.count("a"), counted.count("b"))
    if few < least:
        raise StudyRefused(
            _(
                "One side has only %(few)d works; a sitting needs at least %(least)d from each. "
                "Hang more works, or show fewer in a sitting."
            )
            % {"few": few, "least": least}
        )
    return sides


def code_of_page(study: Study, once: UUID) -> str:
    """The rater's code that one consent page leads to, however often its button is pressed."""
    digest = salted_hmac("gallery.studies.consent", f"{study.pk} {once}").digest()
    number, letters = int.from_bytes(digest), len(CODE_LETTERS)
    return "".join(CODE_LETTERS[number // letters**i % letters] for i in range(12))


def begin(
    study: Study, language: str, *, raters: Collection[int] = (), once: UUID | None = None
) -> Rater:
    """A new rater with a whole sitting drawn and stored before the first page.

    `raters` are the visitor's earlier selves (primary keys): a work whose label any of them has
    seen is not drawn. With the same `once` it is the same rater again. Raises StudyRefused when
    the study is not open or nothing is left to show.
    """
    code = code_of_page(study, once) if once else new_rater_code()
    try:
        with transaction.atomic():
            return _seat(study, language, raters, code)
    except IntegrityError:
        if first := study.raters.filter(code=code).first():
            return first
        raise


def _seat(study: Study, language: str, raters: Collection[int], code: str) -> Rater:
    if not Study.objects.open().filter(pk=study.pk).exists():
        raise StudyRefused(_("This study is closed. It takes no more answers."))
    seed = secrets.randbits(63)
    works = study.works.unknown_to(raters).completed()
    candidates = [design.Candidate(*row) for row in works]
    try:
        plan = design.plan(candidates, trials=study.trials_per_rater, seed=seed)
    except design.NothingToShow as known:
        raise StudyRefused(
            _("You have read the labels of this study's works elsewhere; none is left to rate.")
        ) from known
    first = Item.COHERENCE if plan.coherence_first else Item.SURPRISE
    rater = Rater.objects.create(
        code=code, study=study, seed=seed, first_item=first, language=language
    )
    Trial.objects.bulk_create(
        Trial(rater=rater, study_work_id=work, position=position)
        for position, work in enumerate(plan.works, 1)
    )
    return rater


def erase(rater: Rater) -> None:
    """Erase a sitting with every answer in it, for good. Answers on their way to it come before
    or find nothing; erasing twice is erasing once."""
    with suppress(Rater.DoesNotExist), transaction.atomic():
        Rater.objects.locked(rater.pk).delete()
