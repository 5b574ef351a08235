"""The network while it learns, with the questions that it is asked about a crop of a painting."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from generators.nets.tiny import TinyVGG, initialise
from generators.training.paintings import NO_LABEL

BATCH = 128  # crops to a step
SMOOTHING = 0.1  # of the labels
STYLE_SHARE, ARTIST_SHARE = 0.5, 0.25  # of the loss, beside 1 for the work
HEAD_SPREAD = 0.01  # of the heads' first weights: every answer is as likely at the start


class Pupil(nn.Module):
    """The network with the questions that it is trained on: work, style, artist."""

    def __init__(self, works: int, styles: int, artists: int) -> None:
        super().__init__()
        self.network = TinyVGG(padding="zeros")
        self.work = nn.Linear(4 * 128, works)
        self.style = nn.Linear(4 * 128, styles)
        self.artist = nn.Linear(4 * 128, artists)

    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        seen = self.network(crops.contiguous(memory_format=torch.channels_last))
        seen = F.adaptive_avg_pool2d(seen, 2).flatten(1)
        return self.work(seen), self.style(seen), self.artist(seen)


def new_pupil(works: int, styles: int, artists: int, seed: int) -> Pupil:
    """A pupil that has learnt nothing; its weights depend on the seed alone."""
    with torch.device("meta"):  # no random numbers but those of the generators below
        pupil = Pupil(works, styles, artists)
    pupil.to_empty(device="cpu")
    initialise(pupil, torch.Generator().manual_seed(seed))
    for head in (pupil.work, pupil.style, pupil.artist):
        nn.init.normal_(head.weight, std=HEAD_SPREAD, generator=torch.Generator().manual_seed(1))
    return pupil


def answer_loss(pupil: Pupil, crops: Tensor, labels: tuple[Tensor, Tensor, Tensor]) -> Tensor:
    """Cross entropy over the three questions; without a style or artist, over the rest."""
    with torch.autocast(crops.device.type, dtype=torch.bfloat16):
        answers = pupil(crops)
    shares = (1.0, STYLE_SHARE, ARTIST_SHARE)
    total = crops.new_zeros(())
    for given, label, share in zip(answers, labels, shares, strict=True):
        if bool((label != NO_LABEL).any()):
            total = total + share * F.cross_entropy(
                given.float(), label, label_smoothing=SMOOTHING, ignore_index=NO_LABEL
            )
    return total


def exported(pupil: Pupil) -> dict[str, Tensor]:
    """The weights that ship: network and style head, in half precision."""
    state = pupil.state_dict()
    kept = {n: t for n, t in state.items() if n.startswith(("network.", "style."))}
    return {name: tensor.cpu().half().contiguous() for name, tensor in kept.items()}
