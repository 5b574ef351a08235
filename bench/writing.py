"""Our writer beside others: `python -m bench.writing TEXT [--seconds 100]`, five minutes.

TEXT is tinyshakespeare.txt or any other; the last tenth is for judging.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

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


class PlainLSTM(nn.Module):
    """char-rnn's documented network: two layers of 128 (Karpathy 2015)."""

    def __init__(self, alphabet: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(alphabet, 128)
        self.lstm = nn.LSTM(128, 128, 2, batch_first=True)
        self.head = nn.Linear(128, alphabet)

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
    sampler = Sampler(as_writer(training))
    lstm = PlainLSTM(len(training.alphabet))
    sides: dict[str, tuple[Callable[[], object], int]] = {
        "ours 64": (lambda: draw(sampler, sampler.blank(64), range(64), 300), 64 * 300),
        "ours 1": (lambda: draw(sampler, sampler.blank(1), [1], 1000), 1000),
        "lstm 1": (lambda: lstm.sample(1, 500), 500),
        "lstm 64": (lambda: lstm.sample(64, 100), 6400),
        "gpt 1": (lambda: nanogpt.sample(peer, 1, 100), 100),
        "gpt 64": (lambda: nanogpt.sample(peer, 64, 20), 64 * 20),
    }
    for work, _ in sides.values():
        work()  # warm
    rates = clock.by_turns(
        {name: _rate(work, count) for name, (work, count) in sides.items()}, ROUNDS
    )
    middle = {name: sorted(found)[ROUNDS // 2] for name, found in rates.items()}
    told = {name: clock.spread(found, "chars/s") for name, found in rates.items()}
    for batch in (1, 64):
        print(
            f"Drawing {batch} at once: ours {told[f'ours {batch}']}, LSTM {told[f'lstm {batch}']}, "
            f"nanoGPT {told[f'gpt {batch}']}"
        )
    for peer_name, title, bound in (
        ("lstm 1", "the nn.LSTM loop, one at a time", 16.0),
        ("gpt 1", "nanoGPT without a cache, one at a time", 100.0),
    ):
        clock.row(
            "Characters drawn in a second of CPU",
            f"64 at once: {told['ours 64']}; one at a time: {told['ours 1']}, "
            f"{middle['ours 1'] / middle[peer_name]:.1f} times the peer's",
            f"{title}: {told[peer_name]}",
            middle["ours 64"] / middle[peer_name],
            bound,
            least=True,
        )


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
