"""Take the README's pictures of a fresh gallery: `python -m docs.photograph`.

Needs Chromium; fonts as the reader's machine has them (Noto Sans and Noto Serif look best).
"""

import re
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.servers import Gallery

DOCS = Path(__file__).parent
ROOM = "location.pathname.split('/').at(-2)"
PLACE = "document.querySelector('#place')?.textContent.trim()"


def sit(page: Page) -> None:
    """Walk the first study to its reveal, with a picture of the fifth work on the way."""
    page.get_by_role("link", name=re.compile("Rate")).click()
    page.locator("form[action$='/begin/'] button").click()
    page.wait_for_url("**/sitting/")
    before = ""
    while True:
        page.wait_for_function(
            f"before => ({ROOM}) !== 'sitting' || {PLACE} !== before", arg=before
        )
        if page.evaluate(ROOM) != "sitting":
            break
        before = page.evaluate(PLACE)
        if not page.locator(".frame").count():  # a card between two parts
            page.locator("main form button").first.click()
            continue
        page.locator(".frame img").evaluate("image => image.decode()")
        scales = page.locator("[data-scale]").count()  # some visitors guess with each work
        if scales > 1:
            page.wait_for_timeout(2_500)  # a work is looked at before its answer is sent
        for key in "535"[:scales]:
            page.keyboard.press(key)
        if before.startswith("5 ") and scales == 2:
            page.screenshot(path=DOCS / "trial.png")
        page.keyboard.press("Enter")
    page.wait_for_url("**/reveal/")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=DOCS / "reveal.png")


def main() -> None:
    names = ("chromium", "chromium-browser", "chromium-headless-shell")
    chromium = next(filter(None, map(shutil.which, names)), None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        gallery = Gallery(Path(folder) / "gallery")
        gallery.manage("furnish")
        gallery.start()
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            size = {"width": 1280, "height": 800}
            page = browser.new_page(base_url=gallery.url, viewport=size)  # type: ignore[arg-type]  # a dict serves
            page.goto("/")
            page.wait_for_load_state("networkidle")
            page.screenshot(path=DOCS / "entrance.png")
            sit(page)
        finally:
            browser.close()
            gallery.stop()


if __name__ == "__main__":
    main()
