"""Starting what schedules ask for, exactly once for each turn, and only within their budgets."""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from gallery.runs.inputs import GUIDE, check_inputs
from gallery.runs.models import Run, Schedule, Use
from gallery.runs.refusals import RunRefused
from gallery.runs.services import check_request, checked_seed, request_run
from gallery.works.models import Artwork
from generators.catalog import Generator, Params

logger = logging.getLogger(__name__)

CAP = gettext_noop("This month’s budget is used up. It goes on next month.")
NOTHING_HANGS = gettext_noop("No work by a person hangs here that it could start from.")


@dataclass(frozen=True, slots=True)
class Drawn:
    """Works that a run starts from, as chance would have it."""

    content: Artwork | None = None
    styles: list[Artwork] = field(default_factory=list)


def start_due() -> int:
    """Start every run whose time has come, or say at its schedule why not; how many started.

    However many workers call this at once, each turn is one's. Sentences are kept in English.
    """
    started = 0
    with translation.override("en"):
        for schedule in Schedule.objects.due():
            with transaction.atomic():
                if not schedule.take_turn():
                    continue
                try:
                    run = start(schedule)
                except RunRefused as refused:
                    schedule.skip(str(refused))
                    logger.warning("Schedule “%s” made no run: %s", schedule, refused)
                else:
                    started += 1
                    logger.info("Schedule “%s” asked for run %s.", schedule, run.code)
    return started


def start(schedule: Schedule) -> Run:
    """Ask for one run. Raises RunRefused: no budget, nothing to start from, or no such request."""
    use = Schedule.objects.filter(pk=schedule.pk).use().get(schedule.pk, Use())
    if is_used_up(schedule, use):
        raise RunRefused(CAP)
    asked = check_request(schedule.generator, schedule.params, schedule.count)
    seed = checked_seed(None)
    drawn = draw_inputs(asked.generator, asked.params, seed) if schedule.draws_inputs else Drawn()
    return request_run(
        generator=schedule.generator,
        params=schedule.params,
        seed=seed,
        count=schedule.count,
        content=drawn.content,
        styles=drawn.styles,
        requested_by=schedule.created_by,
        schedule=schedule,
    )


def is_used_up(schedule: Schedule, use: Use) -> bool:
    """Whether this month has no room for another turn. Of minutes, those of the turn itself are
    known only afterwards: the last one may exceed them."""
    if schedule.most_works is not None and use.works + schedule.count > schedule.most_works:
        return True
    return schedule.most_minutes is not None and use.minutes >= schedule.most_minutes


def draw_inputs(generator: Generator, params: Params, seed: int) -> Drawn:
    """Works by people that hang here, one for each place that these params fill, none twice.

    Raises RunRefused if too few hang.
    """
    places = places_of(generator, params)
    hung = Artwork.objects.hung().by_people().filter(medium=generator.medium).order_by("pk")
    codes = list(hung.values_list("pk", flat=True))
    if len(codes) < len(places):
        raise RunRefused(NOTHING_HANGS)
    draw = random.Random(f"inputs:{seed}")  # noqa: S311  repeatable; apart from what else is drawn
    works = dict(zip(places, draw.sample(codes, k=len(places)), strict=True))
    found = Artwork.objects.in_bulk(works.values())
    style = [found[works["style"]]] if "style" in works else []
    return Drawn(found[works["content"]] if "content" in works else None, style)


def places_of(generator: Generator, params: Params) -> list[str]:
    """What a run with these params may start from: a content, and a style or guide if it needs
    one."""
    places = [] if generator.content_for(params) == "none" else ["content"]
    guided = getattr(params, "objective", "") == GUIDE
    if generator.most_styles and (generator.styles_required or guided):
        places.append("style")
    return places


def check_schedule(generator: Generator, params: Params, *, draws_inputs: bool) -> None:
    """Raises RunRefused, at "draws_inputs", for what no turn of it could ever start."""
    if not draws_inputs:
        try:
            check_inputs(generator, params, None, [])
        except RunRefused:
            sentence = _("It needs works to start from: let them be drawn.")
            raise RunRefused(sentence, fields={"draws_inputs": sentence}) from None
    elif not places_of(generator, params):
        sentence = _("As it is asked for, it starts from no work: let none be drawn.")
        raise RunRefused(sentence, fields={"draws_inputs": sentence})
