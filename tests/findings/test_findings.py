"""The findings page: what it shows at which number of raters, and that its figures agree."""

import re

import numpy as np
import pytest

from gallery.findings.bootstrap import Crossed, difference
from gallery.findings.thresholds import SEED
from tests.factories import make_artwork, make_maker, make_study
from tests.findings.pages import BY_ORIGIN, NOTHING, findings_of, guesses_of, page, sections
from tests.findings.rows import mostly_right, sit

# Who counts, exports and looks are read on every database; what is made of it is numbers.
pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.mark.parametrize("raters", [1, 5, 9])
def test_below_ten_raters_it_shows_counts_and_nothing_by_origin(client, raters):
    study = make_study(4)
    sit(study, raters)
    text = page(client, study)
    assert "Not enough ratings yet" in text
    assert f"works 8 makers 8 raters {raters} ratings {16 * raters}" in counts(text)
    assert sections(client, study) == NOTHING
    assert "by people" not in text
    found = findings_of(study)
    assert (found.sides, found.scales, found.guesses) == (None, (), None)


def counts(text: str) -> str:
    """The counts as the page lists them, in the plural."""
    found = re.findall(r"\b(work|maker|rater|rating)s? ([\d,]+)", text)
    return " ".join(f"{name}s {number}" for name, number in found)


@pytest.mark.parametrize("raters", [10, 12, 29])
def test_below_thirty_raters_it_is_preliminary_and_shows_no_difference(client, raters):
    study = make_study(3)
    sit(study, raters)
    text = page(client, study)
    assert "Preliminary" in text
    assert sections(client, study) == BY_ORIGIN
    assert "95%" not in text
    assert "were rated above the middle" not in text
    found = findings_of(study)
    assert [scale.model for scale in found.scales] == [None, None]
    assert guesses_of(study).detected is None


def test_from_thirty_raters_on_it_shows_the_difference(client):
    study = make_study(3)
    sit(study, 30)
    assert "Preliminary" not in page(client, study)
    assert sections(client, study) == ["difference", *BY_ORIGIN]


def test_an_open_study_shows_the_wide_intervals_and_a_closed_one_the_narrow(client):
    study = make_study(8)
    sit(study, 40)
    (coherence, _surprise), text = findings_of(study).scales, page(client, study)
    wide = coherence.model
    assert wide
    assert (coherence.difference, wide.p) == (None, None)
    assert (wide.chance, wide.difference) == (wide.chance_always, wide.always)
    told = "A work by a person is rated more coherent than a work by a machine {:.0f}% of the time"
    interval = "(95% interval {:.0f}% to {:.0f}%)"
    assert told.format(100 * wide.chance.estimate) in text
    assert interval.format(100 * wide.chance.low, 100 * wide.chance.high) in text
    study.close()
    narrow = findings_of(study).scales[0].model
    assert narrow
    assert wide.chance.low < narrow.chance.low < narrow.chance.high < wide.chance.high
    text = page(client, study)
    assert interval.format(100 * narrow.chance.low, 100 * narrow.chance.high) in text
    assert "From 1,280 answers about 8 works by people and 8 by machines, given by 40" in text


def test_the_check_in_points_is_the_one_over_raters_and_works():
    study = make_study(4)
    sit(study, 40)
    study.close()
    by_hand = two_clusters(study)
    assert by_hand.low > 0
    assert findings_of(study).scales[0].difference == by_hand


def two_clusters(study):
    """The coherence interval from rows read one by one."""
    rows = [
        (t.rater_id, t.study_work_id, t.ratings.get(item="coherence").value)
        for rater in study.raters.order_by("pk")
        for t in rater.trials.all()
    ]
    raters, works, values = (np.array(column) for column in zip(*rows, strict=True))
    order = {work.pk: n for n, work in enumerate(study.works.order_by("pk"))}
    sides = [int(w.artwork.by_machine) for w in study.works.order_by("pk")]
    return difference(
        Crossed(
            values.astype(float),
            raters - raters.min(),
            np.array([order[w] for w in works]),
            np.array(sides),
        ),
        seed=SEED,
    )


def test_works_and_makers_are_counted_beside_raters_and_ratings(client):
    study = make_study(1, trials_per_rater=6)
    school, machine = make_maker(), make_maker("machine")
    for origin, maker in (("human", school), ("machine", machine)):
        for _ in range(2):
            study.works.create(artwork=make_artwork(origin, maker=maker), arm="a")
    sit(study, 30)
    text = page(client, study)
    assert "works 6 makers 4 raters 30 ratings 360" in counts(text)
    assert "3 by people, 3 by machines" in text
    assert "people: 2, machines: 2" in text


def test_guesses_are_set_against_the_truth(client):
    study = make_study(2)
    # Two works by people, guessed "certainly a person" and "probably a machine"; two by
    # machines, guessed "guessing a machine" and, by every second rater, "guessing a person".
    sit(study, 30, guess=lambda rater, work, _: {1: 6, 2: 2, 3: 3, 4: 3 + rater % 2}[work])
    study.close()
    found = guesses_of(study)
    assert found.counts == ((0, 30, 0, 0, 0, 30), (0, 0, 45, 15, 0, 0))
    assert found.said == ((30, 30), (15, 45))
    assert (found.right, found.total) == (75, 120)
    assert found.share
    assert found.share.estimate == pytest.approx(75 / 120)
    text = page(client, study)
    assert "Works by people 50% (30) 50% (30) Works by machines 25% (15) 75% (45)" in text
    assert "The answers are too few or too uniform" in text  # each work got one answer only


def test_guesses_better_than_a_coin_are_called_so(client):
    study = make_study(6)
    sit(study, 30)
    assert "They can tell the two apart better than a coin." in page(client, study)
    study.close()
    text = page(client, study)
    assert "Visitors took 75% of the works for what they were" in text
    assert "They can tell the two apart better than a coin." in text


def test_guesses_worse_than_a_coin_are_called_so(client):
    study = make_study(6)
    sit(study, 30, guess=lambda *where: 7 - mostly_right(*where))
    study.close()
    text = page(client, study)
    assert "Visitors took 25% of the works" in text
    assert "They were misled: a coin would have done better." in text


def test_the_table_under_a_figure_holds_its_numbers(client):
    study = make_study(3)
    sit(study, 40)
    page(client, study)
    html = client.get(f"/studies/{study.slug}/findings/").text
    for name, counts in [(s.item, s.counts) for s in findings_of(study).scales] + [
        ("guesses", guesses_of(study).counts)
    ]:
        figure = re.findall(rf'<svg class="chart bars {name}".*?</figure>', html, re.DOTALL)[0]
        svg, table = figure.split("</svg>")
        drawn = [
            [float(w) for w in re.findall(r'<rect x="[\d.]+%" y="24" width="([\d.]+)%"', bar)]
            for bar in re.split(r'<g class="(?:human|machine)"', svg)[1:]
        ]
        cells = re.findall(r"<td>([\d,]+)% \(([\d,]+)\)</td>", table)
        for side, row in enumerate(counts):
            told = cells[side::2]
            assert [int(count) for _, count in told] == list(row)
            assert [int(share) for share, _ in told] == [round(100 * n / sum(row)) for n in row]
            assert drawn[side] == pytest.approx([100 * n / sum(row) for n in row if n], abs=0.006)


def test_bars_are_as_wide_as_the_figure(client):
    study = make_study(3)
    sit(study, 12)
    page(client, study)
    html = client.get(f"/studies/{study.slug}/findings/").text
    bars = re.split(r'<g class="(?:human|machine)"', html)[1:]
    assert len(bars) == 6
    for bar in bars:
        widths = re.findall(r'y="24" width="([\d.]+)%"', bar)
        assert sum(map(float, widths)) == pytest.approx(100, abs=0.05)


def test_figures_have_names_and_nothing_inline(client):
    study = make_study(3)
    sit(study, 31)
    page(client, study)
    html = client.get(f"/studies/{study.slug}/findings/").text
    figures = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert len(figures) == 4  # the differences, two scales, the guesses
    for svg in figures:
        title, told = re.findall(r'aria-labelledby="(\S+) (\S+)"', svg)[0]
        assert 'role="img"' in svg
        assert re.search(rf'<title id="{title}">[^<]+</title>', svg)
        assert re.search(rf'<desc id="{told}">[^<]+</desc>', svg)
    assert html.count("<details>") == 4
    assert not re.search(r"\sstyle=|\son\w+=|<style", html)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_figures_keep_their_points_in_every_language(client):
    """A decimal comma would break a width."""
    study = make_study(3)
    sit(study, 31)
    page(client, study)
    html = client.get(
        f"/studies/{study.slug}/findings/", headers={"accept-language": "zh-hans"}
    ).text
    assert 'lang="zh-hans"' in html
    assert len(re.findall(r'width="[\d.]+%"', html)) > 20
    assert not re.search(r'(?:x\d?|width|cx)="[^"]*,', html)
