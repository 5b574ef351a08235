"""What is done with studies that touches more than one row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gallery.studies.casting import cast
from gallery.studies.freezing import freeze
from gallery.studies.models import SITTING_LENGTHS, Rater, Role, State, Study, StudyWork
from gallery.studies.protocol import Protocol
from gallery.works.arms import By, arms
from gallery.works.models import Artwork, Medium

if TYPE_CHECKING:
    from gallery.works.collections import Collection as Curated

RESERVED_SLUGS = {"new", "power"}
UNFIT = gettext_lazy(
    "Some of these works were passed over, have no licence, await their artist's consent, are of "
    "another medium or too small, or are in another open study."
)


class StudyRefused(ValueError):
    """This study cannot be opened, or this visitor cannot begin it; the message says why."""


def available(
    medium: str,
    *,
    before: Study | None = None,
    simulated: bool = False,
    within: Curated | None = None,
) -> list[int]:
    """The works of this medium (primary keys) that hang, or may hang, that are large enough to be
    blind, and that no open study holds, save for the version before, which closes as the next one
    opens. Simulated raters may see all. Only those of one collection, with `within`.

    A candidate is the better choice: nobody has read its label yet.
    """
    works = Artwork.objects.hung_or_ready().artists_works().filter(medium=medium)
    if within:
        works = works.filter(placings__collection=within)
    if simulated:
        return list(works.values_list("pk", flat=True))
    held = StudyWork.objects.filter(study__state=State.OPEN, study__simulated=False)
    held = held.exclude(study=before)
    return list(
        works.as_sharp_as_any().exclude(pk__in=held.values("artwork")).values_list("pk", flat=True)
    )


def available_per_arm(medium: str, by: By = "sides") -> tuple[int, int]:
    """How many works wait in the smallest and in the largest arm; (0, 0) where one is empty."""
    try:
        sides = Counter(arms(available(medium), seed=0, by=by).values())
    except ValueError:
        return 0, 0
    return min(sides.values()), max(sides.values())


def sample(artwork_ids: Collection[int], *, per_arm: int, seed: int, by: By = "sides") -> list[int]:
    """At most `per_arm` works from each arm, drawn by the seed. ValueError if an arm is empty."""
    rng = Random(seed)  # noqa: S311 - repeatable on purpose
    sides = arms(artwork_ids, seed, by)
    drawn: list[int] = []
    for arm in sorted(set(sides.values())):
        works = sorted(pk for pk, side in sides.items() if side == arm)
        drawn += rng.sample(works, min(per_arm, len(works)))
    return drawn


def draft_study(
    *,
    title: str,
    slug: str,
    purpose: str,
    medium: str,
    artwork_ids: Collection[int],
    trials_per_rater: int,
    seed: int,
    rules: Protocol | None = None,
    strata: Mapping[int, str] | None = None,
    code: UUID | None = None,
    simulated: bool = False,
    previous: Study | None = None,
) -> Study:
    """Write down a study that nobody can sit yet: its rules, and which works it shows for what.

    `artwork_ids` are rated; anchors, practice and preview are cast from what else there is.
    `code` is the study's public id; no two studies share one. Raises StudyRefused (a ValueError)
    with a sentence that says what is missing.
    """
    rules = rules or Protocol()
    if slug in RESERVED_SLUGS:
        raise StudyRefused(_("This address is taken by a page. Choose another title."))
    if trials_per_rater not in SITTING_LENGTHS:
        raise StudyRefused(_("A sitting shows an even number of works, from 2 to 40."))
    try:
        with transaction.atomic():
            free = available(Medium(medium), before=previous, simulated=simulated)
            sides = _sides(artwork_ids, free, rules, seed=seed, trials=trials_per_rater)
            study = Study.objects.create(
                code=code or uuid4(),
                title=title,
                slug=slug,
                purpose=purpose,
                medium=medium,
                seed=seed,
                trials_per_rater=trials_per_rater,
                protocol=rules.model_dump(mode="json"),
                simulated=simulated,
                version=previous.version + 1 if previous else 1,
                previous=previous,
            )
            StudyWork.objects.bulk_create(
                StudyWork(study=study, artwork_id=pk, arm=arm, stratum=(strata or {}).get(pk, ""))
                for pk, arm in sides.items()
            )
            StudyWork.objects.bulk_create(
                StudyWork(study=study, artwork_id=pk, role=role)
                for pk, role in cast(study, set(sides), free).items()
            )
    except IntegrityError as taken:
        raise StudyRefused(_("Another study has this address. Choose another title.")) from taken
    return study


def open_draft(study: Study) -> bool:
    """Freeze a draft and let visitors in; False if it was open before.

    Candidates among its works are hung at the same moment, so that no label is public before.
    Raises StudyRefused where a work is not to be had any more.
    """
    with transaction.atomic():
        # The lock makes two admins who want the same works take turns.
        wanted = Artwork.objects.select_for_update().filter(study_works__study=study)
        rated = set(study.works.filter(role=Role.RATED).values_list("artwork", flat=True))
        list(wanted.order_by("pk").values_list("pk", flat=True))
        waiting = Artwork.objects.candidates().filter(study_works__study=study)
        unready = waiting.exclude(pk__in=waiting.hung_or_ready().values("pk"))
        if not rated <= set(_free_for(study)) or unready.exists():
            raise StudyRefused(str(UNFIT))
        if study.rules.descriptions and study.works.undescribed().exists():
            raise StudyRefused(
                _(
                    "Not every picture of this study has a description. Have the others described "
                    "(manage.py describe_study), or serve none."
                )
            )
        if not freeze(study):
            return False
        for work in waiting.all():
            work.hang()
    return True


def open_study(
    *,
    title: str,
    slug: str,
    purpose: str,
    medium: str,
    artwork_ids: Collection[int],
    trials_per_rater: int,
    seed: int,
    rules: Protocol | None = None,
    code: UUID | None = None,
    simulated: bool = False,
) -> Study:
    """Draft a study and open it at once, or neither. Raises StudyRefused."""
    with transaction.atomic():
        study = draft_study(
            title=title,
            slug=slug,
            purpose=purpose,
            medium=medium,
            artwork_ids=artwork_ids,
            trials_per_rater=trials_per_rater,
            seed=seed,
            rules=rules,
            code=code,
            simulated=simulated,
        )
        open_draft(study)
    return study


def _free_for(study: Study) -> list[int]:
    return available(study.medium, before=study.previous, simulated=study.simulated)


def _sides(
    artwork_ids: Collection[int],
    free: Collection[int],
    rules: Protocol,
    *,
    seed: int,
    trials: int,
) -> dict[int, str]:
    """The arm of each work, once all are fit for a study; StudyRefused otherwise."""
    if not set(artwork_ids) <= set(free):
        raise StudyRefused(str(UNFIT))
    try:
        sides = arms(artwork_ids, seed, rules.allocation.arms)
    except ValueError as one_sided:
        raise StudyRefused(str(one_sided)) from one_sided
    counted = Counter(sides.values())
    if rules.mode == "pairs" and len(counted) != 2:
        raise StudyRefused(_("Pairs are made of two groups; compare by origin."))
    few, least = min(counted.values()), trials // len(counted)
    if few < max(1, least):
        raise StudyRefused(
            _(
                "One side has only %(few)d works; a sitting needs at least %(least)d from each. "
                "Hang more works, or show fewer in a sitting."
            )
            % {"few": few, "least": max(1, least)}
        )
    return sides


def erase(rater: Rater) -> None:
    """Erase a sitting with every answer in it, for good. Answers on their way to it come before
    or find nothing; erasing twice is erasing once."""
    with suppress(Rater.DoesNotExist), transaction.atomic():
        Rater.objects.locked(rater.pk).delete()
