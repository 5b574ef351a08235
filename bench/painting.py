"""From the request of a run to its first frame on the screen, and what the web process weighs."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.servers import Gallery


def first_frame(page: Page, gallery: Gallery) -> float:
    """Seconds from the click to a loaded preview or output picture."""
    page.goto(f"{gallery.url}/studio/new/entropy/")
    page.locator("input[name=size]").fill("256")
    began = time.perf_counter()
    page.get_by_role("button", name="Commission this run").click()
    page.wait_for_url("**/studio/runs/**")
    page.locator("#run-live img").first.evaluate("image => image.decode()")
    return time.perf_counter() - began


def resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def main() -> None:
    names = ("chromium", "chromium-browser", "chromium-headless-shell")
    chromium = next(filter(None, map(shutil.which, names)), None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        gallery = Gallery(Path(folder) / "gallery").furnish()
        gallery.start()
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            page = browser.new_page()
            session = {"name": "sessionid", "value": gallery.admin_session(), "url": gallery.url}
            page.context.add_cookies([session])
            cold = first_frame(page, gallery)
            warm = sorted(first_frame(page, gallery) for _ in range(5))
            print("From the request of an entropy run to its first frame in the browser, seconds:")
            print(f"  after the start {cold:.2f}; warm median {warm[2]:.2f}, worst {warm[4]:.2f}")
            assert gallery.process
            pid = gallery.process.pid
            torch = "torch" in Path(f"/proc/{pid}/maps").read_text()
            print(
                f"Web process after that: {resident_mb(pid):.0f} MB resident, torch loaded: {torch}"
            )
        finally:
            browser.close()
            gallery.stop()
