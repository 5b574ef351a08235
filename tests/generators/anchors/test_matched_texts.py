"""Texts made from another keep what they promise of it, and no reader's letter is taken apart."""

import random
import unicodedata
from collections import Counter
from itertools import islice, pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.anchors.chains import Chain
from generators.catalog import GENERATORS, Refused
from generators.texts import characters, usable_text, words
from tests.generators.test_promises import POEM

MADE = ("shuffled words", "shuffled characters", "drawn words", "drawn characters")
TANG = "床前明月光，疑是地上霜。\n舉頭望明月，低頭思故鄉。\n"
TANG += "春眠不覺曉，處處聞啼鳥。\n夜來風雨聲，花落知多少。\n"
MARKED = "e\u0323\u0301 \u0915\u094d\u0937\u093f 👩‍🚀 🇳🇱🇩🇪 👍🏽 \u1100\u1161\u11a8 a\u0301\n" * 4


def written(variant, content, seed=1, **more):
    generator = GENERATORS["letters"]
    params = generator.parse({"variant": variant, "length": 1200, **more})
    return list(generator.load()(params, seed=seed, content=content))


def text(*asked, **more):
    return written(*asked, **more)[-1].text


def chance(seed=1):
    return torch.Generator().manual_seed(seed)


def layout(text):
    """Where spaces and line ends stand among the letters."""
    return "".join(sign if sign.isspace() else "x" for sign in text)


def test_shuffled_words_are_the_same_words_on_lines_of_as_many():
    shuffled = text("shuffled words", POEM)
    assert Counter(shuffled.split()) == Counter(POEM.split())
    counts = [[len(line.split()) for line in one.split("\n")] for one in (shuffled, POEM.strip())]
    assert counts[0] == counts[1]
    assert shuffled != POEM.strip()


@pytest.mark.parametrize("content", [POEM, TANG, MARKED])
def test_shuffled_characters_are_the_same_characters_and_spaces_stay(content):
    shuffled = text("shuffled characters", content)
    pieces, was = characters(shuffled), usable_text(content)
    assert Counter(pieces) == Counter(was)
    assert [piece.isspace() for piece in pieces] == [piece.isspace() for piece in was]
    assert pieces != was


def test_every_order_of_words_is_as_likely():
    seen = Counter(text("shuffled words", "aaaaaaa bbbbbbb ccccccc d", seed) for seed in range(600))
    assert len(seen) == 24
    assert sum((n - 25) ** 2 / 25 for n in seen.values()) < 50  # 23 degrees: 1 in 1000


def test_a_long_text_gives_a_passage_of_whole_words_and_letters():
    content = POEM * 9
    for variant in MADE[:2]:
        for seed in range(20):
            made = text(variant, content, seed, length=100)
            assert 85 <= len(made) <= 100
            if variant == "shuffled words":
                assert set(made.split()) <= set(POEM.split())
    assert len({layout(text("shuffled characters", content, n, length=100)) for n in range(20)}) > 4


@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_a_chain_draws_what_follows_as_often_as_it_does(order):
    symbols = [*(POEM * 2), "\n"]
    chain = Chain(symbols, order)
    ring = [*symbols, *symbols[:order]]
    counted = Counter(tuple(ring[n : n + order + 1]) for n in range(len(symbols)))
    assert counted == {
        (*context, symbol): count
        for context, counter in chain.counts.items()
        for symbol, count in counter.items()
    }
    drawn = [symbol for symbol, _ in islice(chain.draw(chance()), 20_000)]
    seen = Counter(tuple(drawn[n : n + order + 1]) for n in range(len(drawn) - order))
    assert set(seen) <= set(counted)
    away = sum(abs(seen[one] / seen.total() - n / counted.total()) for one, n in counted.items())
    assert away < 0.12  # at most 2; the more kinds, the more chance there is in it


def test_the_bits_of_a_chain_are_its_entropy_rate():
    assert Chain([*"abcdefg", "\n"], 0).bits == pytest.approx(3)
    assert Chain([*"abcdefg", "\n"], 1).bits == 0
    chain = Chain([*POEM, "\n"], 1)
    drawn = [bits for _, bits in islice(chain.draw(chance()), 20_000)]
    assert sum(drawn) / len(drawn) == pytest.approx(chain.bits, rel=0.03)


def test_a_higher_order_leaves_less_to_chance():
    bits = [
        float(written("drawn characters", POEM, order=order)[-1].facts["bits_of_chance"])
        for order in range(4)
    ]
    assert bits == sorted(bits, reverse=True)


def test_words_are_drawn_whole_and_parted_by_one_space():
    made = text("drawn words", POEM * 3, order=1, length=400)
    assert set(made.split()) <= set(POEM.split())
    assert "  " not in made
    pairs = set(pairwise(POEM.replace("\n", " \n ").split(" ")))
    said = made.replace("\n", " \n ").split(" ")
    assert all(pair in pairs for pair in pairwise(said) if "" not in pair and "\n" not in pair)


def test_chinese_is_shuffled_and_drawn_by_characters_without_spaces():
    for variant in MADE:
        made = text(variant, TANG, order=1 if variant == "drawn characters" else 0)
        assert set(made) <= set(TANG)
        assert " " not in made


@given(
    st.text(st.sampled_from("aé\u0301\u0323👩\u200d🚀🇳🇱🏽\u1100\u1161\u11a8각\n 明\t\u0915\u094d"))
)
@settings(max_examples=300, deadline=None)
def test_pieces_joined_are_the_text_and_none_begins_with_a_mark(text):
    pieces = characters(text)
    assert "".join(pieces) == text == "".join(words(pieces))
    for before, piece in pairwise(pieces):
        if not before.isspace():
            assert unicodedata.category(piece[0]) not in {"Mn", "Mc", "Me"}


@pytest.mark.parametrize(
    "whole", ["e\u0323\u0301", "👩‍🚀", "🇳🇱", "👍🏽", "각", "\u1100\u1161\u11a8", "क्", "❤️"]
)
def test_what_a_reader_takes_for_one_character_is_one(whole):
    assert characters(f"a{whole}b") == ["a", whole, "b"]


def test_flags_are_paired_from_the_left():
    assert characters("🇳🇱🇩🇪🇫") == ["🇳🇱", "🇩🇪", "🇫"]


def test_korean_syllables_are_apart_however_they_are_spelled():
    for spelled in ("각가나", "\u1100\u1161\u11a8\u1100\u1161\u1102\u1161"):
        assert [unicodedata.normalize("NFC", one) for one in characters(spelled)] == [*"각가나"]


@pytest.mark.parametrize("variant", MADE)
@pytest.mark.parametrize("content", [POEM, TANG, MARKED])
def test_no_frame_takes_a_character_apart(variant, content):
    kinds = set(usable_text(content))
    for seed in range(5):
        frames = written(variant, content, seed, order=0, length=100)
        for frame in frames:
            assert unicodedata.is_normalized("NFC", frame.text)
            assert len(frame.text) <= 100
            assert set(characters(frame.text)) <= kinds


@given(st.text(min_size=20, max_size=300), st.sampled_from(MADE), st.integers(0, 3))
@settings(max_examples=150, deadline=None)
def test_any_text_is_used_or_refused(content, variant, order):
    try:
        made = text(variant, content, order=order, length=100)
    except Refused:
        return
    assert made.strip()
    assert len(made) <= 100
    assert unicodedata.is_normalized("NFC", made)


REFUSED = {
    "none": (None, "works on a text"),
    "a picture": (torch.zeros(3, 8, 8), "works on a text"),
    "empty": ("", "too short"),
    "blank": (" \n" * 100, "too short"),
    "short": ("a few words only", "too short"),
    "one letter": ("z" * 500, "one letter over and over"),
}


@pytest.mark.parametrize("variant", MADE)
@pytest.mark.parametrize(("content", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_a_text_that_cannot_be_used_is_refused(variant, content, reason):
    with pytest.raises(Refused, match=reason):
        text(variant, content)


@pytest.mark.parametrize(
    ("variant", "content", "reason"),
    [
        ("shuffled words", "word " * 50, "one word over and over"),
        ("drawn words", "onlytwowordsthatare verylongindeed", "at least 4 words"),
        ("shuffled words", "ab" * 400 + " some more words", "fits the length"),
        ("drawn characters", " " * 20_000 + "twenty letters after a desert", "choose another text"),
        ("drawn words", POEM, "would be copied"),
        ("drawn characters", "abcdefghijklmnopqrstuvwxyz", "would be copied"),
    ],
)
def test_a_text_with_too_little_in_it_is_refused(variant, content, reason):
    order = {"drawn words": 3, "drawn characters": 1 if "desert" not in content else 0}
    with pytest.raises(Refused, match=reason):
        text(variant, content, order=order.get(variant, 0), length=100)


@pytest.mark.parametrize("variant", ["uniform letters", "english frequencies", "one phrase"])
def test_a_content_without_a_part_is_refused(variant):
    with pytest.raises(Refused, match="leave it out"):
        text(variant, POEM)


def test_the_callers_randomness_is_of_no_account():
    before = random.getstate()
    text("drawn words", POEM, order=0)
    assert random.getstate() == before
