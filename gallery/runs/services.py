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
from pydantic import ValidationError

from gallery.runs.aspects import draw_aspects
from gallery.runs.doorbell import announce, ring
from gallery.runs.inputs import check_inputs
from gallery.runs.models import LARGEST_SEED, MOST_OUTPUTS, Input, Output, Role, Run
from gallery.runs.refusals import RunRefused, wrong_params
from gallery.works.ingest import abandon, prepare
from gallery.works.models import Artwork, Medium
from gallery.works.services import accession, machine_maker
from generators.catalog import GENERATORS, Generator, ImageParams, Params
from generators.refused import Refused

MOST_PENDING = 20  # runs of one person that may wait or be painted at a time
MOST_COST = 4 * 3600.0  # seconds of one ordinary CPU core for all outputs of a run
LICENCE = "CC0 1.0 (made by a machine)"


@dataclass(frozen=True, slots=True)
class Request:
    """A request that passed every check."""

    generator: Generator
    params: Params
    count: int

    @property
    def cost(self) -> float:
        """Estimated seconds of one ordinary CPU core for all outputs."""
        return self.generator.cost(self.params) * self.count


def check_request(generator: str, params: Mapping[str, object], count: int) -> Request:
    """What can be checked without looking at content or queue. Raises RunRefused."""
    known = GENERATORS.get(generator)
    if known is None:
        raise RunRefused(_("There is no generator “%(name)s”.") % {"name": generator})
    try:
        checked = known.params.model_validate(dict(params))
        known.check(checked)
    except ValidationError as error:
        raise wrong_params(error) from None
    except Refused as refused:
        raise RunRefused(str(refused)) from None
    if not 1 <= count <= MOST_OUTPUTS:
        sentence = _("Ask for 1 to %(most)d works.") % {"most": MOST_OUTPUTS}
        raise RunRefused(sentence, fields={"count": sentence})
    request = Request(known, checked, count)
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
    content: Artwork | None = None,
    styles: Sequence[Artwork] = (),
    requested_by: User | None = None,
) -> Run:
    """Queue a run and ring for a worker; without a seed, one is drawn.

    `styles` are in the order of their weights. Where the generator takes an aspect, there is no
    content and none is asked for, the outputs get the proportions of works by people. Raises
    RunRefused before anything is stored.
    """
    request = check_request(generator, params, count)
    seed = secrets.randbelow(LARGEST_SEED + 1) if seed is None else seed
    if not 0 <= seed <= LARGEST_SEED:
        sentence = _("A seed is a whole number from 0 to 2^63 - 1.")
        raise RunRefused(sentence, fields={"seed": sentence})
    check_inputs(request.generator, request.params, content, styles)
    _check_room(requested_by)
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
            requested_by=requested_by,
        )
        if content is not None:
            run.inputs.create(role=Role.CONTENT, artwork=content)
        run.inputs.bulk_create(
            Input(run=run, role=Role.STYLE, position=position, artwork=style)
            for position, style in enumerate(styles)
        )
        transaction.on_commit(ring, robust=True)
    return run


def _check_room(user: User | None) -> None:
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

    Proportions that were drawn are drawn again. Raises RunRefused if what was asked for then may
    not be asked for any more.
    """
    inputs = list(run.inputs.with_artworks())
    return request_run(
        generator=run.generator,
        params=run.asked_params,
        count=run.count,
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
                added_by=run.requested_by,
            )
            Output.objects.create(run=run, index=index, artwork=artwork)
    except BaseException:
        abandon(prepared)
        raise
    return artwork
