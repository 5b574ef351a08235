"""The one interface to every network that generators look through.

`open_network(source, layers)` opens one of four sources:

* `tiny`, `tiny-robust`: trained on paintings for this project, shipped (`tiny.py`);
* `random:SEED`: random weights, decided by the seed (`random_weights.py`);
* `googlenet`, `vgg19`: torchvision's architectures and weights (`imagenet.py`);
* `file:PATH`: a safetensors file with the weights of a tiny network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache

import torch
from torch import Tensor, nn

from generators.refused import Refused
from generators.spectrum import natural_spectrum

PROBE = 192  # pixels to a side of the noise that units are measured on
DEPTHS = {"shallow": 0, "middle": 1, "deep": 2, "deepest": 3}


Thinned = Callable[[str, Tensor], Tensor]


def untouched(layer: str, units: Tensor) -> Tensor:
    """All places of a layer."""
    return units


class FeatureNetwork(nn.Module):
    """A chain of named layers with frozen weights, run only as deep as it is asked.

    Takes pictures (N, 3, H, W) in 0..1 and gives float32 units (N, C, h, w) for each of `layers`.
    Units are standardised by their mean and deviation over `probe()`, so that units of one layer,
    and layers of different networks, can be compared and added. `facts` name the network and its
    weights for a work's record.
    """

    def __init__(
        self, stages: Mapping[str, nn.Module], facts: Mapping[str, str], layers: Sequence[str]
    ) -> None:
        super().__init__()
        deepest = max(list(stages).index(layer) for layer in layers)
        self.names = list(stages)[: deepest + 1]
        self.layers = tuple(layers)
        self.stages = nn.ModuleList(stages[name] for name in self.names)
        self.stages.eval().requires_grad_(False)
        self.stages.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing in the stubs
        self.facts = dict(facts)
        self.precise = False  # never bfloat16: a line search needs more digits than it has
        self.centres: dict[str, tuple[Tensor, Tensor]] = {}
        self.measure(probe())

    @torch.no_grad()
    def measure(self, pictures: Tensor) -> None:
        """Standardise every wanted layer's units, unit by unit, by what they do on `pictures`.

        Raises Refused for weights that give values which are no numbers.
        """
        for name, units in self._raw(pictures):
            if name in self.layers:
                deviation, mean = torch.std_mean(units.float(), dim=(0, 2, 3), keepdim=True)
                if not bool(mean.isfinite().all() and deviation.isfinite().all()):
                    raise Refused(
                        "The network's weights give values that are not numbers: use another."
                    )
                # A unit that is silent on the probe would otherwise drown all others.
                floor = (0.1 * deviation.mean()).clamp_min(1e-5)
                self.centres[name] = mean, 1 / deviation.clamp_min(floor)

    def forward(self, pictures: Tensor, thinned: Thinned = untouched) -> dict[str, Tensor]:
        """`thinned` takes a layer's name and units and keeps the places that are wanted: the rest
        then needs no memory in float32."""
        found = {}
        for name, units in self._raw(pictures):
            if name in self.layers:
                mean, gain = self.centres[name]
                found[name] = (thinned(name, units).float() - mean) * gain
        return found

    def to_device(self, device: str) -> FeatureNetwork:
        """The same network, moved."""
        self.to(device)
        self.centres = {
            name: (mean.to(device), gain.to(device)) for name, (mean, gain) in self.centres.items()
        }
        return self

    @property
    def device(self) -> torch.device:
        return next(iter(self.centres.values()))[0].device

    def width(self, layer: str) -> int:
        """How many units a layer has."""
        return self.centres[layer][0].shape[1]

    def _raw(self, pictures: Tensor) -> Iterator[tuple[str, Tensor]]:
        units = pictures.contiguous(memory_format=torch.channels_last)
        for name, stage in zip(self.names, self.stages, strict=True):
            with nullcontext() if self.precise else faster(units.device):
                units = stage(units)
            yield name, units


def open_network(source: str, layers: Sequence[str]) -> FeatureNetwork:
    """The network that `source` names, down to the deepest of `layers`.

    Raises Refused for a source that is unknown or whose weights cannot be had.
    """
    stages, facts = _stages(source)
    return FeatureNetwork(stages, facts, layers)


def layers_of(source: str) -> list[str]:
    """The layers of a source to dream from, one for each of DEPTHS."""
    from generators.nets import imagenet, random_weights

    if source in imagenet.LAYERS:
        return list(imagenet.LAYERS[source])
    if source.startswith("random:"):
        return list(random_weights.LAYERS)
    return ["relu2_2", "relu3_2", "relu4_1", "relu4_3"]


def style_layers_of(source: str) -> list[str]:
    """The layers of a source whose statistics are a style, from fine to coarse."""
    if source == "vgg19":
        return ["relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"]
    if source == "googlenet":
        return ["conv1", "conv3", "inception3b", "inception4c"]
    if source.startswith("random:"):
        return layers_of(source)
    return ["relu1_2", "relu2_2", "relu3_2", "relu4_1", "relu4_3"]


def probe() -> Tensor:
    """(1, 3, PROBE, PROBE): noise with the spectrum and colours of paintings, always the same."""
    return natural_spectrum(PROBE, PROBE, 1.0, torch.Generator().manual_seed(0))[None]


def faster(device: torch.device) -> AbstractContextManager[object]:
    """bfloat16 where the hardware multiplies it: half the memory, and less than half the time."""
    if device.type == "cuda" or (device.type == "cpu" and multiplies_bf16()):
        return torch.autocast(device.type, dtype=torch.bfloat16)
    return nullcontext()


@cache
def multiplies_bf16() -> bool:
    """Whether this processor has instructions for bfloat16; on others autocast is slower."""
    able = torch.cpu.get_capabilities()
    return bool(able.get("amx_bf16") or able.get("avx512_bf16"))


def _stages(source: str) -> tuple[dict[str, nn.Module], dict[str, str]]:
    from generators.nets import imagenet, random_weights, shipped

    if source in shipped.SHA256:
        return shipped.shipped_stages(source)
    if match := re.fullmatch(r"random:(\d{1,19})", source):
        return random_weights.random_stages(int(match[1]))
    if source in imagenet.LAYERS:
        return imagenet.imagenet_stages(source)
    if source.startswith("file:"):
        return shipped.file_stages(source.removeprefix("file:"))
    raise Refused(
        f"There is no network {source!r}: use tiny, tiny-robust, random:SEED, googlenet, vgg19 or "
        "file:PATH."
    )
