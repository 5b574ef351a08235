"""Texts lose their typography, and nothing else."""

import unicodedata
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.works.texts import (
    MOST_MARKS,
    TextRefused,
    fit_for_xml,
    normalised,
    one_line,
    read_text,
)

pytestmark = pytest.mark.any_database

# Letters and signs where normalisation has something to do, denser than chance would give them.
TRICKY = st.text(
    alphabet=st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from(
            "\n\r\t \v\f\x85\u2028\u00a0\u3000\u200b\u202e\u2066\ufeff\u00ad\u200d“”‘’«»–—…-'\"aeE"
            "\u0301\u0308\u0323\u0327\u0345\u1ffd\u212b\uac00\u1100\u1161\u2000\u0344"
        ),
    ),
    max_size=60,
)


@given(TRICKY)
def test_normalising_twice_changes_nothing_more(text):
    once = normalised(text)
    assert normalised(once) == once


@given(TRICKY)
def test_nothing_that_betrays_or_misleads_is_left(text):
    clean = normalised(text)
    assert unicodedata.is_normalized("NFC", clean)
    assert not set(clean) & set("\r\t\v\f\x85\u2028\u00a0\u3000\u202e\u2066\ufeff\u00ad“”‘’«»–—…")
    assert not any(line.endswith(" ") for line in clean.split("\n"))
    assert clean == "" or (clean.endswith("\n") and not clean.endswith("\n\n"))


def test_quotes_dashes_spaces_and_line_ends_become_the_typewriters():
    text = "“Don’t” — she said…\r\n\tin\u00a02–3\u2009ways.  \r\n\r\n\r\n\r\n\r\n«Yes»"
    assert normalised(text) == ('"Don\'t" -- she said...\n    in 2--3 ways.\n\n\n"Yes"\n')


def test_letters_of_every_script_stay():
    text = "Ünïcödé 床前明月光 سلام می‌خواهم ✿\n"
    assert normalised(text) == unicodedata.normalize("NFC", text)


def test_stacked_marks_are_capped():
    text = normalised("Z" + "\u0323\u0301\u0308\u0330" * 50)
    assert sum(unicodedata.combining(sign) > 0 for sign in text) == MOST_MARKS


def test_a_bom_is_no_part_of_the_text():
    assert read_text(b"\xef\xbb\xbfhello") == "hello\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xfe\x00h", "not UTF-8"),
        (b"caf\xe9", r"byte 4 \(0xe9\) is not UTF-8"),
        (b"a\0b", "NUL"),
        (b"", "empty"),
        (b" \r\n\t \xe2\x80\x8b", "empty"),
        (b"a" * 20_001, "longer than 20 kB"),
        ("…".encode() * 6_667, "longer than 20 kB"),
        (b"a\n" * 4_001, "more than 4000 lines"),
    ],
)
def test_a_text_that_cannot_hang_is_refused_with_a_sentence(data, reason):
    with pytest.raises(TextRefused, match=reason) as refusal:
        read_text(data)
    assert str(refusal.value).endswith(".")


def test_the_longest_texts_are_taken():
    assert len(read_text(b"a" * 19_999)) == 20_000
    assert read_text(b"a\n" * 4_000).count("\n") == 4_000


def test_a_label_is_one_line_that_steers_nothing():
    assert one_line(" A\u202eB\n\tC\0  “D” ") == "AB C “D”"


@given(st.text(st.characters(codec="utf-8")))
def test_what_is_fit_for_xml_can_be_read_back(text):
    fit = fit_for_xml(text)
    assert ElementTree.fromstring(f"<a>{escape(fit)}</a>").text == (
        fit.replace("\r\n", "\n").replace("\r", "\n") or None
    )
    assert set(text) - set(fit) <= {*map(chr, range(32)), "\ufffe", "\uffff"}
