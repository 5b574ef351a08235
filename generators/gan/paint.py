"""GAN and CAN: pictures by a network that learnt to make them until a critic took them for real.

After Goodfellow et al. 2014, "Generative adversarial nets", and Elgammal et al. 2017, "CAN:
creative adversarial networks, generating art by learning about styles and deviating from style
norms". A picture is drawn by chance, 64 or 128 pixels square as its painter learnt to. Another
network enlarges it (`generators.gan.enlarge`), which knows paintings from nearer.
Paintings of all shapes were pressed into that square to be learnt from, so a frame of another shape
undoes that.

A picture that comes as near to a work it learnt from as a copy would (`generators.gan.copies`) is
put aside and another one drawn in its place.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from generators.frames import Frame
from generators.gan.artist import Artist, open_artist
from generators.gan.copies import Nearest
from generators.gan.enlarge import enlarging_of, resized, worked_out
from generators.gan.params import CANParams, GANParams
from generators.nets.gan import LATENT
from generators.nets.style_judge import ambiguity, style_judge
from generators.refused import Refused

FRAMES = 12
DRAWS = 20  # copies in a row, after which it gives up


def paint(
    p: GANParams | CANParams,
    /,
    *,
    seed: int,
    device: str = "cpu",
    content: object = None,
    styles: Sequence[Tensor] = (),
) -> Iterator[Frame]:
    """Yield frames from the middle of all that it can paint to the picture drawn.

    It always paints on the CPU, where it takes a hundredth of a second. `content` and `styles` are
    not used. Raises Refused for a painter that cannot be had, and if it does nothing but copy.
    """
    artist = open_artist(p.artist)
    wish = p.wish if isinstance(p, CANParams) else 0.0
    share = wish_share(wish, artist)
    rng = torch.Generator().manual_seed(seed)
    for copies in range(DRAWS):  # noqa: B007  used after the loop
        chance = torch.randn((1, LATENT), generator=rng)
        levels = as_levels(pictures(artist, chance, share, p.truncation))
        nearest = artist.corpus.nearest(levels)[0]
        if not nearest.copied:
            break
    else:
        raise Refused(f"It drew {DRAWS} copies of what it learnt in a row: use another painter.")
    facts = {
        **told_of(artist, nearest, copies),
        "style_ambiguity": f"{float(ambiguity(style_judge()(levels.float() / 255))[0]):.3f}",
        "enlarged": enlarging_of(artist.side),
    }
    for step in range(1, FRAMES + 1):
        if step == FRAMES:
            shown = worked_out(levels[0], rng)
        else:  # a sketch
            spread = p.truncation * math.sin(math.pi / 2 * step / FRAMES)
            shown = as_levels(pictures(artist, chance, share, spread))[0].float() / 255
        image = resized(shown, p.shape)
        yield Frame(step, FRAMES, image=image, facts=facts if step == FRAMES else {})


def wish_share(wish: float, artist: Artist) -> float:
    """A lambda as the painter is told it: 0..1, equal steps for equal ratios of 1 + lambda.

    Raises Refused for a lambda that it never learnt to fulfil.
    """
    if wish > artist.largest_wish:
        raise Refused(
            f"This painter was trained with a lambda of at most {artist.largest_wish:g}: ask for "
            "less, or use another painter."
        )
    return math.log1p(wish) / math.log1p(artist.largest_wish) if wish else 0.0


def pictures(artist: Artist, chance: Tensor, share: float, truncation: float) -> Tensor:
    """(N, 3, side, side) in -1..1 from (N, LATENT) by chance."""
    with torch.no_grad():
        wish = torch.full((len(chance),), share)
        painted: Tensor = artist.network(chance, wish, truncation)
    return painted


def as_levels(painted: Tensor) -> Tensor:
    """Pictures in -1..1 as uint8."""
    return ((painted + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)


def told_of(artist: Artist, nearest: Nearest, copies: int) -> dict[str, str]:
    """What a work's record says of the painter and of what the picture comes nearest to."""
    return {
        "artist": artist.name,
        "side_in_pixels": str(artist.side),
        "weights_sha256": artist.sha256,
        "nearest_work": nearest.name,
        "nearer_held_out": f"{nearest.share:.3f}",
        "nearest_part": nearest.part_name,
        "nearer_held_out_parts": f"{nearest.part_share:.3f}",
        "learnt_from": str(len(artist.corpus.names)),
        "copies_put_aside": str(copies),
    }
