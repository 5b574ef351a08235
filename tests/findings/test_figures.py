"""Figures as files, and what the page draws of a closed study."""

import re
from xml.etree import ElementTree

import pytest

from gallery.findings.figures import figure_named
from gallery.findings.results import Findings
from gallery.findings.services import compute_findings
from gallery.findings.story import Story, tell
from gallery.findings.works_shown import works_shown
from gallery.simulation.answering import Truth
from gallery.simulation.in_bulk import NotSimulated, sit_in_bulk, works_of
from gallery.studies.blueprints import BLUEPRINTS
from gallery.studies.models import Study
from gallery.studies.sifting import sift
from gallery.works.models import Artwork, Measures
from tests.factories import add_works, make_study
from tests.findings.pages import findings_of, page, sections
from tests.findings.rows import sit

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

TRUTH = Truth(effects={"coherence": 1.2, "surprise": -0.4}, dprime=1.0, careless=0.1, seed=4)


def simulated(blueprint: str = "coherence-surprise", raters: int = 44, works: int = 12) -> Study:
    """A closed study with everything that its blueprint asks for."""
    rules = BLUEPRINTS[blueprint].rules.model_dump(mode="json")
    study = make_study(works, simulated=True, rules=rules, state="draft")
    add_works(study, preview=2, practice=2, noise=1, plain=1)
    rated = list(study.works.filter(role="rated").select_related("artwork"))
    first, last = rated[0].artwork, rated[-1].artwork
    for number, work in enumerate(rated):
        Measures.objects.create(
            artwork=work.artwork,
            version=1,
            permutation_entropy=0.5 + 0.01 * number,
            luminance_entropy=5,
            statistical_complexity=0.2,
            lengths={"png": 10 + number % 5},
            features=b"\0\0\0\0",
            typicality=0.5,
            distance=0.2,
            nearest=first if number else last,
            novelty=0.3 + 0.02 * (number % 7),
        )
    from gallery.studies.services import open_draft

    open_draft(study)
    study.refresh_from_db()
    sit_in_bulk(study, TRUTH, raters, works_of(study))
    sift(study)
    study.close()
    return study


def told(study: Study) -> tuple[Findings, Story]:
    found = findings_of(study)
    return found, tell(found, study, works_shown(found.shown, Artwork.objects.signed_for([])))


def test_a_whole_study_fills_every_section(client):
    study = simulated()
    text = page(client, study)
    assert sections(client, study) == [
        *("difference", "coherence", "surprise", "plane", "who", "published", "measures"),
        *("quality", "claims", "limits", "method", "downloads"),
    ]
    found, _story = told(study)
    assert found.quality
    assert found.quality.excluded
    assert {check.name for check in found.checks} == {"all", "unflagged", "probit"}
    noise, plain = found.quality.anchors["coherence"]
    assert noise and plain and noise < plain  # noqa: PT018 - one thought
    assert [one.item for one in found.otherwise] == ["coherence", "surprise"]
    assert "People less machines, step by step, in logits" in text
    assert "takes 5 makers of several works on each side" in text
    assert "noise got" in text
    assert "Krippendorff's alpha is" in text
    assert len(found.plane) == 24


def test_every_figure_is_a_file_in_both_formats(client):
    study = simulated()
    _found, story = told(study)
    names = [figure.name for section in story.sections for figure in section.figures]
    assert len(names) == len(set(names)) >= 9
    for name in names:
        svg = client.get(f"/studies/{study.slug}/findings/{name}.svg")
        assert svg.headers["Content-Type"] == "image/svg+xml"
        tree = ElementTree.fromstring(svg.content)
        assert tree.attrib["width"] == "720"
        assert f"/studies/{study.slug}/findings/" in svg.text
        assert "Simulated: " in svg.text
        assert not re.search(r"var\(--|<img|oklch", svg.text)
    png = client.get(f"/studies/{study.slug}/findings/plane.png")
    assert png.content.startswith(b"\x89PNG")
    assert 'filename="' in png.headers["Content-Disposition"]
    assert client.get(f"/studies/{study.slug}/findings/nothing.svg").status_code == 404


def test_signs_that_xml_cannot_write_spoil_no_figure(client):
    """An admin may paste a page break into a title, a curator a sign that is none."""
    study = simulated()
    Artwork.objects.filter(study_works__study=study).update(title="Sea\uffff & sky\x0b")
    told(study)
    for name in ("plane", "coherence"):
        svg = client.get(f"/studies/{study.slug}/findings/{name}.svg")
        assert "\x0b" not in "".join(ElementTree.fromstring(svg.content).itertext())
        png = client.get(f"/studies/{study.slug}/findings/{name}.png")
        assert png.status_code == 200


def test_each_work_on_the_plane_is_a_link_with_words(client):
    study = simulated()
    found, story = told(study)
    plane = figure_named(story.sections, "plane")
    assert plane
    html = client.get(f"/studies/{study.slug}/findings/").text
    marks = re.findall(r'<a href="/works/[^"]+" class="(?:human|machine)" aria-label="[^"]+"', html)
    drawn = [mark for mark in marks if ": coherence " in mark and ", surprise " in mark]
    assert len(drawn) == len(found.plane)
    assert len(plane.table.rows) == len(drawn)


def test_pairs_fill_their_section(client):
    study = simulated("pairs", raters=36)
    text = page(client, study)
    assert "A work by a person was chosen over one by a machine" in text
    assert "pairs" in sections(client, study)
    found, _story = told(study)
    assert [one.item for one in found.pairs] == ["coherence", "surprise"]
    coherence = found.pairs[0].chosen
    assert coherence
    assert coherence.preferred.estimate > 0.5
    assert client.get(f"/studies/{study.slug}/findings/preferred.png").status_code == 200


def test_people_sit_no_study_in_bulk():
    study = make_study(2)
    with pytest.raises(NotSimulated, match="simulated raters"):
        sit_in_bulk(study, TRUTH, 1, works_of(study))
    assert not study.raters.exists()


def test_in_bulk_and_over_http_leave_the_same_rows_behind():
    """The same fields are filled as by a sitting that a person ends."""
    study = make_study(4, simulated=True)
    sit_in_bulk(study, Truth(effects={}, seed=1), 3, works_of(study))
    rater = study.raters.first()
    assert rater
    assert rater.revealed_at
    for trial in rater.trials.exclude(skip_reason="cannot_judge"):
        assert trial.answered_at
        assert trial.rt_ms
        assert trial.ratings.count() == 2
        assert trial.guess.value in range(1, 7)


def test_an_open_study_is_counted_in_one_way_and_so_is_one_of_too_many_answers(monkeypatch):
    """What hangs on a maker would tell of makers; and above a size it would take too long."""
    study = make_study(6)
    sit(study, 31)
    assert findings_of(study).otherwise == ()
    study.close()
    assert findings_of(study).otherwise != ()
    monkeypatch.setattr("gallery.findings.services.MOST_CHECKED", 31 * 12 - 1)
    assert compute_findings(study).otherwise == ()
