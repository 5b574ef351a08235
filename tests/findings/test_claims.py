"""A claim is judged only where the figure leaves no doubt, and never before the end."""

from dataclasses import replace

import pytest

from gallery.findings.bootstrap import Interval
from gallery.findings.claims import panels
from gallery.findings.comparison import Compared
from gallery.findings.covariates import Beside
from gallery.findings.detection import Detected
from gallery.findings.ladders import Climb, Climbed
from gallery.findings.plane import Place
from gallery.findings.results import Findings, Guesses, Scale
from gallery.findings.two_lines import TwoLines

pytestmark = pytest.mark.any_database

AHEAD, BEHIND, OPEN = Interval(1, 0.5, 1.5), Interval(-1, -1.5, -0.5), Interval(0.2, -0.5, 0.9)
NONE = Interval(0.0, -0.2, 0.2)


def scale(item: str, **kw: Interval | None) -> Scale:
    counts = ((1,) * 7, (1,) * 7)
    gap = kw.pop("gap", OPEN) or OPEN
    model = Compared(gap, gap, 0.3, 38, 0.5, False, gap, gap, {}, 1.0, 100)
    return Scale(item, counts, (4.0, 4.0), model, None, **kw)  # type: ignore[arg-type]  # intervals


def found(**kw: object) -> Findings:
    plain = Findings(
        *(40, 40, 10, 600, 1200, 0, 0, 20), final=True, missing=None, scales=(scale("coherence"),)
    )
    return replace(plain, **kw)  # type: ignore[arg-type]  # named by each case


def ladder(surprise: Interval, coherence: Interval, both: TwoLines | None = None) -> Climbed:
    climbs = (Climb("surprise", (), surprise), Climb("coherence", (), coherence))
    return Climbed("CAN", "wish", climbs, both)


def guesses(skill: Interval) -> Guesses:
    return Guesses(((1,) * 6, (1,) * 6), Detected(skill, skill, None), None)


PEAK = TwoLines(0.5, 1.0, 0.01, -1.0, 0.01)
UP, DOWN = Interval(6, 5, 7), Interval(2, 1, 3)

CASES = [
    (0, {"scales": (scale("surprise", filtered=AHEAD),)}, "supported"),
    (0, {"scales": (scale("surprise", filtered=NONE),)}, "not-supported"),
    (0, {"scales": (scale("surprise", filtered=OPEN),)}, "too-little"),
    (1, {"scales": (scale("coherence", sampled=AHEAD), scale("surprise", sampled=OPEN))},
     "supported"),
    (1, {"scales": (scale("coherence", sampled=BEHIND), scale("surprise", sampled=OPEN))},
     "not-supported"),
    (1, {"scales": (scale("coherence", sampled=NONE), scale("surprise", sampled=NONE))},
     "not-supported"),
    (1, {"scales": (scale("coherence", sampled=OPEN), scale("surprise", sampled=OPEN))},
     "too-little"),
    (2, {"ladders": (ladder(AHEAD, BEHIND),)}, "supported"),
    (2, {"ladders": (ladder(AHEAD, AHEAD),)}, "not-supported"),
    (2, {"ladders": (ladder(OPEN, OPEN, PEAK),)}, "supported"),
    (2, {"ladders": (ladder(AHEAD, OPEN),)}, "too-little"),
    (3, {"beside": (Beside("description", "coherence", BEHIND, {}),)}, "supported"),
    (3, {"beside": (Beside("description", "coherence", AHEAD, {}),)}, "not-supported"),
    (3, {"beside": (Beside("novelty", "coherence", AHEAD, {}),)}, "too-little"),
    (4, {"guesses": guesses(NONE), "scales": (scale("surprise", gap=AHEAD),)}, "supported"),
    (4, {"guesses": guesses(AHEAD), "scales": (scale("surprise", gap=AHEAD),)}, "not-supported"),
    (4, {"guesses": guesses(OPEN), "scales": (scale("surprise", gap=AHEAD),)}, "too-little"),
    (5, {"plane": (Place(0, 0, UP, UP), Place(1, 1, UP, DOWN))}, "supported"),
    (5, {"plane": (Place(0, 0, UP, DOWN),)}, "not-supported"),
    (6, {}, "too-little"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "results", "verdict"), CASES)
def test_a_claim_is_judged_by_its_figure(number, results, verdict):
    told = panels(found(**results))
    assert len(told) == 7
    assert told[number].verdict == verdict


@pytest.mark.parametrize(("number", "results", "verdict"), CASES)
def test_no_claim_is_judged_before_the_end(number, results, verdict):
    del verdict
    panel = panels(found(**results, final=False))[number]
    assert (panel.verdict, panel.figure) == ("too-little", "")


def test_a_study_that_asked_nothing_of_it_has_no_panels():
    assert panels(found(scales=(), guesses=None)) == []
