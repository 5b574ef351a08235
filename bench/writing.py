"""Our writer beside others: `python -m bench.writing TEXT [--seconds 100]`, five minutes.

TEXT is tinyshakespeare.txt or any other; the last tenth is for judging.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bench import clock, nanogpt
from generators.copied import spans_of
from generators.corpus import Alphabet, collected, read_texts
from generators.nets.written import Writer
from generators.sampling import Sampler, draw
from generators.training.writer import LEARNT, Lesson, Training

WINDOW, JUDGED = 64, 2000  # characters, and windows of them
ROUNDS = 5

Rates = Mapping[tuple[str, int], list[float]]  # by side and by pieces at once


class PlainLSTM(nn.Module):
    """char-rnn's network (Karpathy 2015): two layers, of 128 units unless it is told otherwise, and
    of 512 where it should write well."""

    def __init__(self, alphabet: int, units: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(alphabet, units)
        self.lstm = nn.LSTM(units, units, 2, batch_first=True)
        self.head = nn.Linear(units, alphabet)

    @torch.no_grad()
    def sample(self, count: int, length: int) -> Tensor:
        """The loop that everybody writes."""
        chosen, state, found = torch.zeros((count, 1), dtype=torch.int64), None, []
        for _ in range(length):
            hidden, state = self.lstm(self.embedding(chosen), state)
            shares = torch.softmax(self.head(hidden[:, -1]), dim=1)
            chosen = torch.multinomial(shares, 1)
            found.append(chosen)
        return torch.cat(found, dim=1)


@torch.no_grad()
def judged(logits: Callable[[Tensor], Tensor], held_out: Tensor) -> float:
    """Nats a character over JUDGED windows at random places, each read from nothing."""
    rng = torch.Generator().manual_seed(0)
    at = torch.randint(len(held_out) - WINDOW - 1, (JUDGED,), generator=rng)
    windows = held_out[at[:, None] + torch.arange(WINDOW + 1)]
    losses = [
        F.cross_entropy(logits(part[:, :-1]).flatten(0, 1), part[:, 1:].flatten()).item()
        for part in windows.split(200)
    ]
    return sum(losses) / len(losses)


def learning(text: str, seconds: float) -> tuple[Training, nanogpt.NanoGPT]:
    training = Training(Lesson(steps=0, seconds=seconds, seed=0), text)
    while training.share < 1:
        training.advance()
    ours = judged(lambda seen: training.average(seen)[0], training.held_out)
    numbers = training.alphabet.numbers(text)
    peer, steps = nanogpt.trained(
        numbers[: int(LEARNT * len(numbers))], len(training.alphabet), seconds, seed=0
    )
    theirs = judged(peer, training.held_out)
    clock.row(
        f"Loss on what was not learnt after {seconds:.0f} s of CPU, windows of {WINDOW} characters",
        f"one GRU layer of {training.lesson.units}: {ours:.3f} nats in {training.step} steps; "
        f"{training.judged():.3f} when the text is read in one go",
        f"nanoGPT's recipe for a CPU: {theirs:.3f} nats in {steps} of its {nanogpt.STEPS} steps",
        ours - theirs,
        -0.35,
    )
    return training, peer


def rounding(training: Training) -> None:
    """What eight bits cost: the loss of the same held-out text, as trained and as drawn from."""
    sampler = Sampler(as_writer(training))
    rows = training.held_out[: 64 * 200].view(64, 200)
    state, losses = sampler.blank(64), []
    for place in range(199):
        state = sampler.read(rows[:, place], state)
        logits = sampler.logits(state)
        losses.append(F.cross_entropy(logits, rows[:, place + 1]).item())
    plain = training.average(rows[:, :-1])[0]
    exact = F.cross_entropy(plain.flatten(0, 1), rows[:, 1:].flatten()).item()
    print(f"Rounded to eight bits: {sum(losses) / len(losses):.4f} nats, before {exact:.4f}")


def as_writer(training: Training) -> Writer:
    return Writer("bench", "", training.average, training.alphabet, spans_of("x" * 20))


def drawing(training: Training, peer: nanogpt.NanoGPT) -> None:
    """Characters a second, one piece alone and 64 at once. Peers come in two sizes, one for small
    machines and one for good texts. Only one has learnt: it makes no difference to the time."""
    sampler, alphabet = Sampler(as_writer(training)), len(training.alphabet)
    small, large = (PlainLSTM(alphabet, units) for units in (128, 512))
    gpt = nanogpt.NanoGPT(alphabet, nanogpt.LARGE).eval()
    sides: dict[str, tuple[Callable[[int, int], object], int, int]] = {
        "ours": (lambda n, t: draw(sampler, sampler.blank(n), range(n), t), 1000, 300),
        "the nn.LSTM loop, 2 x 128": (small.sample, 500, 100),
        "the nn.LSTM loop, 2 x 512": (large.sample, 100, 50),
        "nanoGPT without a cache, 4 x 128": (partial(nanogpt.sample, peer), 100, 20),
        "nanoGPT without a cache, 6 x 384": (partial(nanogpt.sample, gpt), 20, 1),
    }
    work = {
        (name, pieces): _rate(partial(sample, pieces, length), pieces * length)
        for name, (sample, alone, together) in sides.items()
        for pieces, length in ((1, alone), (64, together))
    }
    for measure in work.values():
        measure()  # warm
    rates = clock.by_turns(work, ROUNDS)
    for name in sides:
        if name == "ours":
            continue
        bound = 16.0 if "LSTM" in name else 100.0
        clock.row(
            "Characters drawn in a second of CPU, one piece alone",
            clock.spread(rates["ours", 1], "chars/s"),
            f"{name}: {clock.spread(rates[name, 1], 'chars/s')}",
            _times(rates, "ours", name, 1),
            bound,
            least=True,
        )
        ours, theirs = (clock.spread(rates[side, 64], "chars/s") for side in ("ours", name))
        share = _times(rates, "ours", name, 64)
        print(f"  64 at once: {ours} beside {theirs}, {share:.3g} times")


def _times(rates: Rates, ours: str, peer: str, pieces: int) -> float:
    return median(rates[ours, pieces]) / median(rates[peer, pieces])


def _rate(work: Callable[[], object], count: int) -> Callable[[], float]:
    return lambda: count / clock.cpu(work)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text", type=Path, nargs="+", help="what to learn from")
    parser.add_argument("--seconds", type=float, default=100.0, help="of CPU time, to each side")
    asked = parser.parse_args(arguments)
    print(f"Writing; {clock.load()}; torch {torch.__version__}")
    text = collected(read_texts(asked.text))
    print(f"{len(text):,} characters, {len(Alphabet.of(text))} of them different")
    with clock.one_thread():
        training, peer = learning(text, asked.seconds)
        rounding(training)
        drawing(training, peer)


if __name__ == "__main__":
    main()
