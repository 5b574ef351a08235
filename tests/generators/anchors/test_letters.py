"""The anchors for texts are what they claim to be."""

from collections import Counter
from itertools import pairwise

import pytest

from generators.anchors.letters import ENGLISH
from generators.catalog import GENERATORS

VARIANTS = ("uniform letters", "english frequencies", "one phrase")


def written(seed=1, **values):
    generator = GENERATORS["letters"]
    return [f.text for f in generator.load()(generator.parse(values), seed=seed)]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("length", [100, 400, 1200])
def test_a_text_is_about_as_long_as_asked_and_never_longer(variant, length):
    for seed in range(10):
        text = written(seed, variant=variant, length=length)[-1]
        assert length * 0.65 <= len(text) <= length


@pytest.mark.parametrize("variant", VARIANTS)
def test_lines_are_neat(variant):
    for line in written(variant=variant, length=1200)[-1].split("\n"):
        assert 0 < len(line) <= 64
        assert line == line.strip()


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_text_grows(variant):
    texts = written(variant=variant)
    assert texts[0]
    assert all(later.startswith(text) for text, later in pairwise(texts))


def letters_of(variant):
    texts = (written(seed, variant=variant, length=1200)[-1] for seed in range(30))
    return Counter(c for c in "".join(texts) if c.isalpha())


def test_uniform_letters_are_uniform():
    counts = letters_of("uniform letters")
    expected = counts.total() / 26
    assert (
        sum((counts[c] - expected) ** 2 / expected for c in ENGLISH) < 53
    )  # 25 degrees: 1 in 1000


def test_english_letters_come_as_often_as_in_english():
    counts = letters_of("english frequencies")
    for letter, share in ENGLISH.items():
        assert 100 * counts[letter] / counts.total() == pytest.approx(share, abs=0.6)


def test_one_phrase_is_one_phrase():
    lines = written(variant="one phrase")[-1].split("\n")
    assert len(lines) > 5
    assert len(set(lines)) == 1
