"""A picture from its program alone."""

from pathlib import Path

from generators.low_complexity.bits import BROKEN
from generators.low_complexity.code import read_program
from generators.low_complexity.svg import to_svg
from generators.refused import Refused

LONGEST = 4096  # bytes: several times what any program takes


def redrawn(program: Path, suffix: str) -> bytes:
    """The drawing as a .png, bit for bit as it was painted, or as an .svg.

    Raises Refused for a file that is missing or holds no program.
    """
    try:
        with program.open("rb") as file:
            data = file.read(LONGEST + 1)
    except OSError as error:
        raise Refused(f"{program} cannot be read: {error.strerror}.") from None
    if len(data) > LONGEST:
        raise Refused(BROKEN)
    drawing = read_program(data).drawing
    if suffix == ".svg":
        return to_svg(drawing).encode()
    from generators.low_complexity.raster import pictures
    from generators.pictures import to_png

    return to_png(pictures([drawing])[0])
