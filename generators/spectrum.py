"""How natural pictures spread their energy over spatial frequencies and colours.

Natural pictures have an amplitude spectrum near 1/f (Field 1987, "Relations between the statistics
of natural images and the response properties of cortical cells", J. Opt. Soc. Am. A 4, 2379-2394).
The colours are those of a collection of public-domain paintings, measured over all their pixels.
"""

import torch
from torch import Tensor

# Mean colour of the paintings (sRGB in 0..1), and the symmetric root of their colour covariance.
PAINTINGS_MEAN = (0.479, 0.457, 0.396)
PAINTINGS_COLOUR = ((0.200, 0.135, 0.088), (0.135, 0.175, 0.120), (0.088, 0.120, 0.202))


def frequencies(height: int, width: int, device: torch.device | str = "cpu") -> Tensor:
    """Radial frequency of each `rfft2` coefficient in cycles per pixel, (H, W//2+1).

    The constant term gets the lowest non-zero frequency, so that a power of it is finite.
    """
    rows = torch.fft.fftfreq(height, device=device)[:, None]
    columns = torch.fft.rfftfreq(width, device=device)[None, :]
    return torch.hypot(rows, columns).clamp_min(1 / max(height, width))


def in_colour(fields: Tensor) -> Tensor:
    """Mix three uncorrelated unit-variance fields (..., 3, H, W) into the paintings' colours.

    The result has the paintings' mean and covariance; it is not bounded to 0..1.
    """
    colour = fields.new_tensor(PAINTINGS_COLOUR)
    mean = fields.new_tensor(PAINTINGS_MEAN)[:, None, None]
    return torch.einsum("ij,...jhw->...ihw", colour, fields) + mean


def uncoloured(pictures: Tensor) -> Tensor:
    """The inverse of `in_colour`: (..., 3, H, W) to planes that are uncorrelated in paintings."""
    unmix = torch.linalg.inv(pictures.new_tensor(PAINTINGS_COLOUR))
    mean = pictures.new_tensor(PAINTINGS_MEAN)[:, None, None]
    return torch.einsum("ij,...jhw->...ihw", unmix, pictures - mean)


def unit_fields(count: int, height: int, width: int, slope: float, rng: torch.Generator) -> Tensor:
    """(count, H, W) independent Gaussian noises of amplitude 1/f^slope, mean 0 and deviation 1."""
    white = torch.randn((count, height, width), generator=rng, device=rng.device)
    spectrum = torch.fft.rfft2(white) * frequencies(height, width, rng.device) ** -slope
    spectrum[:, 0, 0] = 0
    fields: Tensor = torch.fft.irfft2(spectrum, s=(height, width))
    return fields / fields.std(dim=(1, 2), keepdim=True)


def natural_spectrum(height: int, width: int, slope: float, rng: torch.Generator) -> Tensor:
    """(3, H, W) in 0..1: noise of amplitude 1/f^slope in the paintings' colours, clipped.

    Its mean is the paintings', whatever the seed.
    """
    return in_colour(unit_fields(3, height, width, slope, rng)).clamp(0, 1)
