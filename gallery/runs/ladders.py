"""Ladders: one run that tries its generator's knob at several values, equally often.

A ladder is an experiment, so what else differs between its rungs must be chance alone: the outputs'
seeds come from their index as ever, and which index stands on which rung is drawn, in blocks that
hold every rung once. Whoever sees the works in their order, or a run that was cut short, sees the
rungs mixed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from pydantic import ValidationError

from gallery.runs.models import MOST_OUTPUTS
from gallery.runs.refusals import RunRefused, wrong_params
from generators.catalog import Generator, Params
from generators.refused import Refused

BETWEEN = re.compile(r"[\s,;，、；]+")  # commas of both languages, however they were typed


def values_in(text: str) -> list[str]:
    """The values that someone wrote down, separated by commas, spaces or line ends."""
    return [value for value in BETWEEN.split(text) if value]


def in_words(values: Sequence[float]) -> str:
    """The values as they are written down: `values_in` reads them back."""
    return ", ".join(f"{value:g}" for value in values)


def check_params(generator: Generator, params: Mapping[str, object]) -> Params:
    """What the generator would work with. Raises RunRefused with a sentence at each field."""
    try:
        checked = generator.params.model_validate(dict(params))
        generator.check(checked)
    except ValidationError as error:
        raise wrong_params(error) from None
    except Refused as refused:
        raise RunRefused(str(refused)) from None
    return checked


def check_ladder(
    generator: Generator, params: Mapping[str, object], values: Sequence[object], count: int
) -> tuple[Params, ...]:
    """What the generator would work with on each rung.

    Raises RunRefused, at "ladder" or "count", for values that the generator does not take, for
    fewer than two or equal ones, and for a count that they cannot share equally.
    """
    if not generator.knob:
        sentence = _("%(generator)s has no knob that a ladder could turn: leave it empty.")
        raise _refused(sentence % {"generator": generator.title})
    rungs = tuple(_rung(generator, params, value) for value in values)
    title = _(generator.params.model_fields[generator.knob].title or generator.knob)
    if generator.knob_needs:
        field, answer = generator.knob_needs
        if getattr(rungs[0], field) != answer:
            sentence = _("“%(knob)s” only matters where “%(field)s” is “%(answer)s”: choose that.")
            name = _(generator.params.model_fields[field].title or field)
            raise _refused(sentence % {"knob": title, "field": name, "answer": _(answer)})
    if len(rungs) < 2:
        raise _refused(_("A ladder needs two values at least: add one, or leave it empty."))
    if len({getattr(rung, generator.knob) for rung in rungs}) < len(rungs):
        raise _refused(_("Give each value once: all get as many works anyway."))
    _check_shares(count, len(rungs))
    return rungs


def draw_rungs(values: Sequence[float], *, seed: int, count: int) -> list[float]:
    """The value for each of `count` outputs, decided by the run's seed; every value as often.

    Blocks of all values, each shuffled, and none that begins with the value that ended the one
    before: no two outputs in a row stand on the same rung. `count` is a multiple of the values.
    """
    draw = random.Random(f"ladder:{seed}")  # noqa: S311  repeatable; apart from what else is drawn
    drawn: list[float] = []
    while len(drawn) < count:
        block = draw.sample(values, k=len(values))
        if not drawn or block[0] != drawn[-1]:
            drawn += block
    return drawn


def _rung(generator: Generator, params: Mapping[str, object], value: object) -> Params:
    try:
        return check_params(generator, {**params, generator.knob: value})
    except RunRefused as refused:
        if generator.knob not in refused.fields:
            raise
        sentence = _("“%(value)s” will not do. %(why)s")
        wrong = {"value": str(value)[:20], "why": refused.fields[generator.knob]}
        raise _refused(sentence % wrong) from None


def _check_shares(count: int, rungs: int) -> None:
    if count % rungs == 0:
        return
    below = count - count % rungs
    near = [str(number) for number in (below, below + rungs) if 0 < number <= MOST_OUTPUTS]
    if not near:
        sentence = _("A ladder of %(rungs)d values is too long: give at most %(most)d.")
        raise _refused(sentence % {"rungs": rungs, "most": MOST_OUTPUTS})
    either = near[0]
    if len(near) == 2:
        either = _("%(one)s or %(other)s") % {"one": near[0], "other": near[1]}
    sentence = _(
        "%(rungs)d values cannot share %(count)d works equally. Ask for %(near)s works, or for "
        "another multiple of %(rungs)d."
    ) % {"rungs": rungs, "count": count, "near": either}
    raise RunRefused(sentence, fields={"count": sentence})


def _refused(sentence: str) -> RunRefused:
    return RunRefused(sentence, fields={"ladder": sentence})
