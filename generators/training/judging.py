"""Held-out figures of a network: `python -m generators.training.judging WEIGHTS FOLDER`.

All are measured on paintings that no training saw, beside the same architecture before training
and beside `random:0`, so that a network which learnt nothing useful shows it:

* texture: from the left half of a painting, its right half is to be found among those of all held
  out, and the other way round, by the means and deviations of the units of the style layers
  (Portilla and Simoncelli 2000; Li et al. 2017, "Demystifying neural style transfer"). Pixels
  answer the same question by mean and covariance of their colours;
* inversion: paintings are recovered by descent in pixels from the units of one layer (Mahendran and
  Vedaldi 2015, "Understanding deep image representations by inverting them"). The peak
  signal-to-noise ratio says how much of a picture the layer keeps, within reach of gradients.
  Nothing but the layer keeps grain out of the pixels; a second figure leaves grain out;
* dead: units that no held-out painting wakes;
* style: the head's answers for held-out paintings whose style is known.

Networks compute as they do when they paint: in bfloat16 where the processor multiplies it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors import safe_open
from torch import Tensor
from torch.nn import functional as F

from generators.nets.features import FeatureNetwork, style_layers_of
from generators.nets.random_weights import random_stages
from generators.nets.shipped import file_stages, read_weights
from generators.nets.tiny import TinyVGG, initialise
from generators.refused import Refused
from generators.training.figures import Figures, Judged, Styles
from generators.training.paintings import HELD_OUT, SIDE, Painting, read_catalogue, squared

SHORT = 128  # pixels of a painting's short side where its halves are compared
INVERTED, INVERTED_SIDE = 12, 96  # paintings recovered from a layer, and their side in pixels
COARSE = 4  # pixels to a side that are averaged where grain shall not count
STEPS, RATE = 150, 0.02  # of Adam, in pixels
SILENT = 1e-3  # of the largest answer of a layer: a unit that never exceeds it is dead
HEAD_CROP = 64  # pixels: what the style head was trained on


def judge(weights: Path, folder: Path, held_out: int = HELD_OUT) -> Figures:
    """All figures of the network in a weights file. Raises Refused if file or folder is unfit."""
    paintings, _ = read_catalogue(folder, held_out)
    if not paintings:
        raise Refused("Nothing is held out, so nothing can be judged: hold out some paintings.")
    with torch.random.fork_rng():  # nothing here draws from it, and nothing shall
        untrained = TinyVGG()
        initialise(untrained, torch.Generator().manual_seed(0))
    stages, facts = file_stages(str(weights))
    halves = [half for painting in paintings for half in in_halves(painting)]
    cut = torch.cat([squarely_cut(painting) for painting in paintings[:INVERTED]])
    network, without, chance = (
        judge_network(FeatureNetwork(its, {"network": name}, list(its)), layers, depth, halves, cut)
        for name, its, layers, depth in (
            (facts["network"], stages, style_layers_of("tiny"), "relu3_3"),
            ("untrained", untrained.stages(), style_layers_of("tiny"), "relu3_3"),
            ("random:0", random_stages(0)[0], style_layers_of("random:0"), "relu3"),
        )
    )
    return Figures(
        network=network,
        untrained=without,
        random=chance,
        pixels=found_again(torch.stack([colour_statistics(half) for half in halves])),
        mean_colour=errors(cut.mean((2, 3), keepdim=True).expand_as(cut), cut),
        mean_coarse=errors(cut.mean((2, 3), keepdim=True).expand_as(cut), cut, COARSE),
        styles=judge_styles(weights, paintings),
    )


def judge_network(
    network: FeatureNetwork, styles: Sequence[str], depth: str, halves: list[Tensor], cut: Tensor
) -> Judged:
    """The figures of one network, opened with all its layers."""
    vectors, most = [], {name: torch.zeros(network.width(name)) for name in network.layers}
    for half in halves:
        with torch.no_grad():
            seen = network(half)
        vectors.append(torch.cat([torch.cat(torch.std_mean(seen[n], (0, 2, 3))) for n in styles]))
        for name, units in seen.items():
            mean, gain = network.centres[name]
            unstandardised = units.amax((2, 3)) / gain[..., 0, 0] + mean[..., 0, 0]
            most[name] = most[name].maximum(unstandardised[0])
    recovered = inverted(network, depth, cut)
    return Judged(
        name=network.facts["network"],
        found=found_again(torch.stack(vectors)),
        errors=errors(recovered, cut),
        coarse=errors(recovered, cut, COARSE),
        dead={n: (m <= SILENT * m.max()).float().mean().item() for n, m in most.items()},
    )


def found_again(vectors: Tensor) -> tuple[float, ...]:
    """Of (2n, k) rows, of which 2i and 2i + 1 belong together, how often each pair is found: the
    share of its two rows whose nearest among the other halves is its own. Each column counts by its
    deviation, whatever its unit."""
    vectors = vectors.double()
    vectors = (vectors - vectors.mean(0)) / vectors.std(0).clamp_min(1e-9)
    apart = torch.cdist(vectors[::2], vectors[1::2])
    own = torch.arange(len(apart))
    hits = torch.stack([apart.argmin(0) == own, apart.argmin(1) == own]).double().mean(0)
    return tuple(hits.tolist())


def inverted(network: FeatureNetwork, layer: str, cut: Tensor) -> Tensor:
    """Pictures (N, 3, H, W) that look to one layer like `cut`, by Adam from noisy grey."""
    shallow = FeatureNetwork(
        dict(zip(network.names, network.stages, strict=True)), network.facts, [layer]
    )
    with torch.no_grad():
        wanted = shallow(cut)[layer]
    noise = torch.randn(cut.shape, generator=torch.Generator().manual_seed(0))
    pixels = (0.5 + 0.05 * noise).requires_grad_()
    optimizer = torch.optim.Adam([pixels], lr=RATE)
    for _ in range(STEPS):
        optimizer.zero_grad()
        # A sum over pictures: how well one is recovered does not depend on the others.
        loss = (shallow(pixels)[layer] - wanted).square().mean((1, 2, 3)).sum()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            pixels.clamp_(0, 1)
    return pixels.detach()


def errors(found: Tensor, wanted: Tensor, coarse: int = 1) -> tuple[float, ...]:
    """The mean squared error of each picture (N, 3, H, W) in 0..1, `coarse` pixels averaged."""
    difference = F.avg_pool2d(found - wanted, coarse)
    return tuple(difference.square().mean((1, 2, 3)).tolist())


def colour_statistics(picture: Tensor) -> Tensor:
    """(9,): mean and covariance of the colours of a picture (1, 3, H, W)."""
    colours = picture[0].flatten(1)
    return torch.cat([colours.mean(1), colours.cov()[*torch.triu_indices(3, 3)]])


def judge_styles(weights: Path, paintings: Sequence[Painting]) -> Styles | None:
    """The style head's answers for the paintings of a style that it knows; None if there are none.

    As in training it sees HEAD_CROP pixels of the whole work pressed into a square.
    """
    tensors, _ = read_weights(weights)
    with safe_open(weights, "pt") as opened:
        styles: list[str] = json.loads((opened.metadata() or {}).get("styles", "[]"))
    known = [painting for painting in paintings if painting.group in styles]
    if not known or "style.weight" not in tensors:
        return None
    network = FeatureNetwork(file_stages(str(weights))[0], {}, ["relu4_3"])
    pressed = np.stack([squared(painting.open()) for painting in known])
    seen = torch.from_numpy(pressed).permute(0, 3, 1, 2).float() / 255
    mean, gain = network.centres["relu4_3"]
    with torch.no_grad():
        units = network(F.avg_pool2d(seen, SIDE // HEAD_CROP))["relu4_3"] / gain + mean
        pooled = F.adaptive_avg_pool2d(units, 2).flatten(1)
        answers = F.linear(pooled, tensors["style.weight"].float(), tensors["style.bias"].float())
    true = torch.tensor([styles.index(painting.group) for painting in known])
    right = (answers.argmax(1) == true).double()
    present = set(true.tolist())
    return Styles(
        right=right.mean().item(),
        balanced=sum(right[true == style].mean().item() for style in present) / len(present),
        usual=true.bincount().max().item() / len(true),
        paintings=len(true),
        styles=len(present),
    )


def in_halves(painting: Painting) -> tuple[Tensor, Tensor]:
    """The two halves (1, 3, h, w) of a painting, cut across its longer side."""
    image = painting.open()
    scale = SHORT / min(image.size)
    size = round(image.width * scale), round(image.height * scale)
    picture = _tensor(image.resize(size, Image.Resampling.LANCZOS))
    across = 3 if size[0] >= size[1] else 2
    half = picture.shape[across] // 2
    return picture.narrow(across, 0, half), picture.narrow(
        across, picture.shape[across] - half, half
    )


def squarely_cut(painting: Painting) -> Tensor:
    """(1, 3, INVERTED_SIDE, INVERTED_SIDE): the middle of a painting."""
    image = painting.open()
    short = min(image.size)
    left, top = (image.width - short) // 2, (image.height - short) // 2
    image = image.crop((left, top, left + short, top + short))
    return _tensor(image.resize((INVERTED_SIDE, INVERTED_SIDE), Image.Resampling.LANCZOS))


def _tensor(image: Image.Image) -> Tensor:
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)[None].float() / 255


def main(arguments: Sequence[str] | None = None) -> Figures | None:
    """Print the figures, and return them; None after a refusal."""
    asked = list(sys.argv[1:] if arguments is None else arguments)
    if len(asked) != 2:
        sys.stderr.write("usage: python -m generators.training.judging WEIGHTS FOLDER\n")
        return None
    try:
        figures = judge(Path(asked[0]), Path(asked[1]), HELD_OUT)
    except Refused as refused:
        sys.stderr.write(f"{refused}\n")
        return None
    sys.stdout.write(f"{figures.table()}\n")
    return figures


if __name__ == "__main__":
    sys.exit(0 if main() else 2)
