"""Texts to learn from: read whole or refused with what to do."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from generators.corpus import LEAST, UNKNOWN, Alphabet, collected, read_texts
from generators.refused import Refused

LONG = "The cat sat on the mat. " * 200


def test_numbers_give_the_text_again():
    alphabet = Alphabet.of("明月 moon 明月 moon")
    assert alphabet.text(alphabet.numbers("明月 moon").tolist()) == "明月 moon"


@given(st.text(min_size=1), st.sampled_from(["a b a b", "明月明月", "e\u0301\u0301e"]))
def test_any_text_has_a_number_for_every_character(text, known):
    numbers = Alphabet.of(known).numbers(text)
    assert numbers.shape == (len(text),)
    assert numbers.dtype == torch.int64


def test_rare_characters_are_unknown():
    alphabet = Alphabet.of("aabbz")
    assert alphabet.characters == UNKNOWN + "ab"
    assert alphabet.numbers("z").tolist() == [0]


def test_texts_are_joined_and_normalised():
    text = collected(["\ufeffcafe\u0301\r\n" + LONG, LONG])
    assert text.startswith("café\nThe cat")
    assert "\n\nThe cat" in text
    assert "\r" not in text
    assert "\ufeff" not in collected([LONG, "\ufeff" + LONG])


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ([], f"has 0 characters: at least {LEAST:,}"),
        (["   \n" * 2000], "has 0 characters"),
        (["short"], "has 5 characters"),
        (["\0" + LONG], "bytes that are no text"),
    ],
)
def test_what_holds_no_text_is_refused(texts, message):
    with pytest.raises(Refused, match=message):
        collected(texts)


def test_one_character_over_and_over_is_refused():
    with pytest.raises(Refused, match="repeats one character"):
        Alphabet.of("a" * 5000)


def test_an_alphabet_that_no_text_has_is_refused():
    with pytest.raises(Refused, match="different characters"):
        Alphabet.of("".join(chr(0x4E00 + n) for n in range(9000)) * 2)


def test_files_and_folders_are_read_in_order(tmp_path):
    (tmp_path / "texts").mkdir()
    for name in ("b.txt", "a.txt", "c.jpg"):
        (tmp_path / "texts" / name).write_text(name, "utf-8")
    (tmp_path / "d.txt").write_text("d.txt")
    assert read_texts([tmp_path / "texts", tmp_path / "d.txt"]) == ["a.txt", "b.txt", "d.txt"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("café".encode("latin-1"), "is not UTF-8: byte 4 cannot be read. Save it as UTF-8."),
        ("明月".encode()[:-1], "is not UTF-8: byte 4"),
        (b"\x89PNG\0\0", "is not a text"),
    ],
)
def test_a_file_that_is_no_text_is_refused_by_name(tmp_path, data, message):
    file = tmp_path / "poems.txt"
    file.write_bytes(data)
    with pytest.raises(Refused, match=f"poems.txt.*{message}"):
        read_texts([file])


def test_what_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refused, match="no file or folder"):
        read_texts([tmp_path / "none.txt"])
    with pytest.raises(Refused, match="holds no text files"):
        read_texts([tmp_path])
