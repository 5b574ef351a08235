"""The pages of a training: what it would learn from, what it learnt, and the way on."""

import re
from typing import Any

import pytest

from gallery.runs.models import Checkpoint, Preview, Run
from gallery.runs.training.collection import Collection
from gallery.runs.training.services import keep_checkpoint
from tests.factories import make_artwork, make_user, sign_in
from tests.runs.training.test_services import ask, make_text

pytestmark = pytest.mark.django_db

TRAIN = "/studio/train/char_rnn/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def admin(client):
    """A client that is signed in as an admin."""
    sign_in(client, make_user("ada", admin=True))
    return client


@pytest.fixture
def left(tmp_path) -> Checkpoint:
    """What a finished training left."""
    for title in ("A cat", "Two cats"):
        make_text(title=title)
    ask(name="Cats of the house")
    run = Run.objects.claim("w1")
    assert run
    Preview.objects.show(run, image=b"", text="The cat sat.")
    path = tmp_path / "learnt.safetensors"
    path.write_bytes(b"weights")
    keep_checkpoint(run, path, {"held_out_nats": "1.5300", "steps": "9"})
    run.finish()
    return Checkpoint.objects.get()


def asked(**more: Any) -> dict[str, Any]:
    return {"find": "", "name": "Cats", "steps": "9", "units": "32", **more}


def test_a_posted_form_queues_the_training(admin):
    make_text(3000, title="A cat")
    response = admin.post(TRAIN, asked(find="cat", seed="7"))
    run = Run.objects.get()
    assert response["Location"] == run.get_absolute_url()
    assert (run.task, run.seed, run.params["units"]) == ("train", 7, 32)
    assert run.requested_by is not None


def test_the_collection_is_counted_before_anything_is_asked_for(admin):
    make_text(1500, title="A cat")
    make_text(1500, title="A dog")
    html = " ".join(admin.get(TRAIN).text.split())
    assert "2 works, 3,000 characters." in html
    looked = admin.post(TRAIN, asked(find="cat", look="yes"), headers=HTMX).text
    assert "1 work, 1,500 characters." in " ".join(looked.split())
    assert "too little to learn from" in looked
    assert "<h1>" not in looked
    assert not Run.objects.exists()


def test_without_scripts_a_look_keeps_what_was_typed_and_judges_nothing(admin):
    make_text(3000)
    html = admin.post(TRAIN, asked(name="", units="77", look="yes")).text
    assert 'value="77"' in html
    assert "errorlist" not in html


def test_too_little_is_refused_at_its_field_with_everything_else_that_is_wrong(admin):
    make_text(300)
    response = admin.post(TRAIN, asked(name="", units="5"))
    assert response.status_code == 422
    assert "too little to learn from" in response.text
    assert "Give it a name." in response.text
    assert not Run.objects.exists()


def test_a_preset_fills_in_what_goes_well_together(admin):
    make_text(3000)
    html = admin.post(TRAIN, asked(find="a", preset="long", name="Mine")).text
    assert re.search(r'name="minutes" value="60', html)
    assert re.search(r'name="steps" value="0"', html)
    assert 'value="Mine"' in html


def test_the_estimate_follows_the_budget(admin):
    make_text(3000)
    looked = admin.post(TRAIN, asked(steps="0", minutes="20", look="yes"), headers=HTMX).text
    assert "About 20 minutes on one ordinary processor core." in looked
    wrong = admin.post(TRAIN, asked(units="5", look="yes"), headers=HTMX).text
    assert "This cannot be learnt as it stands:" in wrong


def test_pictures_by_people_are_no_lesson_for_a_writer(admin):
    make_artwork()
    assert "No such work by a person hangs here yet" in admin.get(TRAIN).text


def test_a_generator_that_cannot_be_trained_has_no_such_page(admin):
    assert admin.get("/studio/train/entropy/").status_code == 404


def test_the_runs_page_tells_what_was_learnt_and_leads_on(admin, left):
    html = admin.get(left.run.get_absolute_url()).text
    assert "Cats of the house" in html
    assert "1.5300" in html
    assert left.sha256 in html
    assert "2 works by 2 makers. Licences: CC0 1.0 (2)." in " ".join(html.split())
    assert f"/studio/new/char_rnn/?checkpoint={left.code}" in html
    assert left.get_absolute_url() in html
    assert "The cat sat." in html
    assert "0 of 1" not in html


def test_a_training_under_way_says_how_far_it_is(admin):
    make_text(3000)
    ask()
    run = Run.objects.claim("w1")
    assert run
    run.report(3, 12, "step 3, loss 2.110 nats a character")
    html = admin.get(run.get_absolute_url()).text
    assert "Learning, 25 % done" in html
    assert "loss 2.110" in html


def test_the_checkpoint_is_chosen_where_works_are_made_with_it(admin, left):
    html = admin.get(f"/studio/new/char_rnn/?checkpoint={left.code}").text
    assert re.search(rf'<option value="{left.source}" selected>', html)
    assert '<option value="shakespeare">' in html
    response = admin.post("/studio/new/char_rnn/", {"count": "1", "writer": left.source})
    run = Run.objects.get(task="paint")
    assert response["Location"] == run.get_absolute_url()
    assert run.checkpoint == left
    page = admin.get(run.get_absolute_url()).text
    assert "<td>Cats of the house</td>" in page
    again = admin.get(f"/studio/new/char_rnn/?from={run.code}").text
    assert re.search(rf'<option value="{left.source}" selected>', again)


def test_an_unknown_checkpoint_is_no_address(admin, left):
    assert admin.get("/studio/new/char_rnn/?checkpoint=nonsense").status_code == 404
    assert admin.get(f"/studio/new/entropy/?checkpoint={left.code}").status_code == 404


def test_it_can_be_taken_away(admin, left):
    response = admin.get(left.get_absolute_url())
    assert b"".join(response.streaming_content) == b"weights"
    assert f'filename="{left.file_name}"' in response["Content-Disposition"]
    left.file.storage.delete(str(left.file))
    assert admin.get(left.get_absolute_url()).status_code == 404


def test_the_studio_lists_what_can_be_trained_and_what_was(admin, left):
    html = admin.get("/studio/").text
    assert TRAIN in html
    assert "Cats of the house" in html
    assert f"?checkpoint={left.code}" in html


def test_it_is_trained_again_on_its_page(admin, left):
    response = admin.post(f"{left.run.get_absolute_url()}repeat/")
    again = Run.objects.exclude(pk=left.run.pk).get()
    assert response["Location"] == again.get_absolute_url()
    assert (again.task, again.name) == ("train", "Cats of the house")


@pytest.mark.parametrize("curator", [True, False])
def test_only_admins_train_and_take_away(client, left, curator):
    sign_in(client, make_user("bob", curator=curator))
    assert client.get(TRAIN).status_code == 403
    assert client.post(TRAIN, asked()).status_code == 403
    assert client.get(left.get_absolute_url()).status_code == 403


def test_the_licences_of_many_sources_are_folded_but_for_the_usual_ones(admin):
    for number in range(9):
        make_text(licence=f"Licence {number}")
    html = " ".join(admin.get(ask().get_absolute_url()).text.split())
    told, _, folded = html.partition("and 3 more licences")
    assert "Licence 5 (1)." in told
    assert "Licence 8 (1)." in folded


def test_the_side_of_a_painters_pictures_is_left_to_the_device_or_chosen(admin, monkeypatch):
    monkeypatch.setattr(Collection, "complaint", "")  # no two hundred pictures for this
    make_artwork()
    url = TRAIN.replace("char_rnn", "gan")
    assert 'value="as the device allows" selected' in admin.get(url).text
    for side in ("", "128 pixels"):
        admin.post(url, {"find": "", "name": "Painter", "steps": "9", "side": side})
    one, other = Run.objects.order_by("pk")
    assert one.params["side"] == "as the device allows"
    assert other.params["side"] == "128 pixels"
