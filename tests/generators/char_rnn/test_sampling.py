"""Drawing: each piece by its own seed alone, as likely as the network says, with exact bits."""

import pytest
import torch
from torch.nn import functional as F

from generators.corpus import Alphabet
from generators.nets.gru import CharGRU, initialise
from generators.nets.written import Writer
from generators.sampling import BLOCK, Sampler, draw
from tests.generators.char_rnn.writers import SPANS, TEXT


@pytest.fixture(scope="module")
def writer():
    alphabet = Alphabet.of(TEXT)
    network = CharGRU(len(alphabet), units=48, embedding=16)
    initialise(network, torch.Generator().manual_seed(2))
    with torch.no_grad():
        network.head.weight.mul_(40)  # so that some characters are much likelier than others
    return Writer("test", "", network.requires_grad_(False), alphabet, SPANS)


@pytest.fixture(scope="module")
def sampler(writer):
    return Sampler(writer)


def drawn(sampler, seeds, **more):
    return draw(sampler, sampler.blank(len(seeds)), seeds, 60, **more)


def test_a_piece_does_not_depend_on_its_neighbours(sampler):
    pieces = 1 + BLOCK // (20 * sampler.parts[2])  # so many that a block ends within a piece
    together = drawn(sampler, list(range(pieces)))
    for seed in (0, 7, pieces - 1):
        alone = drawn(sampler, [seed])
        assert torch.equal(alone.numbers[0], together.numbers[seed])
        assert torch.equal(alone.chance[0], together.chance[seed])
        assert torch.equal(alone.surprisal[0], together.surprisal[seed])


def test_rounding_to_eight_bits_hardly_changes_what_is_expected(writer, sampler):
    numbers = writer.alphabet.numbers(TEXT[:60])
    logits = writer.network(numbers[None])[0][0]
    logits[:, 0] = -torch.inf
    exact = F.log_softmax(logits, dim=1)
    state, apart = sampler.blank(1), []
    for place, number in enumerate(numbers):
        state = sampler.read(number[None], state)
        found = F.log_softmax(sampler.logits(state)[0], dim=0)
        apart.append(F.kl_div(found[1:], exact[place, 1:], reduction="sum", log_target=True))
    assert float(torch.stack(apart).mean()) < 0.02  # nats


def test_characters_come_as_often_as_they_are_likely(sampler):
    first = draw(sampler, sampler.blank(4000), range(4000), 1).numbers[:, 0]
    shares = torch.softmax(sampler.logits(sampler.blank(1))[0], dim=0)
    found = torch.bincount(first, minlength=len(shares)) / len(first)
    assert float((found - shares).abs().max()) < 0.03


def test_bits_of_chance_at_temperature_1_are_the_surprisal(sampler):
    found = drawn(sampler, [1, 2, 3])
    assert torch.allclose(found.chance, found.surprisal, atol=1e-4)
    assert bool((found.chance >= 0).all())


def test_colder_takes_less_from_chance_and_hotter_more(sampler):
    bits = [
        float(drawn(sampler, range(32), temperature=t).chance.sum()) for t in (0.2, 0.6, 1.0, 1.6)
    ]
    assert bits == sorted(bits)
    assert bits[0] < 0.5 * bits[-1]


def test_a_nucleus_keeps_only_the_likeliest(sampler):
    narrow = drawn(sampler, range(32), nucleus=0.02)
    assert float(narrow.chance.sum()) == pytest.approx(0, abs=1e-3)  # one character is enough
    ranks = []
    state = sampler.blank(1)
    for number in drawn(sampler, [5], nucleus=0.5).numbers[0]:
        shares = torch.softmax(sampler.logits(state)[0], dim=0)
        likelier = shares[shares > shares[number]]
        ranks.append(float(likelier.sum()))
        state = sampler.read(number[None], state)
    assert max(ranks) < 0.5


def test_the_unknown_character_is_never_written(sampler):
    assert int(drawn(sampler, range(64), temperature=2.0).numbers.min()) > 0
