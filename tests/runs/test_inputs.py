"""The works that a run starts from: which may, in what order, and how they reach the painter."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from gallery.runs.child import Child
from gallery.runs.models import Input, Run
from gallery.runs.painting import Painting
from gallery.runs.refusals import RunRefused
from gallery.runs.services import request_run
from generators.refused import Refused
from tests.factories import ONE_PIXEL, make_artwork, make_run

pytestmark = pytest.mark.django_db

GUIDED: dict[str, Any] = {"generator": "inceptionism", "params": {"objective": "guide"}}


def refusal(**asked: Any) -> dict[str, str]:
    """The sentence at each field."""
    with pytest.raises(RunRefused) as refused:
        request_run(**({"generator": "deep_style", "params": {}} | asked))
    assert not Run.objects.exists()
    return refused.value.fields


def styled(count: int) -> list[Any]:
    return [make_artwork() for _ in range(count)]


def test_content_and_styles_are_recorded_in_their_order():
    content, styles = make_artwork(), styled(4)
    run = request_run(
        generator="deep_style", params={}, content=content, styles=[*styles[2:], *styles[:2]]
    )
    used = [(one.role, one.position, one.artwork) for one in run.inputs.all()]
    places = enumerate([*styles[2:], *styles[:2]])
    assert used == [("content", 0, content), *(("style", n, work) for n, work in places)]


def test_a_work_may_be_painted_in_its_own_manner():
    work = make_artwork("machine")
    run = request_run(generator="deep_style", params={}, content=work, styles=[work])
    assert run.inputs.count() == 2


def test_deep_style_needs_a_content_and_a_style_and_tells_of_both_at_once():
    fields = refusal()
    assert fields["content"] == "Deep Style works on a work that hangs here: choose one."
    assert fields["styles"] == "Deep Style paints in the manner of others: choose one."


@pytest.mark.parametrize(
    ("styles", "sentence"),
    [
        (lambda: styled(5), "takes 4 such works at most"),
        (lambda: styled(1) * 2, "Choose each work once."),
        (lambda: [make_artwork(hung=False)], "that hangs here"),
        (lambda: [make_artwork(), make_artwork(hung=False, state="discarded")], "that hangs here"),
        (lambda: [make_artwork(medium="text")], "this medium"),
    ],
)
def test_styles_that_will_not_do_are_refused_at_their_field(styles, sentence):
    fields = refusal(content=make_artwork(), styles=styles())
    assert set(fields) == {"styles"}
    assert sentence in fields["styles"]


def test_a_generator_that_takes_no_style_refuses_one():
    assert "takes no style" in refusal(generator="entropy", styles=styled(1))["styles"]


def test_a_guide_is_needed_where_it_is_strengthened_and_only_there():
    assert "choose the guide" in refusal(**GUIDED)["styles"]
    assert "at most: choose one" in refusal(**GUIDED, styles=styled(2))["styles"]
    useless = refusal(generator="inceptionism", styles=styled(1))["styles"]
    assert "only looked at" in useless
    guide = make_artwork()
    run = request_run(**GUIDED, styles=[guide])
    assert [(one.role, one.artwork) for one in run.inputs.all()] == [("style", guide)]


def plan(run: Run) -> tuple[Painting, dict[str, Any]]:
    painting = Painting(run, Child())
    return painting, painting._plan()[1]


def test_each_picture_is_written_for_the_painter_in_its_order():
    content, *styles = styled(3)
    run = make_run(generator="deep_style")
    Input.objects.create(run=run, role="style", position=1, artwork=styles[1])
    Input.objects.create(run=run, role="content", artwork=content)
    Input.objects.create(run=run, role="style", position=0, artwork=styles[0])
    painting, job = plan(run)
    files = [job["content_file"], *job["style_files"]]
    assert [Path(file).name for file in files] == ["content.webp", "style 1.webp", "style 2.webp"]
    assert all(Path(file).read_bytes() == ONE_PIXEL for file in files)
    assert painting.inputs == [
        {"code": str(content.code), "role": "content"},
        {"code": str(styles[0].code), "role": "style"},
        {"code": str(styles[1].code), "role": "style"},
    ]
    painting._clear_spool()
    assert not list(settings.SPOOL.iterdir())


@pytest.mark.parametrize("lose", ["file", "row"])
def test_a_picture_that_is_gone_is_a_plain_refusal(lose):
    artwork = make_artwork()
    rendition = artwork.renditions.get(kind="display")
    if lose == "file":
        rendition.file.delete(save=False)
    else:
        rendition.delete()
    run = make_run(generator="deep_style")
    Input.objects.create(run=run, role="style", position=0, artwork=artwork)
    with pytest.raises(Refused, match="is missing"):
        plan(run)


MATCHED: dict[str, Any] = {"generator": "entropy", "params": {"variant": "colours of the content"}}


def test_noise_is_matched_to_a_work_and_only_noise_that_asks_for_one():
    assert "choose one" in refusal(**MATCHED)["content"]
    assert (
        "No work has a part in this"
        in refusal(generator="entropy", content=make_artwork())["content"]
    )
    work = make_artwork()
    run = request_run(**MATCHED, content=work)
    assert [(one.role, one.artwork) for one in run.inputs.all()] == [("content", work)]
    assert run.aspects == []


SHUFFLED: dict[str, Any] = {"generator": "letters", "params": {"variant": "shuffled words"}}


def test_a_text_is_shuffled_and_a_picture_is_not():
    assert "choose one" in refusal(**SHUFFLED)["content"]
    assert "this medium" in refusal(**SHUFFLED, content=make_artwork())["content"]
    waiting = make_artwork(medium="text", hung=False)
    assert "that hangs here" in refusal(**SHUFFLED, content=waiting)["content"]
    text = make_artwork(medium="text")
    assert "No work has a part" in refusal(generator="letters", content=text)["content"]
    run = request_run(**SHUFFLED, content=text)
    painting, job = plan(run)
    assert job["content_text"] == text.text
    assert painting.inputs == [{"code": str(text.code), "role": "content"}]
    assert not painting.spool.exists()  # a text needs no file
