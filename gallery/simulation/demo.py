"""A simulated study large enough for every panel of the findings, so that a newcomer sees them.

The works are real: this gallery's own, and some that its machines paint for the purpose, among them
a ladder. The answers are a program's, and every page that shows them says so.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.management import call_command
from django.db import transaction
from django.utils.translation import pgettext

from gallery.findings.services import compute_findings
from gallery.runs.services import request_run
from gallery.simulation.answering import Truth
from gallery.simulation.in_bulk import sit_in_bulk, works_of
from gallery.studies.blueprints import BLUEPRINTS
from gallery.studies.models import Study
from gallery.studies.services import available, open_study
from gallery.studies.sifting import sift
from gallery.works.models import Artwork, Medium, SourceClass

SLUG, PAIRS_SLUG = "demo", "demo-pairs"
SEED = 2016
RATERS = 260
TRUTH = Truth(effects={"coherence": 0.7, "surprise": -0.2}, dprime=0.6, careless=0.06, seed=SEED)
WISHES = [0.0, 0.25, 0.5, 0.75, 1.0]  # of the CAN's ladder
RUNS: list[tuple[str, dict[str, object], int, list[float]]] = [
    ("can", {"size": 448}, 20, WISHES),
    ("gan", {"size": 448}, 8, []),
    ("low_complexity", {"size": 448}, 4, []),
    ("inceptionism", {"size": 448, "steps": 12}, 4, []),
    ("entropy", {"variant": "uniform noise"}, 2, []),
    ("entropy", {"variant": "plain field"}, 2, []),
]


def open_demo(say: Callable[[str], object]) -> None:
    """Paint, sit, close and count; nothing where it was done before."""
    if Study.objects.filter(slug=SLUG).exists():
        say("The demo is here already.")
        return
    say("The machines paint for the demo. This takes a minute or two.")
    with transaction.atomic():
        runs = [
            request_run(generator=name, params=params, seed=SEED, count=count, ladder=ladder)
            for name, params, count, ladder in RUNS
        ]
    call_command("paintworker", until_empty=True)
    for artwork in Artwork.objects.candidates().filter(output__run__in=runs):
        artwork.hang()
    works = available(Medium.IMAGE, simulated=True)
    study = _opened(SLUG, pgettext("study", "Demo"), "coherence-surprise", works, trials=16)
    say(f"{RATERS} simulated visitors rate {len(works)} works.")
    sit_in_bulk(study, TRUTH, RATERS, works_of(study, _shifts(works)))
    pairs = _opened(PAIRS_SLUG, pgettext("study", "Demo, side by side"), "pairs", works, trials=24)
    sit_in_bulk(pairs, TRUTH, RATERS // 3, works_of(pairs, _shifts(works)))
    for one in (study, pairs):
        sift(one)
        one.close()
        compute_findings(one)


def _opened(slug: str, title: str, blueprint: str, works: list[int], *, trials: int) -> Study:
    return open_study(
        title=title,
        slug=slug,
        purpose=pgettext(
            "study", "What the findings become: real works, and answers that a program gave."
        ),
        medium=Medium.IMAGE,
        artwork_ids=works,
        trials_per_rater=trials,
        seed=SEED,
        rules=BLUEPRINTS[blueprint].rules,
        simulated=True,
    )


def _shifts(works: list[int]) -> dict[int, dict[str, float]]:
    """What the simulation takes to be so beyond the sides: more wish, more surprise and less
    coherence; filters cohere better than samplers."""
    told = Artwork.objects.filter(pk__in=works).values_list("pk", "source_class", "output__rung")
    shifts: dict[int, dict[str, float]] = {}
    for pk, source, rung in told:
        if rung is not None:
            shifts[pk] = {"coherence": 0.6 - 1.4 * rung, "surprise": 1.4 * rung - 0.7}
        elif source == SourceClass.FILTER:
            shifts[pk] = {"coherence": 0.5, "surprise": 0.3}
    return shifts
