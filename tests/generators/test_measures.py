"""Measures against works whose measures are known without measuring."""

import json
import math
import random

import numpy as np
import pytest
import torch
from PIL import Image

from generators import measures
from generators.anchors.entropy import plain_field, uniform_noise
from generators.measures import (
    Compared,
    Levels,
    compare,
    luminance,
    luminance_entropy,
    lzma_bits,
    measure_picture,
    measure_text,
    ordinal,
    picture_features,
    png_bits,
    text_features,
    webp_bits,
    writers_bits,
)
from generators.refused import Refused
from generators.spectrum import natural_spectrum

pytestmark = pytest.mark.any_database


def levels(picture: torch.Tensor) -> Levels:
    shades: Levels = (picture.permute(1, 2, 0) * 255).round().byte().numpy()
    return shades


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


NOISE = uniform_noise(256, 256, rng())
FIELD = plain_field(256, 256, rng())
CLOUDS = natural_spectrum(256, 256, 1.0, rng())


def test_noise_has_all_permutation_entropy_and_no_complexity():
    entropy, complexity = ordinal(luminance(levels(NOISE)))
    assert entropy == pytest.approx(1, abs=1e-3)
    assert complexity == pytest.approx(0, abs=1e-3)


def test_a_plain_field_has_neither():
    assert ordinal(luminance(levels(FIELD))) == (0, 0)
    assert luminance_entropy(levels(FIELD)) == 0


def test_what_lies_between_order_and_chance_is_complex():
    smooth = natural_spectrum(256, 256, 2.0, rng())
    entropy, complexity = ordinal(luminance(levels(smooth)))
    assert 0.5 < entropy < 0.95
    assert complexity > 0.05


def test_permutation_entropy_and_complexity_are_those_of_a_known_distribution():
    """A chessboard has two orders, each in half of the windows: S = 1 bit."""
    chess = np.indices((65, 65)).sum(axis=0) % 2
    entropy, complexity = ordinal(chess)
    assert entropy == pytest.approx(1 / math.log2(24))
    equal, n = 1 / 24, 24
    mixed = [(0.5 + equal) / 2] * 2 + [equal / 2] * 22
    divergence = -sum(p * math.log(p) for p in mixed) - math.log(2) / 2 - math.log(n) / 2
    # The largest divergence, as Sigaki, Perc and Ribeiro write it.
    largest = -0.5 * ((n + 1) / n * math.log(n + 1) - 2 * math.log(2 * n) + math.log(n))
    assert complexity == pytest.approx(entropy * divergence / largest)


def test_luminance_entropy_counts_shades_and_not_places():
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    assert luminance_entropy(ramp) == pytest.approx(8)
    shuffled = np.random.default_rng(0).permutation(ramp, axis=1)
    assert luminance_entropy(shuffled) == luminance_entropy(ramp)
    assert luminance_entropy((ramp // 128) * 255) == pytest.approx(1)


@pytest.mark.parametrize("bits", [png_bits, webp_bits])
def test_noise_cannot_be_described_and_a_plain_field_needs_no_description(bits):
    assert bits(levels(NOISE)) == pytest.approx(24, rel=0.02)
    assert bits(levels(FIELD)) < 0.1
    assert bits(levels(FIELD)) < bits(levels(CLOUDS)) < bits(levels(NOISE))


def test_a_text_that_repeats_itself_is_short():
    letters = np.random.default_rng(0).choice(list("abcdefghijklmnopqrstuvwxyz "), 2000)
    chance, phrase = "".join(letters), "the cat sits by the wall\n" * 80
    assert lzma_bits(phrase) < 0.5
    assert lzma_bits(chance) > math.log2(27) * 0.99


def test_a_picture_stays_near_itself_when_mirrored_or_cropped():
    own = picture_features(CLOUDS)
    others = [picture_features(p) for p in (NOISE, natural_spectrum(256, 256, 1.4, rng(1)))]
    for changed in (CLOUDS.flip(2), CLOUDS[:, 16:, :-16]):
        near = own @ picture_features(changed)
        assert near > 0.95
        assert all(near > own @ other for other in others)


def test_a_duplicate_is_nearest_to_its_original_and_ten_of_them_are_nothing_new():
    rows = np.random.default_rng(1).normal(size=(30, 8)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    once = compare(rows[7], rows)
    assert once.nearest == 7
    assert once.distance == pytest.approx(0, abs=1e-6)
    assert once.novelty is not None
    assert once.novelty > 0.05
    often = compare(rows[7], np.concatenate([rows, np.repeat(rows[7:8], 9, axis=0)]))
    assert often.novelty == pytest.approx(0, abs=1e-6)
    assert often.nearest == 7  # the oldest of them


def test_novelty_is_the_mean_distance_to_the_ten_nearest():
    angles = np.linspace(0, np.pi, 21)
    earlier = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    found = compare(np.array([1, 0], np.float32), earlier)
    assert found.novelty == pytest.approx(np.mean(1 - np.cos(angles[:10])))
    assert found.typicality == pytest.approx(0, abs=1e-6)  # the mean points straight up
    assert compare(np.array([0, 1], np.float32), earlier).typicality == pytest.approx(1)


def test_among_few_earlier_works_novelty_is_not_known():
    row = np.eye(1, 4, dtype=np.float32)
    assert compare(row[0], row[:0]) == Compared()
    few = compare(row[0], np.repeat(row, 9, axis=0))
    assert (few.nearest, few.novelty, few.typicality) == (0, None, None)
    assert compare(row[0], np.repeat(row, 10, axis=0)).novelty == 0


def test_texts_are_near_that_share_their_words():
    poem = "The tide comes in, the tide goes out, and nobody is asked about."
    near, far = poem.upper().replace(" ", "\n"), "def insort(a, x, lo=0): return bisect(a, x)"
    assert text_features(poem) @ text_features(near) == pytest.approx(1)
    assert text_features(poem) @ text_features(far) < 0.3
    assert np.linalg.norm(text_features("x")) == pytest.approx(1)


def test_a_picture_is_measured_at_one_size_and_always_alike(tmp_path):
    for side in (256, 1024):
        enlarged = Image.fromarray(levels(CLOUDS)).resize((side, side), Image.Resampling.NEAREST)
        enlarged.save(tmp_path / f"{side}.png")
    one, again, large = (measure_picture(tmp_path / f"{n}.png") for n in (256, 256, 1024))
    assert json.dumps(one.as_json()) == json.dumps(again.as_json())
    assert set(one.lengths) == set(measures.PICTURE_CODECS)
    assert one.features @ large.features > 0.95
    assert one.permutation_entropy == ordinal(luminance(levels(CLOUDS)))[0]


def test_of_a_text_there_are_no_shades():
    measured = measure_text("One line.\n")
    assert (measured.luminance_entropy, measured.permutation_entropy) == (None, None)
    assert set(measured.lengths) == set(measures.TEXT_CODECS)


def test_a_file_that_is_no_picture_is_refused(tmp_path):
    (tmp_path / "x.webp").write_bytes(b"RIFF")
    with pytest.raises(Refused):
        measure_picture(tmp_path / "x.webp")


def test_a_model_needs_fewer_bits_for_what_is_like_what_it_has_read():
    verse = "KING:\nThe noble duke is come to speak with you,\nAnd brings my brother's letters."
    shuffled = "".join(random.Random(1).sample(verse, len(verse)))
    assert writers_bits(verse) < 2.6
    assert writers_bits(verse) < lzma_bits(verse) / 2
    assert writers_bits(shuffled) > 1.5 * writers_bits(verse)


def test_a_poem_in_chinese_is_told_by_the_writer_who_reads_chinese():
    assert writers_bits("白日依山盡，黃河入海流。") < 12
    assert writers_bits("Жил-был") > 20  # nobody here reads Russian


def test_the_model_does_not_mind_which_quotes_a_text_has():
    assert writers_bits("“Ay,” said he") == writers_bits('"Ay," said he')
