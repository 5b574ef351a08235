"""Networks with torchvision's weights. The weights here are drawn by chance, saved and loaded the
real way: torchvision's own loader finds them in torch's cache and downloads nothing."""

import hashlib
import subprocess
import sys

import pytest
import torch

from generators.catalog import GENERATORS
from generators.nets.features import layers_of, open_network, probe, style_layers_of
from generators.nets.imagenet import (
    LAYERS,
    Scaled,
    architecture,
    cache_folder,
    imagenet_stages,
    stages,
)
from generators.nets.torchvision_import import torchvision_models
from generators.refused import Refused


@pytest.fixture
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    cache_folder().mkdir(parents=True)
    return cache_folder()


def drawn_state(network):
    """A whole state with random weights where they are looked through.

    The rest, VGG's classifier of half a gigabyte, is one zero that claims to have that shape.
    """
    with torch.device("meta"):
        whole = architecture(network)
    rng = torch.Generator().manual_seed(1)
    state = {}
    for name, values in whole.state_dict().items():
        if name.startswith("classifier") or values.ndim == 0:
            state[name] = torch.zeros((), dtype=values.dtype).expand(values.shape)
        elif values.ndim == 4:  # as He et al. draw: torch's own draw fades to nothing on the way
            spread = (2 / values[0].numel()) ** 0.5
            state[name] = torch.randn(values.shape, generator=rng) * spread
        else:
            plain = name.endswith(("running_mean", "bias"))
            state[name] = torch.zeros(values.shape) if plain else torch.ones(values.shape)
    if network == "googlenet":  # torchvision's file holds its other classifiers too
        state["aux1.conv.conv.weight"] = torch.zeros(128, 512, 1, 1)
    return state


@pytest.fixture(params=LAYERS)
def saved(request, cache, monkeypatch):
    """(network, file): a state file with random weights under the name that torchvision expects."""
    network = request.param
    torch.save(drawn_state(network), cache / "unnamed.pth")
    sha256 = hashlib.sha256((cache / "unnamed.pth").read_bytes()).hexdigest()
    file = cache / f"{network}-{sha256[:8]}.pth"
    (cache / "unnamed.pth").rename(file)
    weights = torchvision_models().get_model_weights(network).DEFAULT.value
    monkeypatch.setattr(weights, "url", f"https://weights.invalid/{file.name}")
    return network, file


def test_the_real_path_from_file_to_units(saved):
    network, file = saved
    before = torch.get_rng_state()
    layers = sorted({*layers_of(network), *style_layers_of(network)})
    opened = open_network(network, layers)
    assert opened.facts == {
        "network": network,
        "weights_sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }
    found = opened(probe())
    assert set(found) == set(layers)
    for units in found.values():
        assert bool(units.isfinite().all())
        assert units.std(dim=(0, 2, 3)).median().item() == pytest.approx(1, abs=0.01)
    assert torch.equal(torch.get_rng_state(), before)


def test_it_dreams_with_them(saved):
    network, _ = saved
    generator = GENERATORS["inceptionism"]
    params = generator.parse(
        {"network": network, "layer": "shallow", "size": 64, "steps": 2, "octaves": 1}
    )
    frame = list(generator.load()(params, seed=1))[-1]
    assert frame.facts["network"] == network
    assert frame.image is not None
    assert bool(frame.image.isfinite().all())


@pytest.mark.parametrize("network", LAYERS)
def test_the_stages_one_after_another_are_torchvisions_network(network):
    whole = architecture(network).eval()
    whole.load_state_dict({n: t for n, t in drawn_state(network).items() if "aux" not in n})
    seen: dict[str, torch.Tensor] = {}
    last = {"googlenet": "inception5b", "vgg19": "features"}[network]
    whole.get_submodule(last).register_forward_hook(lambda _m, _i, out: seen.update(out=out))
    picture = probe()[..., :64, :64]
    with torch.no_grad():
        whole(Scaled((0.5,) * 3, (0.5,) * 3)(picture) if network == "googlenet" else picture)
        units = picture
        found = stages(network, whole)
        for number, stage in enumerate(found.values()):
            if network == "vgg19" and number == 0:
                assert isinstance(stage, torch.nn.Sequential)
                stage[0] = torch.nn.Identity()  # compared without the scaling
            units = stage(units)
    if network == "vgg19":
        assert list(found)[-1] == "relu5_4"
        units = torch.nn.functional.max_pool2d(units, 2)
    else:
        assert list(found)[-1] == "inception5b"
    assert torch.allclose(units, seen["out"], rtol=1e-4, atol=1e-5)


def test_the_layers_to_dream_from_exist():
    for network in LAYERS:
        with torch.device("meta"):
            names = list(stages(network, architecture(network)))
        assert {*layers_of(network), *style_layers_of(network)} <= set(names)


def test_a_damaged_file_is_refused(saved):
    network, file = saved
    state = torch.load(file, weights_only=True)
    next(iter(state.values())).add_(1)
    torch.save(state, file)
    with pytest.raises(Refused, match="damaged or not what it says: delete it"):
        imagenet_stages(network)


def test_half_a_file_is_refused(saved):
    network, file = saved
    file.write_bytes(file.read_bytes()[:10_000])
    with pytest.raises(Refused, match=f"put {file.name} into {file.parent}"):
        imagenet_stages(network)


def test_weights_of_another_network_are_refused(saved, monkeypatch):
    network, file = saved
    other = next(name for name in LAYERS if name != network)
    weights = torchvision_models().get_model_weights(other).DEFAULT.value
    monkeypatch.setattr(weights, "url", f"https://weights.invalid/{file.name}")
    with pytest.raises(Refused, match=f"weights of {other} do not fit it: delete them"):
        imagenet_stages(other)


@pytest.mark.parametrize("network", LAYERS)
def test_without_file_and_network_it_says_where_to_put_the_file(network, cache, monkeypatch):
    weights = torchvision_models().get_model_weights(network).DEFAULT.value
    name = weights.url.rsplit("/", 1)[1]
    monkeypatch.setattr(weights, "url", f"https://weights.invalid/{name}")
    with pytest.raises(Refused, match=f"put {name} into {cache}"):
        imagenet_stages(network)


def test_torchvision_can_be_imported_by_anyone_afterwards():
    code = "from generators.nets.torchvision_import import torchvision_models as models; "
    code += "models(); models(); import torchvision; print(torchvision.models is models())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("True", 0), done.stderr


def test_dreaming_with_random_weights_never_imports_torchvision():
    code = (
        "from generators.inceptionism import paint; from generators.params import *; import sys; "
    )
    code += "asked = InceptionismParams(network='random', size=64, steps=1, octaves=1); "
    code += "list(paint(asked, seed=1)); sys.exit('torchvision' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
