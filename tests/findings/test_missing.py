"""What the findings page says where something is missing or may mislead."""

import pytest

from tests.factories import make_artwork, make_study
from tests.findings.pages import BY_ORIGIN, findings_of, page, sections
from tests.findings.rows import sit, spread

# Who counts, exports and looks are read on every database; what is made of it is numbers.
pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def test_it_says_that_nobody_has_finished(client):
    study = make_study(4)
    assert "nobody has finished a sitting in this study" in page(client, study)
    assert sections(client, study)[-1] == "method"
    assert "coherence" not in sections(client, study)


def test_a_closed_study_without_ratings_says_so(client):
    assert "nobody rated a work before this study closed" in page(
        client, make_study(2, state="closed")
    )


def test_it_says_that_every_work_was_skipped(client):
    study = make_study(2)
    sit(study, 12, skip=lambda *_: True)
    assert "every work shown so far was skipped" in page(client, study)


def test_it_says_that_every_work_was_known(client):
    study = make_study(2)
    sit(study, 12, recognised=lambda *_: "yes")
    assert "visitors had seen every rated work before" in page(client, study)


def test_it_says_that_no_work_by_a_machine_was_rated(client):
    study = make_study(2)
    sit(study, 31, skip=lambda rater, work, machine: machine)
    text = page(client, study)
    assert "no work by a machine has been rated" in text
    assert sections(client, study)[-1] == "method"
    assert "coherence" not in sections(client, study)


def test_it_says_that_no_work_by_a_person_was_rated(client):
    study = make_study(2)
    sit(study, 31, skip=lambda rater, work, machine: not machine)
    assert "no work by a person has been rated" in page(client, study)


def test_one_work_on_a_side_is_too_few_for_a_difference(client):
    study = make_study(1)
    sit(study, 31)
    text = page(client, study)
    assert "Too few works or visitors for a difference" in text
    assert sections(client, study) == BY_ORIGIN


def test_answers_that_are_all_the_same_give_no_interval(client):
    study = make_study(3)
    sit(study, 31, answer=lambda *_: (4, 4), guess=lambda *where: 1 if where[2] else 6)
    text = page(client, study)
    assert "All answers are the same, so how sure a difference is cannot be told." in text
    assert "186 of 186 guesses were right. The answers are too few or too uniform" in text


def test_answers_alike_within_each_side_give_no_interval(client):
    """All works by people a 6, all by machines a 2: few answers look certain, and are not."""
    study = make_study(3)
    sit(
        study,
        31,
        answer=lambda rater, work, machine: (2 if machine else 6, spread(rater, work, machine)[1]),
    )
    assert "The answers are too few or too uniform for a difference" in page(client, study)
    assert [s.model is None for s in findings_of(study).scales] == [True, False]


def test_without_guesses_it_says_when_they_will_be_shown(client):
    study = make_study(2, state="closed")
    sit(study, 31, finished=False)
    text = page(client, study)
    assert "shown once 10 visitors have made them" in text
    assert "who" not in sections(client, study)


def test_an_open_interval_is_not_called_equality(client):
    study = make_study(3)
    sit(study, 31, answer=lambda rater, work, _: (1 + (rater + work) % 7, 1 + (rater * work) % 7))
    text = page(client, study)
    assert "so it is open which side is ahead" in text
    assert "that does not mean that the two are equal" in text


def test_the_caveats_name_the_selection(client):
    study = make_study(3)
    maker = study.works.filter(artwork__origin="machine")[0].artwork.maker
    for _ in range(4):
        make_artwork("machine", maker=maker, hung=False)
    sit(study, 12)
    assert "of the 7 works that these machines have made here, 3 are counted" in page(client, study)


def test_one_maker_is_not_all_machines(client):
    study = make_study(1, trials_per_rater=4)
    study.works.create(artwork=make_artwork("human"), arm="a")
    sit(study, 12)
    text = page(client, study)
    assert "All works by machines are by one maker" in text
    assert "All works by people are by one maker" not in text


def test_only_an_open_study_warns_of_looking_again(client):
    study = make_study(2)
    sit(study, 12)
    assert "The study is open, and the figures still move" in page(client, study)
    study.close()
    assert "The study is open, and the figures still move" not in page(client, study)


def test_works_that_answers_do_not_tell_apart_from_the_scale_give_no_number(client):
    """Every work got the lowest point or the highest from everybody: there is no model of that."""
    study = make_study(2)
    sit(study, 31, answer=lambda rater, work, _: (1 if work % 2 else 7, 1 + rater % 7))
    assert findings_of(study).scales[0].model is None
    assert "the model does not settle on them" in page(client, study)


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ({"scales": [], "guess": {"timing": "interleaved"}}, "Who made this?"),
        ({"scales": [{"item": "liking", "points": 5}]}, "is liked more than a work by a machine"),
        (
            {"scales": [{"item": "coherence", "points": 5}, {"item": "quality", "points": 5}]},
            "is rated better than a work by a machine",
        ),
    ],
)
def test_a_study_of_other_questions_is_told_too(client, rules, says):
    study = make_study(6, rules=rules)
    points = [scale["points"] for scale in rules["scales"]]
    most = points[0] if points else 7
    sit(
        study,
        31,
        answer=lambda *where: _at_most(most, *spread(*where)),
        items=[scale["item"] for scale in rules["scales"]],
    )
    assert says in page(client, study)
    study.close()
    assert says in page(client, study)


def _at_most(most: int, one: int, other: int) -> tuple[int, int]:
    return min(one, most), min(other, most)
