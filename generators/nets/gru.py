"""A network that guesses the next character of a text from all before it.

After Karpathy 2015, "The unreasonable effectiveness of recurrent neural networks", with a gated
recurrent unit (Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder"): one
wide layer learns more in a given time on a CPU than several narrow ones.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

UNITS, EMBEDDING = 320, 64


class CharGRU(nn.Module):
    """(N, T) numbers of characters and a state to (N, T, A) logits of the next and a new state."""

    def __init__(self, alphabet: int, units: int = UNITS, embedding: int = EMBEDDING) -> None:
        super().__init__()
        self.embedding = nn.Embedding(alphabet, embedding)
        self.gru = nn.GRU(embedding, units, batch_first=True)
        self.head = nn.Linear(units, alphabet)

    def forward(
        self, numbers: Tensor, state: Tensor | None = None, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """`mask` (N, 1, units) scales what the head sees: the same units over a whole window."""
        hidden, state = self.gru(self.embedding(numbers), state)
        return self.head(hidden if mask is None else hidden * mask), state


def initialise(network: CharGRU, rng: torch.Generator) -> None:
    """Orthogonal recurrence, so that a signal neither dies nor grows over many characters (Saxe,
    McClelland, Ganguli 2014); the rest by fan-in."""
    units = network.gru.hidden_size
    weights = dict(network.named_parameters())
    with torch.no_grad():
        nn.init.normal_(weights["embedding.weight"], std=0.3, generator=rng)
        nn.init.xavier_uniform_(weights["gru.weight_ih_l0"], generator=rng)
        for gate in weights["gru.weight_hh_l0"].view(3, units, units):
            nn.init.orthogonal_(gate, generator=rng)
        nn.init.xavier_uniform_(weights["head.weight"], generator=rng)
        for name, bias in weights.items():
            if bias.ndim == 1:
                bias.zero_()
                if name == "gru.bias_ih_l0":  # the update gate: a new network remembers
                    bias[units : 2 * units] = 1.0
