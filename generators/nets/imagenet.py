"""Networks trained on ImageNet, with torchvision's architectures and torchvision's own weights.

The weights are not part of this project. torchvision downloads them once into torch's cache
(`$TORCH_HOME/hub/checkpoints`), checking the part of their sha256 that is in the file's name; where
there is no network the file can be put there by hand. The file's hash is checked again on every
load, and goes into the work's record.
"""

import hashlib
import re
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from generators.nets.torchvision_import import torchvision_models
from generators.refused import Refused

# Four of each network's layers, from shallow to deep. GoogLeNet's 4c is that of the 2015 notebook.
LAYERS = {
    "googlenet": ("conv3", "inception3b", "inception4c", "inception5a"),
    "vgg19": ("relu2_2", "relu3_2", "relu4_2", "relu5_1"),
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
    "vgg19": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
}


def imagenet_stages(network: str) -> tuple[dict[str, nn.Module], dict[str, str]]:
    """The trained network's layers by name. Raises Refused if its weights cannot be had."""
    state, sha256 = _weights(network)
    with torch.device("meta"):  # no memory and no random numbers for weights about to be replaced
        whole = architecture(network)
    # A GoogLeNet's file also holds what stages() leaves out: its classifiers.
    wanted = {name: state[name] for name in whole.state_dict() if name in state}
    try:
        whole.load_state_dict(wanted, assign=True)
    except RuntimeError:
        raise Refused(
            f"The weights of {network} do not fit it: delete them from {cache_folder()} and try "
            "again."
        ) from None
    return stages(network, whole), {"network": network, "weights_sha256": sha256}


def stages(network: str, whole: nn.Module) -> dict[str, nn.Module]:
    """The convolutional part of torchvision's network, cut after each layer that has a name.

    VGG's layers are its rectifiers, relu1_1 to relu5_4; GoogLeNet's are torchvision's own names.
    """
    found: dict[str, nn.Module] = {}
    waiting: list[nn.Module] = [Scaled(*RANGES[network])]
    block, place = 1, 1
    layers = whole.get_submodule("features") if network == "vgg19" else whole
    for name, layer in layers.named_children():
        waiting.append(layer)
        if network == "vgg19" and isinstance(layer, nn.ReLU):
            found[f"relu{block}_{place}"] = nn.Sequential(*waiting)
            place, waiting = place + 1, []
        elif network == "vgg19" and isinstance(layer, nn.MaxPool2d):
            block, place = block + 1, 1
        elif network == "googlenet" and name.startswith(("conv", "inception")):
            found[name] = nn.Sequential(*waiting)
            waiting = []
    return found


def cache_folder() -> Path:
    """Where torch keeps downloaded weights."""
    return Path(torch.hub.get_dir()) / "checkpoints"


def architecture(network: str) -> nn.Module:
    """torchvision's network without weights of its own making; nothing in it works in place."""
    models = torchvision_models()
    if network == "googlenet":
        whole: nn.Module = models.googlenet(
            init_weights=False, transform_input=False, aux_logits=False
        )
    else:
        whole = models.vgg19(init_weights=False)
    for layer in whole.modules():
        if isinstance(layer, nn.ReLU):
            layer.inplace = False
    return whole


def _weights(network: str) -> tuple[dict[str, Any], str]:
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
