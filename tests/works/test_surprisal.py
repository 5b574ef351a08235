"""A text's label tells how expected each character was, once the label may be read."""

import pytest
from django.urls import reverse

from gallery.works.surprisal import surprisal_of
from tests.factories import make_artwork, make_study

pytestmark = pytest.mark.django_db

TEXT = "Moon over the hill"
BITS = "- 5 12 90 31 0 0 0 0 0 0 0 0 0 0 0 0 80"


def piece(text=TEXT, **more):
    recipe = {
        "generator": "char_rnn",
        "surprisal": BITS,
        "copy_begins": "5",
        "copied": "13",
        **more,
    }
    return make_artwork("machine", medium="text", text=f"{text}\n", recipe=recipe)


def test_neighbours_of_one_level_are_one_part():
    told = surprisal_of(piece())
    assert told
    assert told.parts == [("Mo", 0), ("o", 1), ("n", 4), (" ", 2), ("over the hil", 0), ("l", 4)]
    assert "".join(part for part, _level in told.parts) == TEXT
    assert told.mean == 1.3  # the first words, which nobody drew, are left out
    assert told.copied == "over the hill"
    assert surprisal_of(piece(copy_begins="4", copied="14")) == told  # less the space before it


def test_first_words_that_nobody_gave_are_not_listed(client):
    page = client.get(piece(params={"prompt": "", "temperature": 0.8}).get_absolute_url()).text
    assert "Temperature" in page
    assert "Prompt" not in page


def test_a_short_echo_is_no_passage():
    told = surprisal_of(piece(copied="0"))
    assert told
    assert told.copied == ""


@pytest.mark.parametrize(
    "artwork",
    [
        lambda: piece(text="Another text than the record's"),
        lambda: piece(surprisal=""),
        lambda: make_artwork("machine", medium="text"),
        lambda: make_artwork(medium="text"),
    ],
)
def test_without_a_fitting_record_nothing_is_told(artwork):
    assert surprisal_of(artwork()) is None


def test_the_label_shows_it(client):
    page = client.get(piece().get_absolute_url()).text
    assert "surprised by 1.3 bits a character" in page
    assert "“over the hill”" in page
    assert '<span class="level-4">n</span>' in page
    assert BITS not in page


def test_a_text_is_escaped(client):
    text = "<b>bold</b> &amp;!"
    page = client.get(piece(text=text, surprisal=" ".join("0" * 18)).get_absolute_url()).text
    assert "<b>bold" not in page
    assert "&amp;amp;" in page.split("text-work tinted")[1]


def test_in_an_open_study_nothing_is_told(client):
    artwork = make_study(1).works.first().artwork  # type: ignore[union-attr]  # it has one
    artwork.recipe = {"surprisal": BITS}
    assert client.get(reverse("work", args=[artwork.code])).status_code == 404
