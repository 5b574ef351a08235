"""Works that a program draws."""

from base64 import urlsafe_b64encode
from typing import Any

from gallery.works.models import Artwork
from generators.low_complexity.code import Arc, Program
from generators.low_complexity.lattice import Circle
from generators.low_complexity.strokes import Sheet
from tests.factories import make_artwork

PROGRAM = Program(
    Sheet(320, 240, "three"),
    arcs=(Arc(Circle(1, 0, 1), 0, 2, 3, 1, 3), Arc(Circle(0, 0, 0), 0, 0, 6, 3, 1)),
)
KEPT = urlsafe_b64encode(PROGRAM.data).decode()


def make_drawing(**kw: Any) -> Artwork:
    recipe = {"generator": "low_complexity", "program": KEPT, "arcs": "2"}
    recipe["bits"] = str(len(PROGRAM.bits))
    return make_artwork("machine", recipe=recipe | kw.pop("recipe", {}), **kw)
