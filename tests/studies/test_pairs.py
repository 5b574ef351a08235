"""Two works side by side: drawn from two arms, their sides by lot, chosen once."""

import re
from collections import Counter

import pytest

from gallery.studies.models import Choice, Study
from gallery.works.models import Artwork
from tests.factories import make_study
from tests.studies.visitors import sit_down

pytestmark = pytest.mark.django_db
PAIRS = {"mode": "pairs", "pairs": ["coherence", "surprise"], "guess": {"timing": "none"}}


@pytest.fixture(params=["image", "text"])
def study(request) -> Study:
    return make_study(4, medium=request.param, rules=PAIRS)


def test_a_pair_has_one_work_of_each_arm_and_every_work_comes_once(study):
    sides: Counter[str] = Counter()
    for _ in range(30):
        _, rater = sit_down(study)
        shown = []
        for trial in rater.trials.all():
            assert trial.right_work is not None
            assert {trial.study_work.arm, trial.right_work.arm} == {"a", "b"}
            sides[trial.study_work.arm] += 1
            shown += [trial.study_work_id, trial.right_work_id]
        assert len(shown) == len(set(shown)) == 8
    assert 35 < sides["a"] < 85  # of 120, by lot


def test_both_works_are_on_the_page_and_either_can_be_chosen(study):
    client, rater = sit_down(study)
    page = client.get(f"/studies/{study.slug}/sitting/").content.decode()
    trial = rater.trials.earliest("position")
    if study.medium == "image":
        pictures = re.findall(r'<img src="(/trials/[^"]+)"', page)
        assert len(pictures) == 2
        assert [client.get(one).status_code for one in pictures] == [200, 200]
    else:
        assert trial.study_work.artwork.text in page
        assert trial.right_work is not None
        assert trial.right_work.artwork.text in page
    assert page.count('name="coherence"') == page.count('name="surprise"') == 3
    half = client.post(f"/trials/{trial.code}/answer/", {"coherence": "left"})
    assert half.status_code == 422
    assert "Choose a side" in half.content.decode()
    both = {"coherence": "left", "surprise": "tie"}
    client.post(f"/trials/{trial.code}/answer/", both)
    client.post(f"/trials/{trial.code}/answer/", {"coherence": "right", "surprise": "right"})
    assert dict(Choice.objects.values_list("item", "outcome")) == both


def test_the_labels_say_what_each_was_chosen_for():
    study = make_study(1, rules=PAIRS)
    client, rater = sit_down(study)
    trial = rater.trials.get()
    client.post(f"/trials/{trial.code}/answer/", {"coherence": "left", "surprise": "right"})
    page = client.get(f"/studies/{study.slug}/reveal/").content.decode()
    assert "Here is who made them." in page
    assert page.count("Of the two you chose this one") == 2
    for work in study.works.select_related("artwork"):
        assert work.artwork.title in page
    assert Artwork.objects.signed_for([rater.pk]).count() == 2
    assert not Artwork.objects.signed_for([]).exists()


def test_a_work_seen_in_a_pair_counts_for_the_balance_of_the_draw():
    study = make_study(2, trials_per_rater=2, rules=PAIRS)
    client, rater = sit_down(study)
    trial = rater.trials.get()
    client.post(f"/trials/{trial.code}/answer/", {"coherence": "left", "surprise": "tie"})
    _, other = sit_down(study)
    again = other.trials.get()
    assert not {trial.study_work, trial.right_work} & {again.study_work, again.right_work}


def test_a_pair_has_no_picture_on_a_third_side(client):
    study = make_study(1)
    visitor, rater = sit_down(study)
    code = rater.trials.earliest("position").code
    assert visitor.get(f"/trials/{code}/picture/right/").status_code == 404
