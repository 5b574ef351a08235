"""The peer of our writer: nanoGPT as its README trains it on a CPU, and as it samples.

A. Karpathy, nanoGPT (2022), "I only have a macbook": four layers of four heads and 128 units, 64
characters of context, batches of 12, no dropout, no biases, AdamW at 1e-3 falling by a cosine to
1e-4 over 2,000 steps after 100 to warm up, betas 0.9 and 0.99, decay 0.1, gradients clipped at 1,
float32 on a CPU. It samples by reading all of its context again for each new character.
"""

from __future__ import annotations

import math
import time
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

BATCH = 12
STEPS, WARM, RATE, LAST_RATE = 2000, 100, 1e-3, 1e-4


class Size(NamedTuple):
    layers: int
    heads: int
    units: int
    context: int


SMALL = Size(layers=4, heads=4, units=128, context=64)  # for a CPU
LARGE = Size(layers=6, heads=6, units=384, context=256)  # its train_shakespeare_char.py


class Block(nn.Module):
    def __init__(self, size: Size) -> None:
        super().__init__()
        self.heads, units = size.heads, size.units
        self.before, self.between = (nn.LayerNorm(units, bias=False) for _ in range(2))
        self.attend = nn.Linear(units, 3 * units, bias=False)
        self.project = nn.Linear(units, units, bias=False)
        self.widen = nn.Linear(units, 4 * units, bias=False)
        self.narrow = nn.Linear(4 * units, units, bias=False)

    def forward(self, seen: Tensor) -> Tensor:
        count, length, units = seen.shape
        parts = self.attend(self.before(seen)).view(count, length, 3, self.heads, -1)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        seen = seen + self.project(mixed.transpose(1, 2).reshape(count, length, units))
        wide = F.gelu(self.widen(self.between(seen)))
        added: Tensor = seen + self.narrow(wide)
        return added


class NanoGPT(nn.Module):
    """(N, T) numbers to (N, T, A) logits."""

    def __init__(self, alphabet: int, size: Size = SMALL) -> None:
        super().__init__()
        self.context = size.context
        self.characters = nn.Embedding(alphabet, size.units)
        self.places = nn.Embedding(size.context, size.units)
        self.blocks = nn.Sequential(*(Block(size) for _ in range(size.layers)))
        self.last = nn.LayerNorm(size.units, bias=False)
        for name, weights in self.named_parameters():
            if weights.ndim > 1:
                deep = name.endswith(("project.weight", "narrow.weight"))
                nn.init.normal_(weights, std=0.02 / math.sqrt(2 * size.layers if deep else 1))

    def forward(self, numbers: Tensor) -> Tensor:
        seen = self.characters(numbers) + self.places.weight[: numbers.shape[1]]
        logits: Tensor = self.last(self.blocks(seen)) @ self.characters.weight.T
        return logits


def trained(text: Tensor, alphabet: int, seconds: float, seed: int) -> tuple[NanoGPT, int]:
    """The network after so many seconds of CPU time, and its steps. Its schedule is as documented:
    it is not shortened to end with the time."""
    torch.manual_seed(seed)
    network = NanoGPT(alphabet)
    decayed = [p for p in network.parameters() if p.ndim > 1]
    plain = [p for p in network.parameters() if p.ndim == 1]
    groups = [{"params": decayed, "weight_decay": 0.1}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.99))
    began, step = time.process_time(), 0
    while time.process_time() - began < seconds and step < STEPS:
        if step < WARM:
            rate = RATE * (step + 1) / (WARM + 1)
        else:
            done = (step - WARM) / (STEPS - WARM)
            rate = LAST_RATE + 0.5 * (1 + math.cos(math.pi * done)) * (RATE - LAST_RATE)
        for group in optimizer.param_groups:
            group["lr"] = rate
        at = torch.randint(len(text) - SMALL.context - 1, (BATCH,))
        windows = text[at[:, None] + torch.arange(SMALL.context + 1)]
        logits = network(windows[:, :-1])
        loss = F.cross_entropy(logits.flatten(0, 1), windows[:, 1:].flatten())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        step += 1
    return network.eval(), step


@torch.no_grad()
def sample(network: NanoGPT, count: int, length: int) -> Tensor:
    """(count, length), without a cache, as nanoGPT's sample.py does, from where a piece has become
    longer than the context."""
    numbers = torch.zeros((count, network.context), dtype=torch.int64)
    for _ in range(length):
        logits = network(numbers[:, -network.context :])[:, -1] / 0.8
        top = torch.topk(logits, min(200, logits.shape[1])).values
        logits[logits < top[:, -1:]] = -math.inf
        chosen = torch.multinomial(torch.softmax(logits, dim=1), 1)
        numbers = torch.cat([numbers, chosen], dim=1)
    return numbers[:, network.context :]
