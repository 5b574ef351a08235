import pytest
import torch
from torch import nn

from generators.nets.convolution import EdgeConv2d


@pytest.mark.parametrize("kernel", [3, 7])
@pytest.mark.parametrize("short", [False, True])
def test_it_gives_what_torch_gives_with_replicate_padding(kernel, short):
    rng = torch.Generator().manual_seed(kernel)
    theirs = nn.Conv2d(3, 8, kernel, padding=kernel // 2, padding_mode="replicate")
    ours = EdgeConv2d(3, 8, kernel)
    ours.load_state_dict(theirs.state_dict())
    pictures = torch.rand((1, 3, 20, 30), generator=rng)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=short):
        assert torch.equal(ours(pictures), theirs(pictures))


def test_it_pads_in_the_numbers_that_autocast_multiplies():
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert EdgeConv2d(3, 8, 3)(torch.rand((1, 3, 20, 30))).dtype == torch.bfloat16
