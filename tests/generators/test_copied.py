"""Copied spans: found to the character, in any script, and nowhere else."""

import random

import pytest

from generators.copied import SPAN, longest_copy, spans_of

READ = "".join(random.Random(1).choices("abcdefghij 明月光", k=5000))
OWN = "".join(random.Random(2).choices("abcdefghij 明月光", k=400))


@pytest.mark.parametrize("length", [SPAN, SPAN + 1, 80])
@pytest.mark.parametrize("at", [0, 123, 400])
def test_a_copied_passage_is_found_to_the_character(length, at):
    # Framed by characters that were never read, so that it cannot be longer by chance.
    text = OWN[:at] + "|" + READ[700 : 700 + length] + "|" + OWN[at:]
    assert longest_copy(text, spans_of(READ)) == (at + 1, length)


def test_the_longest_of_several_counts():
    text = f"|{READ[10:40]}|{READ[900:1000]}|{READ[50:70]}|"
    assert longest_copy(text, spans_of(READ)) == (32, 100)


@pytest.mark.parametrize("text", ["", "ab", "|" * 50, OWN])
def test_what_is_not_copied_is_not_found(text):
    assert longest_copy(text, spans_of(READ)) == (0, 0)


def test_a_text_shorter_than_a_span_has_none():
    assert len(spans_of("x" * (SPAN - 1))) == 0
    assert longest_copy("x" * 50, spans_of("")) == (0, 0)
