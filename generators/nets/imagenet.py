"""Networks trained on ImageNet, with torchvision's architectures and torchvision's own weights.

The weights are not part of this project. torchvision downloads them once into torch's cache
(`$TORCH_HOME/hub/checkpoints`), checking the part of their sha256 that is in the file's name; where
there is no network the file can be put there by hand. The file's hash is checked again on every
load, and goes into the work's record.
"""

import hashlib
import re
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn

from generators.nets.torchvision_import import torchvision_models
from generators.nets.trunk import Trunk
from generators.params import Depth
from generators.refused import Refused

ImageNetwork = Literal["googlenet", "vgg16"]

# The last of the trunk's layers, by its name in torchvision. GoogLeNet's 4c is the layer of the
# 2015 notebook; VGG's are the last rectifiers of its second, third and fourth blocks.
LAST: dict[ImageNetwork, dict[Depth, str]] = {
    "googlenet": {"shallow": "inception3b", "middle": "inception4c", "deep": "inception5a"},
    "vgg16": {"shallow": "8", "middle": "15", "deep": "22"},
}


class Scaled(nn.Module):
    """Colours in 0..1 to the range that a network was trained on."""

    def __init__(self, mean: tuple[float, ...], deviation: tuple[float, ...]) -> None:
        super().__init__()
        self.mean = nn.Buffer(torch.tensor(mean)[:, None, None])
        self.deviation = nn.Buffer(torch.tensor(deviation)[:, None, None])

    def forward(self, pictures: Tensor) -> Tensor:
        return (pictures - self.mean) / self.deviation


RANGES = {
    "googlenet": ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),  # its weights come from TensorFlow: -1..1
    "vgg16": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
}


def imagenet_trunk(network: ImageNetwork, depth: Depth) -> Trunk:
    """The trained network down to `depth`. Raises Refused if its weights cannot be had."""
    state, sha256 = _weights(network)
    with torch.device("meta"):  # no memory and no random numbers for weights about to be replaced
        whole = _architecture(network)
    trunk = nn.Sequential()
    for name, layer in whole.named_children():
        trunk.add_module(name, layer)
        if name == LAST[network][depth]:
            break
    prefix = "features." if network == "vgg16" else ""
    wanted = {name: state[prefix + name] for name in trunk.state_dict() if prefix + name in state}
    try:
        trunk.load_state_dict(wanted, assign=True)
    except RuntimeError:
        raise Refused(
            f"The weights of {network} do not fit it: delete them from {cache_folder()} and try "
            "again."
        ) from None
    facts = {"network": network, "weights_sha256": sha256}
    return Trunk(nn.Sequential(Scaled(*RANGES[network]), trunk), facts)


def cache_folder() -> Path:
    """Where torch keeps downloaded weights."""
    return Path(torch.hub.get_dir()) / "checkpoints"


def _architecture(network: ImageNetwork) -> nn.Module:
    models = torchvision_models()
    if network == "googlenet":
        googlenet: nn.Module = models.googlenet(init_weights=False, transform_input=False)
        return googlenet
    features: nn.Module = models.vgg16(init_weights=False).features
    for layer in features:  # type: ignore[attr-defined]  # an nn.Sequential
        if isinstance(layer, nn.ReLU):
            layer.inplace = False
    return features


def _weights(network: ImageNetwork) -> tuple[dict[str, Any], str]:
    """The state of torchvision's default weights and the sha256 of their file."""
    weights = torchvision_models().get_model_weights(network).DEFAULT
    file = cache_folder() / weights.url.rsplit("/", 1)[1]
    try:
        state = weights.get_state_dict(progress=False, check_hash=True, weights_only=True)
    except Exception as error:  # no network, a proxy's page, half a file, a wrong hash
        raise Refused(
            f"The weights of {network} could not be loaded ({type(error).__name__}): download "
            f"{weights.url} and put {file.name} into {file.parent}."
        ) from error
    with file.open("rb") as opened:
        sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
    promised = re.search(r"-([0-9a-f]{8,})\.", file.name)
    if promised and not sha256.startswith(promised[1]):
        raise Refused(f"{file} is damaged or not what it says: delete it and try again.")
    return state, sha256
