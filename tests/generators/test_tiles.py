"""Large pictures are looked at in tiles, and nobody can tell."""

from itertools import pairwise

import pytest
import torch

from generators.tiles import MOST_PIXELS, TILE, _cuts, tiled


@pytest.mark.parametrize("length", [1100, 1536, 1537, 2048])
def test_the_cuts_cover_the_whole_once(length):
    for begin in range(0, length, 37):
        cuts = _cuts(length, begin)
        assert cuts[0][0] == 0
        assert sum(size for _, size in cuts) == length
        for (start, size), (following, _) in pairwise(cuts):
            assert start + size == following
        assert max(size for _, size in cuts) < TILE + 128


def test_tiles_give_the_gradient_of_the_whole():
    picture = torch.rand((1, 3, 1100, 1200), generator=torch.Generator().manual_seed(1))
    assert picture[0, 0].numel() > MOST_PIXELS

    def value(tile, window):
        return tile.square().mean()

    total, gradient = tiled(picture, value, torch.Generator().manual_seed(2))
    assert total == pytest.approx(float(picture.square().mean()), rel=1e-4)
    assert torch.allclose(gradient, 2 * picture / picture.numel(), rtol=1e-3)


def test_edges_fall_elsewhere_each_time():
    rng = torch.Generator().manual_seed(3)
    picture = torch.zeros((1, 3, 1200, 1200))
    seen = []
    for _ in range(4):
        windows: list[tuple[float, ...]] = []

        def note(tile, window, windows=windows):
            windows.append(window)
            return tile.sum()

        tiled(picture, note, rng)
        seen.append(tuple(windows))
    assert len(set(seen)) == 4


def test_a_picture_of_a_megapixel_is_looked_at_whole():
    windows = []

    def note(tile, window):
        windows.append(window)
        return tile.sum()

    tiled(torch.zeros((1, 3, 1000, 1000)), note, torch.Generator().manual_seed(4))
    assert windows == [(0.0, 0.0, 1.0, 1.0)]
