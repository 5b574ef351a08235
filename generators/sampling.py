"""Drawing texts from a writer, many at once, on whole numbers.

The recurrent weights and the state they meet are rounded to eight bits, the weights row by row, the
state by one scale, because it never leaves (-1, 1). Their products are then exact, whatever stands
beside them in a batch: a piece depends on its own seed alone. What the alphabet's characters add to
the gates is looked up in a table.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from generators.nets.written import Writer

STEPS = 127.0  # to either side of 0
NEVER = -1e9  # a logit
BLOCK = 2**18  # logits that wait to be reckoned with at once: one by one costs a third more


class Rounded:
    """A matrix (rows, columns) of eight-bit numbers, to be multiplied with a state."""

    def __init__(self, weights: Tensor) -> None:
        largest = weights.abs().amax(1).clamp_min(1e-8)
        self.columns = (weights / largest[:, None] * STEPS).round().to(torch.int8).t()
        self.scale = largest / STEPS**2
        self.steps = torch.tensor(STEPS)  # a number would be made a tensor anew at each call

    def __call__(self, state: Tensor) -> Tensor:
        """float32 (N, columns) within (-1, 1), which is rounded, to float32 (N, rows)."""
        rounded = (state * self.steps).round_().to(torch.int8)
        exact: Tensor = torch._int_mm(rounded, self.columns)
        return exact * self.scale


class Sampler:
    """A writer made ready to draw from. Runs on the CPU, where it is quickest."""

    def __init__(self, writer: Writer) -> None:
        weights = writer.network.state_dict()
        self.units = units = writer.network.gru.hidden_size
        gates = weights["gru.weight_ih_l0"].T
        self.table = weights["embedding.weight"] @ gates + weights["gru.bias_ih_l0"]
        # The reset gate multiplies the last third's bias, so that one stays outside the table.
        bias = weights["gru.bias_hh_l0"]
        self.table[:, : 2 * units] += bias[: 2 * units]
        self.bias = bias[2 * units :]
        # One product serves both: what the state does to the gates, and what it makes likely.
        self.matrix = Rounded(torch.cat([weights["gru.weight_hh_l0"], weights["head.weight"]]))
        self.parts = (2 * units, units, len(writer.alphabet))
        self.head_bias = weights["head.bias"].clone()
        self.head_bias[0] = NEVER  # the unknown character is never written

    def blank(self, count: int) -> Tensor:
        """The state (count, units) before any character."""
        return torch.zeros((count, self.units))

    def ask(self, state: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What a state (N, units) does to the gates (N, 2 * units) and to what is new (N, units),
        and the logits (N, A) of the next character. One product gives all three."""
        gates, new, head = self.matrix(state).split_with_sizes(self.parts, 1)
        return gates, new + self.bias, head + self.head_bias

    def follow(self, numbers: Tensor, state: Tensor, gates: Tensor, new: Tensor) -> Tensor:
        """The state after one more character each, (N,) of them, where `ask` was asked already."""
        fresh = self.table.index_select(0, numbers)
        added, fresh = fresh.split_with_sizes(self.parts[:2], 1)
        reset, update = torch.sigmoid(added + gates).chunk(2, 1)
        after: Tensor = torch.lerp(torch.tanh(fresh + reset * new), state, update)
        return after

    def read(self, numbers: Tensor, state: Tensor) -> Tensor:
        """The state after one more character each, (N,) of them."""
        gates, new, _ = self.ask(state)
        return self.follow(numbers, state, gates, new)

    def logits(self, state: Tensor) -> Tensor:
        """(N, A): of the next character."""
        return self.ask(state)[2]


class Drawn:
    """What `draw` gives for a batch: numbers (N, T), and two kinds of surprise, in bits, (N, T)."""

    def __init__(self, numbers: Tensor, chance: Tensor, surprisal: Tensor) -> None:
        self.numbers = numbers
        self.chance = chance  # what each draw took from chance, sharpened and cut as it was drawn
        self.surprisal = surprisal  # how unexpected each character was to the writer as trained


@torch.inference_mode()
def draw(
    sampler: Sampler,
    state: Tensor,
    seeds: Sequence[int],
    length: int,
    *,
    temperature: float = 1.0,
    nucleus: float = 1.0,
) -> Drawn:
    """`length` characters for each seed, beginning after `state` (N, units).

    `temperature` divides the logits; `nucleus` keeps the likeliest characters that together have
    that share, at least one (Holtzman et al. 2020, "The curious case of neural text degeneration").
    One uniform number decides each character by where it falls in the cumulated shares.
    """
    chances = torch.stack(
        [torch.rand(length, generator=torch.Generator().manual_seed(seed)) for seed in seeds], 1
    )
    chances *= 1 - 2**-23  # so that rounding never reaches the very end
    together = max(1, BLOCK // (len(seeds) * sampler.parts[2]))
    found = []
    for part in torch.split(chances[:, :, None], together):
        state, *block = _block(sampler, state, part, temperature, nucleus)
        found.append(block)
    numbers, shares, plain = (torch.cat(parts)[:, :, 0].T for parts in zip(*found, strict=True))
    bits = torch.tensor(2.0).log()
    return Drawn(numbers, -shares.double().log2(), -plain.double() / bits)


def _block(
    sampler: Sampler, state: Tensor, chances: Tensor, temperature: float, nucleus: float
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The state after a character for each of the `chances` (T, N, 1); the characters, their shares
    as drawn from and their log shares at temperature 1, each (T, N, 1)."""
    seen, drawn_from, picked = [], [], []
    for chance in chances:
        gates, new, logits = sampler.ask(state)
        tempered = torch.softmax(logits / temperature, dim=1)
        if nucleus < 1:
            tempered = _nucleus(tempered, nucleus)
        cumulated = tempered.cumsum(1)
        # Rounding leaves the last sum beside 1: the number is scaled to it.
        reached = chance * cumulated[:, -1:]
        numbers = torch.searchsorted(cumulated, reached, right=True)
        state = sampler.follow(numbers[:, 0], state, gates, new)
        seen.append(logits)
        drawn_from.append(tempered)
        picked.append(numbers)
    chosen = torch.stack(picked)
    shares = torch.stack(drawn_from).gather(2, chosen)
    return state, chosen, shares, torch.log_softmax(torch.stack(seen), dim=2).gather(2, chosen)


def _nucleus(shares: Tensor, kept: float) -> Tensor:
    ordered, order = shares.sort(dim=1, descending=True)
    before = ordered.cumsum(1) - ordered
    ordered = torch.where(before < kept, ordered, 0.0)
    cut = torch.zeros_like(shares).scatter_(1, order, ordered)
    return cut / cut.sum(1, keepdim=True)
