"""Beginning a sitting: all that a rater will see is drawn and stored before the first page."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from random import Random
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from gallery.studies import design
from gallery.studies.models import (
    CODE_LETTERS,
    GuessTiming,
    Rater,
    Role,
    Study,
    Trial,
    new_rater_code,
)
from gallery.studies.sequence import Place, lay_out, pairs_of
from gallery.studies.services import StudyRefused


def code_of_page(study: Study, once: UUID) -> str:
    """The rater's code that one consent page leads to, however often its button is pressed."""
    digest = salted_hmac("gallery.studies.consent", f"{study.pk} {once}").digest()
    number, letters = int.from_bytes(digest), len(CODE_LETTERS)
    return "".join(CODE_LETTERS[number // letters**i % letters] for i in range(12))


def begin(
    study: Study,
    language: str,
    *,
    raters: Collection[int] = (),
    once: UUID | None = None,
    network: str = "",
) -> Rater:
    """A new rater with a whole sitting drawn and stored before the first page.

    `raters` are the visitor's earlier selves (primary keys): a work whose label any of them has
    seen is not drawn. With the same `once` it is the same rater again. Raises StudyRefused when
    the study is not open or nothing is left to show.
    """
    code = code_of_page(study, once) if once else new_rater_code()
    try:
        with transaction.atomic():
            return _seat(study, language, raters, code, network)
    except IntegrityError:
        if first := study.raters.filter(code=code).first():
            return first
        raise


def _seat(study: Study, language: str, raters: Collection[int], code: str, network: str) -> Rater:
    if not Study.objects.open().filter(pk=study.pk).exists():
        raise StudyRefused(_("This study is closed. It takes no more answers."))
    seed = secrets.randbits(63)
    candidates = [design.Candidate(*row) for row in study.works.unknown_to(raters).completed()]
    rules = study.rules
    try:
        plan = design.plan(
            candidates,
            trials=study.trials_per_rater,
            seed=seed,
            most_in_a_row=rules.allocation.longest_streak,
            equal=rules.mode == "pairs",
        )
    except design.NothingToShow as known:
        raise StudyRefused(
            _("You have read the labels of this study's works elsewhere; none is left to rate.")
        ) from known
    rng = Random(f"places {seed}")  # noqa: S311 - repeatable from the seed that is stored
    rater = Rater.objects.create(
        code=code,
        study=study,
        seed=seed,
        first_item=rules.items[int(plan.first * len(rules.items))] if rules.items else "",
        guess_timing=_guess_timing(study, rng),
        language=language,
        network=network,
    )
    Trial.objects.bulk_create(
        Trial(
            rater=rater,
            position=position,
            kind=place.kind,
            study_work_id=place.works[0],
            right_work_id=place.works[1] if len(place.works) > 1 else None,
            allocation_p=place.p,
            instructed=place.instructed,
        )
        for position, place in enumerate(_places(study, plan, rng), 1)
    )
    return rater


def _guess_timing(study: Study, rng: Random) -> GuessTiming:
    guess = study.rules.guess
    if study.rules.mode == "pairs":
        return GuessTiming.NONE
    if guess.timing == "after" and rng.random() < guess.interleaved_share:
        return GuessTiming.INTERLEAVED
    return GuessTiming(guess.timing)


def _places(study: Study, plan: design.Plan, rng: Random) -> list[Place]:
    """The pages of a sitting, in order."""
    session = study.rules.session
    noise, plain = study.works.with_role(Role.NOISE), study.works.with_role(Role.PLAIN)
    practice = rng.sample(works := study.works.with_role(Role.PRACTICE), len(works))
    ends = [rng.choice(noise), rng.choice(plain)] if session.anchors and noise and plain else []
    if study.rules.mode == "pairs":
        rated = pairs_of(plan.drawn, rng)
        anchors = [Place(tuple(rng.sample(ends, 2)), "anchor")] if ends else []
        first = [Place(two, "practice") for two in zip(practice[::2], practice[1::2], strict=False)]
    else:
        rated = [Place((one.work,), "rated", one.p) for one in plan.drawn]
        anchors = [Place((work,), "anchor") for work in ends]
        first = [Place((work,), "practice") for work in practice]
    return lay_out(
        rated,
        practice=first[: session.practice],
        anchors=anchors,
        repeats=session.repeats,
        distance=session.repeat_distance,
        instruct=session.instructed and study.rules.mode == "single",
        rng=rng,
    )
