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


class Rounded:
    """A matrix (rows, columns) of eight-bit numbers, to be multiplied with a rounded state."""

    def __init__(self, weights: Tensor) -> None:
        largest = weights.abs().amax(1).clamp_min(1e-8)
        self.columns = (weights / largest[:, None] * STEPS).round().to(torch.int8).t()
        self.scale = largest / STEPS**2

    def __call__(self, state: Tensor) -> Tensor:
        """int8 (N, columns) to float32 (N, rows)."""
        exact: Tensor = torch._int_mm(state, self.columns)
        return exact * self.scale


class Sampler:
    """A writer made ready to draw from. Runs on the CPU, where it is quickest."""

    def __init__(self, writer: Writer) -> None:
        weights = writer.network.state_dict()
        self.units = writer.network.gru.hidden_size
        gates = weights["gru.weight_ih_l0"].T
        self.table = weights["embedding.weight"] @ gates + weights["gru.bias_ih_l0"]
        # The reset gate multiplies the last third's bias, so that one stays outside the table.
        bias = weights["gru.bias_hh_l0"]
        self.table[:, : 2 * self.units] += bias[: 2 * self.units]
        self.bias = bias[2 * self.units :]
        self.recurrent = Rounded(weights["gru.weight_hh_l0"])
        self.head, self.head_bias = Rounded(weights["head.weight"]), weights["head.bias"].clone()
        self.head_bias[0] = NEVER  # the unknown character is never written

    def blank(self, count: int) -> Tensor:
        """The state (count, units) before any character."""
        return torch.zeros((count, self.units))

    def read(self, numbers: Tensor, state: Tensor) -> Tensor:
        """The state after one more character each, (N,) of them."""
        units = self.units
        fresh = self.table[numbers]
        kept = self.recurrent(_rounded(state))
        gates = torch.sigmoid(fresh[:, : 2 * units] + kept[:, : 2 * units])
        reset, update = gates[:, :units], gates[:, units:]
        new = torch.tanh(fresh[:, 2 * units :] + reset * (kept[:, 2 * units :] + self.bias))
        after: Tensor = torch.lerp(new, state, update)
        return after

    def logits(self, state: Tensor) -> Tensor:
        """(N, A): of the next character."""
        found: Tensor = self.head(_rounded(state)) + self.head_bias
        return found


class Drawn:
    """What `draw` gives for a batch: numbers (N, T), and two kinds of surprise, in bits, (N, T)."""

    def __init__(self, numbers: Tensor, chance: Tensor, surprisal: Tensor) -> None:
        self.numbers = numbers
        self.chance = chance  # what each draw took from chance, sharpened and cut as it was drawn
        self.surprisal = surprisal  # how unexpected each character was to the writer as trained


@torch.no_grad()
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
        [torch.rand(length, generator=torch.Generator().manual_seed(seed)) for seed in seeds]
    )
    chances *= 1 - 2**-23  # so that rounding never reaches the very end
    numbers = torch.zeros((len(seeds), length), dtype=torch.int64)
    shares, plain = (torch.zeros((len(seeds), length)) for _ in range(2))
    for place in range(length):
        logits = sampler.logits(state)
        tempered = torch.softmax(logits / temperature, dim=1)
        if nucleus < 1:
            tempered = _nucleus(tempered, nucleus)
        cumulated = tempered.cumsum(1)
        # Rounding leaves the last sum beside 1: the number is scaled to it.
        reached = chances[:, place, None] * cumulated[:, -1:]
        chosen = torch.searchsorted(cumulated, reached, right=True)
        numbers[:, place] = chosen[:, 0]
        shares[:, place] = tempered.gather(1, chosen)[:, 0]
        plain[:, place] = torch.log_softmax(logits, dim=1).gather(1, chosen)[:, 0]
        state = sampler.read(chosen[:, 0], state)
    return Drawn(numbers, -shares.double().log2(), -plain.double() / torch.tensor(2.0).log())


def _nucleus(shares: Tensor, kept: float) -> Tensor:
    ordered, order = shares.sort(dim=1, descending=True)
    before = ordered.cumsum(1) - ordered
    ordered = torch.where(before < kept, ordered, 0.0)
    cut = torch.zeros_like(shares).scatter_(1, order, ordered)
    return cut / cut.sum(1, keepdim=True)


def _rounded(state: Tensor) -> Tensor:
    return (state * STEPS).round().to(torch.int8)
