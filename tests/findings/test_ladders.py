"""Ratings by rung: where a closed study shows works of a ladder, and only there."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from django.utils.timezone import now

from gallery.findings.bootstrap import Crossed, TooThin, mean
from gallery.runs.models import Output
from gallery.studies.models import Study
from gallery.works.models import Artwork
from tests.factories import make_artwork, make_maker, make_run, make_study
from tests.findings.pages import BY_ORIGIN, findings_of, page, sections
from tests.findings.rows import sit

pytestmark = pytest.mark.django_db


def laddered(rungs: Sequence[float], each: int = 3, **recipe: Any) -> Study:
    """A study of works by people and of the works of one ladder, dearer rungs later."""
    most = 2 * ((each * len(rungs) + 3) // 2)
    study = make_study(2, trials_per_rater=most)
    study.works.filter(artwork__origin="machine").delete()
    maker = make_maker("machine", name="Inceptionism")
    for _ in range(each):
        run = make_run(knob="units", rungs=list(rungs), count=len(rungs))
        for index, rung in enumerate(rungs):
            told = {"generator": "inceptionism", "params": {"size": 64, "units": rung}} | recipe
            artwork = make_artwork("machine", maker=maker, recipe=told | {"run": str(run.code)})
            Output.objects.create(run=run, index=index, artwork=artwork, knob="units", rung=rung)
            study.works.create(artwork=artwork, arm="b")
    return study


def rising(rungs: Sequence[float]):
    """Surprise rises with the rung, coherence does not."""

    def answer(rater: int, work: int, by_machine: bool) -> tuple[int, int]:
        place = (work - 3) % len(rungs) if by_machine else 0
        return 3 + (rater * 7 + work * 5) % 3, min(7, 1 + 2 * place + (rater + work) % 2)

    return answer


def closed(study: Study) -> Study:
    Study.objects.filter(pk=study.pk).update(state="closed", closed_at=now(), ended_by="admin")
    study.refresh_from_db()
    return study


def test_a_closed_study_tells_the_answers_by_rung(client):
    rungs = [1, 2, 8]
    study = laddered(rungs)
    sit(study, 30, answer=rising(rungs))
    (ladder,) = findings_of(closed(study)).ladders
    coherence, surprise = ladder.climbs
    assert (ladder.maker, ladder.knob) == ("Inceptionism", "units")
    assert [(one.value, one.works, one.trials) for one in surprise.rungs] == [
        (value, 3, 90) for value in rungs
    ]
    assert [one.mean for one in surprise.rungs] == pytest.approx([1.5, 3.5, 5.5], abs=0.05)
    for one in surprise.rungs:
        assert one.interval
        assert one.interval.low < one.mean < one.interval.high
    assert surprise.rise
    assert surprise.rise.low > 3
    assert coherence.rise
    assert coherence.rise.holds_zero
    text = page(client, study)
    rise = surprise.rise
    assert (
        f"From “Units” 1 to 8, surprise changes by +{rise.estimate:.2f} points (95% interval "
        f"+{rise.low:.2f} to +{rise.high:.2f})." in text
    )
    assert "It is open whether coherence changes from “Units” 1 to 8" in text
    html = client.get(f"/studies/{study.slug}/findings/").text
    for climb in ladder.climbs:
        figure = html[html.index(f'aria-labelledby="ladder-1-{climb.item}-title') :]
        assert figure.count('class="reach"', 0, figure.index("</svg>")) == 3


@pytest.mark.any_database
def test_an_open_study_names_no_ladder(client):
    rungs = [1, 2, 8]
    study = laddered(rungs)
    sit(study, 30, answer=rising(rungs))
    assert findings_of(study).ladders == ()
    assert "Inceptionism" not in page(client, study)


@pytest.mark.any_database
def test_below_thirty_raters_no_rung_is_told(client):
    study = laddered([1, 2])
    sit(study, 29)
    assert findings_of(closed(study)).ladders == ()
    assert sections(client, study) == BY_ORIGIN


@pytest.mark.any_database
def test_one_work_on_a_rung_is_too_few_for_an_interval(client):
    study = laddered([1, 2], each=1)
    sit(study, 30)
    (ladder,) = findings_of(closed(study)).ladders
    assert all(rung.interval is None for climb in ladder.climbs for rung in climb.rungs)
    text = page(client, study)
    assert "Whether surprise changes from “Units” 1 to 2 cannot be told yet." in text
    assert "without an interval" in text


@pytest.mark.any_database
def test_answers_that_do_not_vary_are_a_dot_without_a_line(client):
    study = laddered([1, 2])
    sit(study, 30, answer=lambda rater, work, machine: (7 if work % 2 else 1 + rater % 5, 4))
    coherence, _surprise = findings_of(closed(study)).ladders[0].climbs
    assert [rung.interval is None for rung in coherence.rungs] == [True, False]
    html = client.get(f"/studies/{study.slug}/findings/").text
    figure = html.partition("ladder-1-coherence")[2].partition("</svg>")[0]
    assert "7.00, without an interval" in figure
    assert figure.count('class="estimate"') == 2
    assert "ladder-1-surprise" not in html  # where no rung has an interval


@pytest.mark.any_database
def test_works_asked_for_otherwise_are_another_ladder():
    study = laddered([1, 2])
    other = Output.objects.filter(rung=1)[:1].get().artwork
    asked = {"size": 512, "units": 1}
    Artwork.objects.filter(pk=other.pk).update(recipe={"params": asked})
    sit(study, 30)
    (ladder,) = findings_of(closed(study)).ladders
    assert [rung.works for rung in ladder.climbs[0].rungs] == [2, 3]


@pytest.mark.any_database
def test_a_work_that_nobody_rated_takes_its_rung_away(client):
    study = laddered([1, 2])
    sit(study, 30, skip=lambda rater, work, machine: machine and (work - 3) % 2 == 1)
    assert findings_of(closed(study)).ladders == ()


def test_a_mean_over_one_side_is_that_of_every_draw():
    """Three works and two raters: the error of all 3^3 x 2^2 draws is known."""
    table = np.array([[7.0, 3, 2], [5, 4, 1]])
    raters, works = np.indices(table.shape)
    sides = np.zeros(3, dtype=np.int64)
    answers = Crossed(table.ravel(), raters.ravel(), works.ravel(), sides, n_sides=1)
    found = mean(answers, seed=1, resamples=40_000)
    draws = [
        table[np.ix_([a, b], [c, d, e])].mean()
        for a in range(2)
        for b in range(2)
        for c in range(3)
        for d in range(3)
        for e in range(3)
    ]
    assert found.estimate == pytest.approx(table.mean())
    error = (found.high - found.low) / 2 / 4.302653 / (3 / 2) ** 0.5  # Student's t, 2 degrees
    assert error == pytest.approx(np.std(draws), rel=0.02)
    with pytest.raises(TooThin):
        mean(Crossed(np.ones(2), np.arange(2), np.zeros(2, int), np.zeros(1, int), 1), seed=1)
