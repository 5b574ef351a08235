"""Networks with torchvision's weights. The weights here are drawn by chance, saved and loaded the
real way: torchvision's own loader finds them in torch's cache and downloads nothing."""

import hashlib
import subprocess
import sys

import pytest
import torch

from generators.catalog import GENERATORS
from generators.nets.imagenet import LAST, cache_folder, imagenet_trunk
from generators.nets.torchvision_import import torchvision_models
from generators.nets.trunk import probe
from generators.refused import Refused

PARTS = {"googlenet": "", "vgg16": "features."}  # of a whole state, all that a trunk reads


@pytest.fixture
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    cache_folder().mkdir(parents=True)
    return cache_folder()


@pytest.fixture(params=LAST)
def saved(request, cache, monkeypatch):
    """(network, file): a state file with random weights under the name that torchvision expects."""
    network = request.param
    models = torchvision_models()
    with torch.random.fork_rng():
        torch.manual_seed(1)
        if network == "googlenet":
            module = models.googlenet(init_weights=False)
        else:
            module = models.vgg.make_layers(models.vgg.cfgs["D"])
        for layer in module.modules():
            if isinstance(layer, torch.nn.Conv2d):  # torch's own draw fades to nothing on the way
                torch.nn.init.kaiming_normal_(layer.weight)
    state = {PARTS[network] + name: values for name, values in module.state_dict().items()}
    torch.save(state, cache / "unnamed.pth")
    sha256 = hashlib.sha256((cache / "unnamed.pth").read_bytes()).hexdigest()
    file = cache / f"{network}-{sha256[:8]}.pth"
    (cache / "unnamed.pth").rename(file)
    weights = models.get_model_weights(network).DEFAULT.value
    monkeypatch.setattr(weights, "url", f"https://weights.invalid/{file.name}")
    return network, file


def test_the_real_path_from_file_to_units(saved):
    network, file = saved
    before = torch.get_rng_state()
    for depth in LAST[network]:
        trunk = imagenet_trunk(network, depth)
        assert trunk.facts["network"] == network
        assert trunk.facts["weights_sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
        units = trunk(probe())
        assert bool(units.isfinite().all())
        assert units.std(dim=(0, 2, 3)).median().item() == pytest.approx(1, abs=0.01)
    assert torch.equal(torch.get_rng_state(), before)


def test_it_dreams_with_them(saved):
    network, _ = saved
    generator = GENERATORS["inceptionism"]
    params = generator.parse({"network": network, "size": 64, "steps": 2, "octaves": 1})
    frame = list(generator.load()(params, seed=1))[-1]
    assert frame.facts["network"] == network
    assert frame.image is not None
    assert bool(frame.image.isfinite().all())


def test_a_damaged_file_is_refused(saved):
    network, file = saved
    state = torch.load(file, weights_only=True)
    next(iter(state.values())).add_(1)
    torch.save(state, file)
    with pytest.raises(Refused, match="damaged or not what it says: delete it"):
        imagenet_trunk(network, "shallow")


def test_half_a_file_is_refused(saved):
    network, file = saved
    file.write_bytes(file.read_bytes()[:10_000])
    with pytest.raises(Refused, match=f"put {file.name} into {file.parent}"):
        imagenet_trunk(network, "shallow")


def test_weights_of_another_network_are_refused(saved, monkeypatch):
    network, file = saved
    other = next(name for name in LAST if name != network)
    weights = torchvision_models().get_model_weights(other).DEFAULT.value
    monkeypatch.setattr(weights, "url", f"https://weights.invalid/{file.name}")
    with pytest.raises(Refused, match=f"weights of {other} do not fit it: delete them"):
        imagenet_trunk(other, "shallow")


@pytest.mark.parametrize("network", LAST)
def test_without_file_and_network_it_says_where_to_put_the_file(network, cache, monkeypatch):
    weights = torchvision_models().get_model_weights(network).DEFAULT.value
    name = weights.url.rsplit("/", 1)[1]
    monkeypatch.setattr(weights, "url", f"https://weights.invalid/{name}")
    with pytest.raises(Refused, match=f"put {name} into {cache}"):
        imagenet_trunk(network, "middle")


def test_torchvision_can_be_imported_by_anyone_afterwards():
    code = "from generators.nets.torchvision_import import torchvision_models as models; "
    code += "models(); models(); import torchvision; print(torchvision.models is models())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("True", 0), done.stderr


def test_dreaming_with_random_weights_never_imports_torchvision():
    code = (
        "from generators.inceptionism import paint; from generators.params import *; import sys; "
    )
    code += "list(paint(InceptionismParams(size=64, steps=1, octaves=1), seed=1)); "
    code += "sys.exit('torchvision' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
