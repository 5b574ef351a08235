"""The gallery that browser tests visit: the default one, or all that `make scaled` starts."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.scaled.deployed import Deployed
from tests.servers import Gallery


@contextmanager
def serving(
    against: str, like: Path, fill: str = "", *, paints: bool = True, **environment: str
) -> Iterator[tuple[Gallery, str]]:
    """A gallery that holds what the code `fill` puts into it, and what that code printed. The
    default one is a copy of the gallery in the folder `like`.

    Outside of pytest's folders: those are closed to the user that PostgreSQL runs as.
    """
    with tempfile.TemporaryDirectory() as outside:
        Path(outside).chmod(0o711)
        folder = Path(outside) / "gallery"
        if not paints:
            environment["PAINT_IN_PROCESS"] = "0"
        kind = Deployed if against == "scaled" else Gallery
        gallery = kind(folder, **environment)
        try:
            if isinstance(gallery, Deployed):
                gallery.start()
                if not paints:
                    gallery.control("stop", "painter:*")
                printed = gallery.python(fill)
            else:
                printed = gallery.furnish(like).python(fill)
                gallery.start()
            yield gallery, printed
        finally:
            gallery.stop()
