"""Computes a study's results from its answers. Never fails: what cannot be computed is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from gallery.findings.answers import SIDES, Answers, Bools
from gallery.findings.bootstrap import Crossed, Interval, Ints, difference, mean
from gallery.findings.comparison import by_machine, compared, fitted, kinds, while_open
from gallery.findings.detection import by_belief, detect, taken_for
from gallery.findings.inference import holm
from gallery.findings.ladders import Climbed, Ladder, climbed
from gallery.findings.ordinal import OrdinalFit
from gallery.findings.pairwise import choose
from gallery.findings.plane import Place, placed, plane
from gallery.findings.reliability import reliable
from gallery.findings.results import (
    GUESS_POINTS,
    Both,
    Counts,
    Findings,
    Guesses,
    Scale,
    Side,
    SideBySide,
)
from gallery.findings.thresholds import ENOUGH_RATERS, LEAST_RATERS, Missing, interval_of
from gallery.findings.two_lines import TwoLines, two_lines

Models = Mapping[str, OrdinalFit | Missing]


def primary_models(answers: Answers) -> Models:
    """The model of each scale, or why there is none, by item."""
    if len(answers.who) < ENOUGH_RATERS:
        return dict.fromkeys(answers.marks, Missing.PRELIMINARY)
    return {item: fitted(answers.judged(values)) for item, values in answers.marks.items()}


def compute(answers: Answers, models: Models | None = None) -> Findings:
    """All results of a study. Never fails: what cannot be computed is said to be missing. `models`
    are the primary ones, where they are known already."""
    raters = len(answers.who)
    missing = _missing(answers, raters)
    shown = missing is None
    if shown and models is None:
        models = primary_models(answers)
    scales, places = _scales(answers, raters, models) if shown and models else ((), ())
    final = shown and answers.final and raters >= ENOUGH_RATERS
    return Findings(
        raters=raters,
        works=len(answers.sides),
        makers=len(np.unique(answers.makers)),
        trials=answers.trials,
        answers=answers.trials * max(len(answers.points), len(answers.pairs), 1),
        skipped=answers.skipped,
        recognised=answers.recognised,
        made=answers.made,
        final=answers.final,
        missing=missing,
        sides=(_side(answers, 0), _side(answers, 1)) if shown else None,
        scales=scales,
        guesses=_guesses(answers) if shown else None,
        pairs=_pairs(answers, raters) if shown else (),
        ladders=_ladders(answers) if final else (),
        plane=places,
        both=_compelling(answers) if final else None,
        shown=tuple(answers.shown.tolist()) if final else (),
    )


def _missing(answers: Answers, raters: int) -> Missing | None:
    if not raters and answers.recognised:
        return Missing.ALL_RECOGNISED
    if not raters:
        return Missing.ALL_SKIPPED if answers.skipped else Missing.NOBODY
    if raters < LEAST_RATERS:
        return Missing.FEW_RATERS
    for side, missing in enumerate((Missing.NO_HUMAN, Missing.NO_MACHINE)):
        if side not in answers.sides:
            return missing
    return None


def _side(answers: Answers, side: int) -> Side:
    its = answers.sides == side
    shown = [
        answers.works,
        *(w for pair in answers.pairs.values() for w in (pair.left, pair.right)),
    ]
    return Side(
        works=int(its.sum()),
        makers=len(np.unique(answers.makers[its])),
        trials=int(sum(its[works].sum() for works in shown[: 3 if answers.pairs else 1])),
    )


def _scales(
    answers: Answers, raters: int, models: Models
) -> tuple[tuple[Scale, ...], tuple[Place, ...]]:
    """Each scale; and, of a closed study, where each work stands on coherence and surprise."""
    found, stand = [], {}
    for item, values in answers.marks.items():
        scale, places = _scale(item, values, answers, raters, models[item])
        found.append(scale)
        stand[item] = places
    told = {scale.item: scale.model.p for scale in found if scale.model}
    known = {item: p for item, p in told.items() if p is not None}
    adjusted = dict(zip(known, holm(list(known.values())), strict=True))
    both = (stand.get("coherence", {}), stand.get("surprise", {}))
    judged = (replace(scale, p=adjusted.get(scale.item)) for scale in found)
    return tuple(judged), tuple(plane(answers.sides, *both))


def _scale(
    item: str, values: Ints, answers: Answers, raters: int, model: OrdinalFit | Missing
) -> tuple[Scale, dict[int, Interval]]:
    counts = _counts(values, answers.sides[answers.works], answers.points[item])
    crossed = _crossed(values, answers)
    means, judged = _means(crossed), answers.judged(values)
    if isinstance(model, Missing):
        return Scale(item, counts, means, None, model), {}
    told = compared(judged, model)
    agree = reliable(told.sds, judged.values, judged.works)
    if not answers.final:
        return Scale(item, counts, means, while_open(told), None, reliable=agree), {}
    widest, by_kind = answers.points[item] - 1, kinds(judged, answers.filters, model)
    scale = Scale(
        item,
        counts,
        means,
        told,
        None,
        difference=interval_of(difference, crossed, raters, (-widest, widest))[0],
        reliable=agree,
        machines=tuple(by_machine(judged, model).items()),
        sampled=by_kind[0] if by_kind else None if answers.filters.any() else told.difference,
        filtered=by_kind[1] if by_kind else None,
    )
    return scale, placed(judged, model)


def _crossed(values: Ints, answers: Answers) -> Crossed:
    weights = answers.weights[answers.raters]
    return Crossed(
        values.astype(float), answers.raters, answers.works, answers.sides, weights=weights
    )


def _means(crossed: Crossed) -> tuple[float, float]:
    """Of each side, each answer as heavy as its rater's network allows."""
    sides = crossed.sides[crossed.works]
    totals = np.bincount(sides, crossed.weight * crossed.values, minlength=len(SIDES))
    human, machine = totals / np.bincount(sides, crossed.weight, minlength=len(SIDES))
    return float(human), float(machine)


def _guesses(answers: Answers) -> Guesses | None:
    """None below ten raters who guessed; those who left early rated works and guessed nothing."""
    guessed = answers.guesses > 0
    guessers, who = np.unique(answers.raters[guessed], return_inverse=True)
    if len(guessers) < LEAST_RATERS:
        return None
    values, works = answers.guesses[guessed], answers.works[guessed]
    truth = answers.sides[works]
    counts = _counts(values, truth, GUESS_POINTS)
    if len(guessers) < ENOUGH_RATERS:
        return Guesses(counts, None, Missing.PRELIMINARY)
    judged = answers.judged(answers.guesses, guessed)
    found = detect(judged)
    detected = None if isinstance(found, Missing) else found
    missing = found if isinstance(found, Missing) else None
    if not answers.final:
        live = detected and replace(detected, d_prime=detected.d_prime_always, bias=None)
        return Guesses(counts, live, missing)
    # Works without a guess drop out, so that the numbers stay without gaps.
    shown, places = np.unique(works, return_inverse=True)
    right = (values <= GUESS_POINTS // 2) == truth.astype(bool)
    weights = answers.weights[answers.raters[guessed]]
    crossed = Crossed(right.astype(float), who, places, answers.sides[shown], weights=weights)
    share, thin = interval_of(mean, crossed, len(guessers), (0, 1))
    return Guesses(
        counts,
        detected,
        missing or thin,
        share=share,
        taken=tuple(taken_for(judged)),
        believed=tuple(
            (item, by_belief(judged, marks[guessed])) for item, marks in answers.marks.items()
        ),
    )


def _pairs(answers: Answers, raters: int) -> tuple[SideBySide, ...]:
    found = []
    for item, pairs in answers.pairs.items():
        chosen = choose(pairs) if raters >= ENOUGH_RATERS else Missing.PRELIMINARY
        missing = chosen if isinstance(chosen, Missing) else None
        told = None if isinstance(chosen, Missing) else chosen
        if told and not answers.final:
            told = replace(
                told, difference=told.always, preferred=told.preferred_always, strengths={}
            )
        found.append(SideBySide(item, len(pairs.outcomes), told, missing))
    return tuple(found)


def _ladders(answers: Answers) -> tuple[Climbed, ...]:
    """Those on which two rungs at least were rated."""
    found = (
        replace(
            climbed(ladder, answers.raters, answers.works, answers.marks),
            both=_both(ladder, answers),
        )
        for ladder in answers.ladders
    )
    return tuple(one for one in found if one.climbs)


def _both(ladder: Ladder, answers: Answers) -> TwoLines | None:
    """How the share of answers that are high on both scales goes with the knob."""
    high = _high_on_both(answers)
    if high is None:
        return None
    count = np.bincount(answers.works, minlength=len(answers.sides))
    shares = np.bincount(answers.works, high, minlength=len(answers.sides)) / np.maximum(count, 1)
    standing = [work for work in sorted(ladder.rung_of) if count[work]]
    return two_lines(np.array([ladder.rung_of[work] for work in standing]), shares[standing])


def _compelling(answers: Answers) -> Both | None:
    high = _high_on_both(answers)
    if high is None:
        return None
    sides, judged = answers.sides[answers.works], answers.judged(high.astype(np.int64))
    model = fitted(judged)
    human, machine = (float(high[sides == side].mean()) for side in (0, 1))
    gap = None if isinstance(model, Missing) else compared(judged, model).difference
    return Both((human, machine), gap)


def _high_on_both(answers: Answers) -> Bools | None:
    """Which trials lie above the middle of coherence and of surprise; None without the two."""
    if not {"coherence", "surprise"} <= answers.marks.keys():
        return None
    high = np.ones(len(answers.works), dtype=bool)
    for item in ("coherence", "surprise"):
        high &= answers.marks[item] > (answers.points[item] + 1) / 2
    return high


def _counts(values: Ints, sides: Ints, points: int) -> tuple[Counts, Counts]:
    human, machine = (
        np.bincount(values[sides == side], minlength=points + 1)[1:].tolist()
        for side in range(len(SIDES))
    )
    return tuple(human), tuple(machine)
