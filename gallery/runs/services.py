"""Requesting runs, and keeping what they make."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from gallery.runs.aspects import draw_aspects
from gallery.runs.doorbell import announce, ring
from gallery.runs.inputs import check_inputs
from gallery.runs.ladders import check_ladder, check_params, draw_rungs
from gallery.runs.models import LARGEST_SEED, MOST_OUTPUTS, Input, Output, Role, Run, Schedule
from gallery.runs.refusals import RunRefused
from gallery.runs.weights import check_weights
from gallery.works.ingest import abandon, prepare
from gallery.works.models import Artwork, Medium
from gallery.works.services import accession, machine_maker
from generators.catalog import GENERATORS, Generator, ImageParams, Params

MOST_PENDING = 20  # runs of one person that may wait or be painted at a time
MOST_COST = 4 * 3600.0  # seconds of one ordinary CPU core for all outputs of a run
LICENCE = "CC0 1.0 (made by a machine)"


@dataclass(frozen=True, slots=True)
class Request:
    """A request that passed every check."""

    generator: Generator
    params: Params  # with a ladder, those of its first rung
    count: int
    ladder: tuple[Params, ...] = ()

    @property
    def cost(self) -> float:
        """Estimated seconds of one ordinary CPU core for all outputs."""
        rungs = self.ladder or (self.params,)
        return sum(map(self.generator.cost, rungs)) * self.count / len(rungs)

    @property
    def rungs(self) -> list[float]:
        """The knob's value on each rung of the ladder, as asked for."""
        return [getattr(params, self.generator.knob) for params in self.ladder]


def check_request(
    generator: str, params: Mapping[str, object], count: int, ladder: Sequence[object] = ()
) -> Request:
    """What can be checked without looking at content or queue. Raises RunRefused.

    `ladder` are values of the generator's knob, in place of the one among `params`.
    """
    known = GENERATORS.get(generator)
    if known is None:
        raise RunRefused(_("There is no generator “%(name)s”.") % {"name": generator})
    if not 1 <= count <= MOST_OUTPUTS:
        sentence = _("Ask for 1 to %(most)d works.") % {"most": MOST_OUTPUTS}
        raise RunRefused(sentence, fields={"count": sentence})
    rungs = check_ladder(known, params, ladder, count) if ladder else ()
    checked = rungs[0] if rungs else check_params(known, params)
    request = Request(known, checked, count, rungs)
    if request.cost > MOST_COST:
        sentence = _(
            "All works together would take about %(minutes)d minutes of computing and the limit "
            "is %(most)d. Ask for fewer or smaller works."
        ) % {"minutes": request.cost / 60, "most": MOST_COST / 60}
        raise RunRefused(sentence)
    return request


def request_run(
    *,
    generator: str,
    params: Mapping[str, object],
    seed: int | None = None,
    count: int = 1,
    ladder: Sequence[object] = (),
    content: Artwork | None = None,
    styles: Sequence[Artwork] = (),
    requested_by: User | None = None,
    schedule: Schedule | None = None,
) -> Run:
    """Queue a run and ring for a worker; without a seed, one is drawn.

    With a `ladder`, as many outputs are made at each of its values, in an order that the seed
    draws. `styles` are in the order of their weights. Where the generator takes an aspect, there
    is no content and none is asked for, the outputs get the proportions of works by people.
    Raises RunRefused before anything is stored.
    """
    request = check_request(generator, params, count, ladder)
    seed = checked_seed(seed)
    checkpoint = check_weights(request.generator, request.params)
    check_inputs(request.generator, request.params, content, styles)
    check_room(requested_by)
    aspects = []
    if isinstance(request.params, ImageParams) and content is None and "aspect" not in params:
        aspects = draw_aspects(type(request.params), seed=seed, count=count)
    with transaction.atomic():
        run = Run.objects.create(
            generator=generator,
            version=request.generator.version,
            params=request.params.model_dump(mode="json"),
            seed=seed,
            count=count,
            aspects=aspects,
            knob=request.generator.knob if request.ladder else "",
            rungs=draw_rungs(request.rungs, seed=seed, count=count) if request.ladder else [],
            checkpoint=checkpoint,
            requested_by=requested_by,
            schedule=schedule,
        )
        if content is not None:
            run.inputs.create(role=Role.CONTENT, artwork=content)
        run.inputs.bulk_create(
            Input(run=run, role=Role.STYLE, position=position, artwork=style)
            for position, style in enumerate(styles)
        )
        transaction.on_commit(ring, robust=True)
    return run


def checked_seed(seed: int | None) -> int:
    """The seed of a run; one that is drawn, where none is given. Raises RunRefused."""
    seed = secrets.randbelow(LARGEST_SEED + 1) if seed is None else seed
    if not 0 <= seed <= LARGEST_SEED:
        sentence = _("A seed is a whole number from 0 to 2^63 - 1.")
        raise RunRefused(sentence, fields={"seed": sentence})
    return seed


def check_room(user: User | None) -> None:
    """Raises RunRefused for someone who has enough waiting."""
    if user is not None and Run.objects.pending().requested_by(user).count() >= MOST_PENDING:
        sentence = _("You have %(most)d runs waiting. Wait for one to end, or cancel one.")
        raise RunRefused(sentence % {"most": MOST_PENDING})


def cancel_run(run: Run) -> bool:
    """End a run wherever it stands; False if it was over before."""
    cancelled = run.cancel()
    announce(run.code)
    return cancelled


def retry_run(run: Run) -> bool:
    """Queue a failed or cancelled run again; False if it was neither."""
    queued = run.retry()
    transaction.on_commit(ring, robust=True)
    announce(run.code)
    return queued


def repeat_run(run: Run, requested_by: User | None) -> Run:
    """Queue a run that asks for the same with a fresh seed, from the generator as it is now.

    Proportions that were drawn, and the order of a ladder, are drawn again. Raises RunRefused if
    what was asked for then may not be asked for any more.
    """
    if run.ladder and run.generator in GENERATORS and GENERATORS[run.generator].knob != run.knob:
        sentence = _("%(generator)s has another knob now than the one that this ladder turned.")
        raise RunRefused(sentence % {"generator": run.title})
    inputs = list(run.inputs.with_artworks())
    return request_run(
        generator=run.generator,
        params=run.asked_params,
        count=run.count,
        ladder=run.ladder,
        content=next((used.artwork for used in inputs if used.role == Role.CONTENT), None),
        styles=[used.artwork for used in inputs if used.role == Role.STYLE],
        requested_by=requested_by,
    )


def keep_output(run: Run, index: int, data: bytes, recipe: dict[str, Any]) -> Artwork:
    """Store a finished output as a candidate, exactly once and only for the worker that holds the
    run. Files come first, then the rows in one transaction.

    Raises IngestRefused, or LeaseLost if the run has moved on; then nothing of it is left.
    """
    generator = GENERATORS[run.generator]
    prepared = prepare(Medium(generator.medium), data)
    try:
        with transaction.atomic():
            run.count_output()
            artwork = accession(
                prepared,
                maker=machine_maker(generator.title),
                year=str(now().year),
                licence=LICENCE,
                recipe=recipe,
                source_class=_source_class(run, recipe),
                added_by=run.requested_by,
            )
            rung = run.rungs[index] if run.rungs else None
            Output.objects.create(run=run, index=index, artwork=artwork, knob=run.knob, rung=rung)
    except BaseException:
        abandon(prepared)
        raise
    return artwork


def _source_class(run: Run, recipe: dict[str, Any]) -> str:
    """How this output came about: on a ladder, each rung by its own params."""
    params = GENERATORS[run.generator].params.model_validate(recipe.get("params", run.params))
    return params.source_class(from_work=run.inputs.filter(role=Role.CONTENT).exists())
