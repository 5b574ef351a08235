"""Three hundred pictures of 1 to 12 megapixels brought in at one go, in a real browser.

    python -m bench.uploads [--pictures 300]

Says whether each is kept once, how much memory the web process gained, and how long other visitors
wait for the gallery's wall meanwhile, beside how long they wait when nothing else happens.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import statistics
import tempfile
import threading
import time
from pathlib import Path
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.servers import Gallery

MEGAPIXELS = (1, 12)


def photograph(path: Path, rng: random.Random) -> None:
    """As large and as heavy as one from a camera: soft shapes with grain."""
    pixels = rng.uniform(*MEGAPIXELS) * 1e6
    width = int((pixels * 4 / 3) ** 0.5)
    size = (width, int(pixels / width))
    soft = Image.effect_noise((24, 18), 120).resize(size, Image.Resampling.BICUBIC)
    grain = Image.effect_noise(size, 12)
    Image.merge("RGB", (soft, grain, Image.blend(soft, grain, 0.3))).save(path, "JPEG", quality=88)


def resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


class Visitor(threading.Thread):
    """Looks at the wall four times a second until told to stop."""

    def __init__(self, gallery: Gallery) -> None:
        super().__init__(daemon=True)
        self.gallery, self.done, self.ms, self.memory = gallery, threading.Event(), [], []

    def run(self) -> None:
        while not self.done.wait(0.25):
            began = time.perf_counter()
            with urlopen(f"{self.gallery.url}/works/") as page:
                page.read()
            self.ms.append(1000 * (time.perf_counter() - began))
            self.memory.append(resident_mb(self.gallery.process.pid))

    def p95(self) -> float:
        self.done.set()
        self.join()
        return statistics.quantiles(self.ms, n=20)[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=300)
    asked = parser.parse_args()
    rng = random.Random(1)
    names = ("chromium", "chromium-browser", "chromium-headless-shell")
    chromium = next(filter(None, map(shutil.which, names)), None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        files = [Path(folder) / f"picture-{n:03d}.jpg" for n in range(asked.pictures)]
        for path in files:
            photograph(path, rng)
        print(f"{asked.pictures} pictures, {sum(f.stat().st_size for f in files) / 1e6:.0f} MB")
        gallery = Gallery(Path(folder) / "gallery").furnish()
        gallery.manage("furnish", "--no-study")
        session = gallery.admin_session()
        gallery.start()
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": gallery.url}])
        page.goto(f"{gallery.url}/hanging/many/")
        page.locator("input[type=file]").set_input_files(files)
        for name in ("Maker", "Licence", "Credit"):
            page.get_by_label(name).fill("bench")
        idle = Visitor(gallery)
        idle.start()
        time.sleep(20)
        alone, before = idle.p95(), max(idle.memory)
        busy = Visitor(gallery)
        busy.start()
        began = time.perf_counter()
        page.get_by_role("button", name="Take them in").click()
        page.get_by_text("All are done.").wait_for(timeout=3_600_000)
        seconds = time.perf_counter() - began
        beside = busy.p95()
        browser.close()
        count = "from gallery.works.models import *; print(Maker.objects.get(name='bench')"
        kept = int(gallery.python(f"{count}.artworks.count())"))
        print(f"kept {kept} in {seconds:.0f} s; memory of the web process grew by")
        print(f"{max(busy.memory) - before:.0f} MB; other visitors' p95 {beside:.0f} ms,")
        print(f"{beside / alone:.1f} times what it is when nothing else happens ({alone:.0f} ms)")
        gallery.stop()


if __name__ == "__main__":
    main()
