"""Opening, closing and beginning: what is refused, and what is stored beforehand."""

from collections import Counter

import pytest

from gallery.studies.models import Rater, State, Study, Trial
from gallery.studies.seating import begin
from gallery.studies.services import (
    StudyRefused,
    available,
    available_per_arm,
    erase,
    open_study,
    sample,
)
from gallery.works.models import Artwork
from tests.factories import make_artwork, make_rater, make_study

pytestmark = pytest.mark.django_db


def hung(people: int = 4, machines: int = 4, **kw) -> list[int]:
    works = [make_artwork("human", **kw) for _ in range(people)]
    works += [make_artwork("machine", **kw) for _ in range(machines)]
    return [work.pk for work in works]


def opened(works: list[int], **kw) -> Study:
    words = {"title": "A", "slug": "a", "purpose": "", "medium": "image", "seed": 3}
    return open_study(**{**words, "artwork_ids": works, "trials_per_rater": 4, **kw})


def test_it_freezes_the_works_into_two_arms_and_opens():
    works = hung(4, 5)
    study = opened(works)
    assert study.state == State.OPEN
    assert study.opened_at
    assert set(study.works.values_list("artwork", flat=True)) == set(works)
    assert sorted(Counter(study.works.values_list("arm", flat=True)).values()) == [4, 5]


@pytest.mark.parametrize(
    ("works", "because"),
    [
        (lambda: hung(4, 0), "no work by a machine"),
        (lambda: hung(0, 4), "no work by a person"),
        (lambda: hung(1, 4), "One side has only 1 works"),
        (lambda: hung(medium="text"), "of another medium"),
        (lambda: hung(hung=False, licence=""), "no licence"),
        (lambda: hung(hung=False, state="discarded"), "passed over"),
        (lambda: hung(width=399, height=320), "too small"),
        (lambda: [*hung(), 10**9], "no licence"),
        (lambda: list(make_study().works.values_list("artwork", flat=True)), "another open study"),
    ],
)
def test_it_refuses_works_unfit_for_a_study_with_a_reason(works, because):
    chosen = works()
    before = Study.objects.count()
    with pytest.raises(StudyRefused, match=because):
        opened(chosen)
    assert Study.objects.count() == before


@pytest.mark.parametrize("trials", [0, 3, 15, 42, -2])
def test_it_refuses_an_odd_or_outlandish_sitting(trials):
    with pytest.raises(StudyRefused, match="even number"):
        opened(hung(), trials_per_rater=trials)


def test_it_refuses_an_address_that_is_taken():
    opened(hung())
    with pytest.raises(StudyRefused, match="Choose another"):
        opened(hung())
    with pytest.raises(StudyRefused, match="Choose another"):
        opened(hung(), slug="new")


def test_a_closed_study_gives_its_works_back():
    works = hung()
    study = opened(works)
    assert available("image") == []
    assert study.close()
    assert set(available("image")) == set(works)
    assert not study.close()


def test_candidates_are_hung_as_the_study_opens_or_not_at_all():
    waiting = hung(hung=False)
    with pytest.raises(StudyRefused):
        opened(waiting, trials_per_rater=10)
    assert Artwork.objects.candidates().count() == 8
    opened(waiting)
    assert Artwork.objects.hung().count() == 8


def test_erasing_twice_is_erasing_once():
    rater = make_rater(make_study(1))
    erase(rater)
    erase(rater)
    assert not Rater.objects.exists()


def test_it_counts_what_waits_on_either_side_without_naming_a_side():
    hung(2, 5)
    assert available_per_arm("image") == (2, 5)
    assert available_per_arm("text") == (0, 0)


def test_a_sample_takes_so_many_from_each_side_by_the_seed():
    works = hung(6, 6)
    drawn = sample(works, per_arm=3, seed=1)
    assert drawn == sample(works, per_arm=3, seed=1)
    assert len(set(drawn)) == 6
    assert sorted(Counter(opened(drawn).works.values_list("arm", flat=True)).values()) == [3, 3]


def test_a_whole_sitting_is_stored_before_the_first_page():
    study = opened(hung(6, 6), trials_per_rater=8)
    rater = begin(study, "zh-hans")
    assert rater.language == "zh-hans"
    assert list(rater.trials.values_list("position", flat=True)) == list(range(1, 9))
    arms = Counter(rater.trials.values_list("study_work__arm", flat=True))
    assert min(arms["a"], arms["b"]) >= 2


def test_the_least_rated_works_are_drawn_first():
    study = make_study(4, trials_per_rater=4)
    fresh = set(study.works.filter(pk__in=[w.pk for w in study.works.all()][1::2]))
    for work in set(study.works.all()) - fresh:
        rater = Rater.objects.create(study=study, seed=1, first_item="surprise", language="en")
        trial = Trial.objects.create(rater=rater, study_work=work, position=1)
        assert trial.record(coherence=1, surprise=1)
    drawn = {trial.study_work for trial in begin(study, "en").trials.all()}
    for arm in "ab":  # two of each are fresh; who gets more of an arm gets them first
        mine = {work for work in drawn if work.arm == arm}
        assert len(mine & fresh) == min(2, len(mine))


def test_a_skipped_or_abandoned_trial_does_not_count_as_a_rating():
    study = make_study(2)
    rater = make_rater(study)
    first, second, *_ = rater.trials.all()
    first.skip("cannot_see")
    second.record(coherence=1, surprise=1)
    assert sum(rated for _, _, rated in study.works.completed()) == 1


def test_a_closed_study_lets_nobody_begin():
    study = make_study(state=State.CLOSED)
    with pytest.raises(StudyRefused, match="closed"):
        begin(study, "en")
    assert not Rater.objects.exists()


def test_a_work_whose_label_the_visitor_has_seen_is_never_drawn_for_them():
    first = make_study(4, state=State.CLOSED)
    known = make_rater(first, revealed_at=first.closed_at)
    shared = [trial.study_work.artwork_id for trial in known.trials.all()][1:7]
    second = opened([*shared, *hung(2, 2)])
    for _ in range(10):
        drawn = begin(second, "en", raters=[known.pk]).trials.all()
        assert not {trial.study_work.artwork_id for trial in drawn} & set(shared)
    strangers = begin(second, "en").trials.values_list("study_work__artwork", flat=True)
    assert len(strangers) == 4


def test_works_seen_but_not_yet_revealed_may_be_drawn():
    first = make_study(2, state=State.CLOSED)
    blind = make_rater(first)
    second = opened([trial.study_work.artwork_id for trial in blind.trials.all()])
    assert begin(second, "en", raters=[blind.pk]).trials.count() == 4


def test_who_knows_every_work_is_told_so():
    first = make_study(2, state=State.CLOSED)
    known = make_rater(first, revealed_at=first.closed_at)
    second = opened([trial.study_work.artwork_id for trial in known.trials.all()])
    with pytest.raises(StudyRefused, match="none is left"):
        begin(second, "en", raters=[known.pk])
