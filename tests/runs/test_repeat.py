"""Making a run again, and looking at all that it made."""

import pytest
from django.urls import reverse

from gallery.runs.models import MOST_OUTPUTS, Input, Output, Run
from gallery.runs.refusals import RunRefused
from gallery.runs.services import repeat_run, request_run
from gallery.works.models import Artwork
from tests.factories import make_artwork, make_run, make_user, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    """A client that is signed in as an admin."""
    sign_in(client, make_user("ada", admin=True))
    return client


def styled_run() -> Run:
    return request_run(
        generator="deep_style",
        params={"size": 96, "weight_2": 3},
        count=2,
        content=make_artwork(title="Harbour"),
        styles=[make_artwork(title="Reeds"), make_artwork("machine", title="Rain")],
    )


def places(run: Run) -> list[tuple[str, int, int]]:
    return list(run.inputs.values_list("role", "position", "artwork"))


def test_a_run_made_again_asks_for_the_same_with_another_seed():
    run, user = styled_run(), make_user()
    again = repeat_run(run, user)
    assert (again.generator, again.params, again.count) == (run.generator, run.params, run.count)
    assert places(again) == places(run)
    assert again.seed != run.seed
    assert again.requested_by == user
    assert again.state == "queued"


def test_proportions_are_drawn_anew():
    make_artwork(width=300, height=400)
    run = request_run(generator="entropy", params={"size": 64}, count=3)
    again = repeat_run(run, None)
    assert len(again.aspects) == 3
    fixed = request_run(generator="entropy", params={"aspect": 1.5})
    assert (repeat_run(fixed, None).aspects, fixed.params["aspect"]) == ([], 1.5)


@pytest.mark.parametrize("role", ["content", "style"])
def test_a_run_whose_input_hangs_no_more_is_refused(admin, role):
    run = styled_run()
    lost = run.inputs.filter(role=role).values("artwork")
    Artwork.objects.filter(pk__in=lost).update(state="discarded", hung_at=None)
    with pytest.raises(RunRefused, match="that hangs here"):
        repeat_run(run, None)
    page = admin.post(reverse("run-repeat", args=[run.code]), follow=True)
    assert page.redirect_chain == [(run.get_absolute_url(), 302)]
    assert "It cannot be made again. Deep Style may only work" in page.text
    assert Run.objects.count() == 1


@pytest.mark.parametrize(
    ("params", "sentence"),
    [({"size": 9000}, "Enter 1024 or less."), ({"wit": 3}, "has no such parameter")],
)
def test_params_that_are_no_longer_accepted_are_refused(admin, params, sentence):
    run = make_run(params=params)
    page = admin.post(reverse("run-repeat", args=[run.code]), follow=True)
    assert sentence in page.text
    assert Run.objects.count() == 1


def test_a_generator_that_is_gone_is_refused_and_not_offered(admin):
    run = make_run(generator="gone")
    assert "Make it again" not in admin.get(run.get_absolute_url()).text
    page = admin.post(reverse("run-repeat", args=[run.code]), follow=True)
    assert "There is no generator “gone”." in page.text


def test_the_button_queues_it_and_opens_the_new_run(admin):
    run = styled_run()
    html = admin.get(run.get_absolute_url()).text
    assert f'action="{reverse("run-repeat", args=[run.code])}"' in html
    assert f'href="/studio/new/deep_style/?from={run.code}"' in html
    response = admin.post(reverse("run-repeat", args=[run.code]))
    again = Run.objects.exclude(pk=run.pk).get()
    assert response["Location"] == again.get_absolute_url()
    assert str(again.requested_by) == "ada"


def test_a_run_shows_its_parents_and_what_they_are_to_it(admin):
    run = styled_run()
    for address in (run.get_absolute_url(), reverse("run-sheet", args=[run.code])):
        html = " ".join(admin.get(address).text.split())
        for used in run.inputs.all():
            assert reverse("work-preview", args=[used.artwork.code]) in html
            assert reverse("work-thumb", args=[used.artwork.code]) in html
        assert html.index("Harbour") < html.index("Reeds") < html.index("Rain")
        assert html.count("In the manner of") == 2


def test_a_guide_is_called_a_guide(admin):
    run = make_run(generator="inceptionism", params={"objective": "guide"})
    Input.objects.create(run=run, role="style", artwork=make_artwork())
    assert "Guided by" in admin.get(run.get_absolute_url()).text


def test_both_sheets_show_everything_that_a_run_may_make(admin, django_assert_max_num_queries):
    run = make_run(count=MOST_OUTPUTS)
    works = [make_artwork("machine", hung=False) for _ in range(MOST_OUTPUTS)]
    outputs = [Output.objects.create(run=run, index=n, artwork=a) for n, a in enumerate(works)]
    sheet = reverse("run-sheet", args=[run.code])
    with django_assert_max_num_queries(8):
        alone = admin.get(sheet).text
    html = admin.get(run.get_absolute_url()).text
    assert sheet in html
    for output in outputs:
        assert f'src="{reverse("work-thumb", args=[output.artwork.code])}"' in html
        assert f'src="{reverse("work-picture", args=[output.artwork.code])}"' in alone
        assert f"seed {output.seed}" in alone
        assert f'alt="Work {output.number}"' in alone


def test_an_empty_sheet_says_what_will_be_there(admin):
    html = admin.get(reverse("run-sheet", args=[make_run().code])).text
    assert "Works appear here as they are finished." in html
