"""Weights of tiny networks in safetensors files: the two that ship, and any other by its path.

safetensors holds numbers and nothing that could run; pickled weights are not read at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from generators.nets.tiny import TinyVGG
from generators.refused import Refused

FOLDER = Path(__file__).parent.parent / "weights"
LARGEST = 64 * 2**20  # bytes: no tiny network comes near it

# Of the files that ship. A file that does not hash to this is not used.
SHA256 = {
    "tiny": "ce475546e7942ae6efc03f158219401f020372f08ba9181eda540f0a3477e202",
    "tiny-robust": "bb0a723fefa773c6c14a77a85504d7d411fbc5fd4d6a049f9c6bf849ca6e795a",
}


def shipped_stages(name: str) -> tuple[dict[str, nn.Module], dict[str, str]]:
    """A network that ships. Raises Refused if its file is missing or altered."""
    return _stages(FOLDER / f"{name}.safetensors", name, SHA256[name])


def file_stages(path: str) -> tuple[dict[str, nn.Module], dict[str, str]]:
    """A network from a file. Raises Refused, with what to do, if it cannot be used."""
    return _stages(Path(path), f"file:{Path(path).name}", "")


def style_head(name: str) -> tuple[nn.Linear, list[str]]:
    """The shipped network's judge of style and the styles it knows: logits from the units of
    relu4_3, averaged to 2 x 2 and flattened, as `generators.training.pupil.Pupil` does."""
    path = FOLDER / f"{name}.safetensors"
    tensors, _ = read_weights(path, SHA256[name])
    with safe_open(path, "pt") as opened:
        styles = json.loads(opened.metadata()["styles"])
    known, features = tensors["style.weight"].shape
    with torch.device("meta"):  # no random numbers for weights about to be replaced
        head = nn.Linear(features, known)
    state = {name: tensors[f"style.{name}"].float() for name in ("weight", "bias")}
    head.load_state_dict(state, assign=True)
    return head.requires_grad_(False), styles


def located(source: str, known: Mapping[str, str], what: str) -> tuple[Path, str, str]:
    """Path, name and hash ("" where any will do) of weights that ship, by a name among `known`, or
    of file:PATH. Raises Refused, with what there is, for another source of such a thing."""
    if source in known:
        return FOLDER / f"{source}.safetensors", source, known[source]
    if source.startswith("file:"):
        path = Path(source.removeprefix("file:"))
        return path, f"file:{path.name}", ""
    choices = ", ".join([*known, "file:PATH"])
    raise Refused(f"There is no {what} {source!r}: use {choices}.")


def read_weights(path: Path, sha256: str = "") -> tuple[dict[str, Tensor], str]:
    """Every tensor of a safetensors file, and the file's hash.

    Raises Refused for a file that is missing, too large, of another kind, cut short, or that does
    not hash to `sha256`.
    """
    if not path.is_file():
        raise Refused(f"There is no file {path}: name a .safetensors file with weights.")
    if path.stat().st_size > LARGEST:
        raise Refused(f"{path.name} is too large: a tiny network's weights take a few megabytes.")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if sha256 and found != sha256:
        raise Refused(f"{path} is damaged or not what it says: fetch the project's file again.")
    try:
        with safe_open(path, "pt") as opened:
            return {name: opened.get_tensor(name) for name in opened.keys()}, found  # noqa: SIM118  no mapping
    except (SafetensorError, OSError):
        raise Refused(
            f"{path.name} is not a whole safetensors file: fetch or save it again."
        ) from None


def _stages(path: Path, name: str, sha256: str) -> tuple[dict[str, nn.Module], dict[str, str]]:
    tensors, found = read_weights(path, sha256)
    with torch.device("meta"):  # no memory and no random numbers for weights about to be replaced
        network = TinyVGG()
    prefix = "network."
    state = {n.removeprefix(prefix): t.float() for n, t in tensors.items() if n.startswith(prefix)}
    if not all(bool(tensor.isfinite().all()) for tensor in state.values()):
        raise Refused(f"{path.name} holds weights that are not numbers: use another file.")
    try:
        network.load_state_dict(state, assign=True)
    except RuntimeError:
        raise Refused(
            f"{path.name} does not hold the weights of a tiny network: train one with "
            "python -m generators.training.tiny."
        ) from None
    return network.stages(), {"network": name, "weights_sha256": found}
