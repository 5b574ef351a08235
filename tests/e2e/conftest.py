"""A real browser at a real gallery."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.conftest import made_once, require
from tests.e2e.serving import serving
from tests.servers import Gallery
from tests.studies.browsers import Browser as HttpBrowser

# A gallery of real works: people's from the starter exhibition, machines' from real runs.
FURNISH = """
from django.core.management import call_command
from gallery.findings.services import compute_findings
from gallery.runs.services import request_run
from gallery.simulation.answering import Truth
from gallery.simulation.in_bulk import sit_in_bulk, works_of
from gallery.studies.blueprints import BLUEPRINTS
from gallery.studies.services import open_study
from gallery.works.models import Artwork, Collection, Medium
from gallery.works.starter import hang_starter
hang_starter()
request_run(generator="gan", params={"size": 448}, seed=1, count=13)
for variant in ["uniform noise", "plain field"]:
    request_run(generator="entropy", params={"variant": variant, "size": 448}, seed=1, count=3)
call_command("paintworker", until_empty=True)
for work in Artwork.objects.candidates():
    work.hang()
both = Collection.objects.create(name="Both", about="One of each.")
both.put_in([Artwork.objects.hung().by_people()[0], Artwork.objects.hung().by_machines()[0]])
pictures = Artwork.objects.hung().as_sharp_as_any().filter(medium=Medium.IMAGE).order_by("pk")
people = [w.pk for w in pictures.filter(origin="human")]
machines = [w.pk for w in pictures.filter(source_class="sampler")]
# Two more for program and reader alike: simulated studies hold no works back from the third.
for name in ("coherence-surprise", "pairs"):
    rules = BLUEPRINTS[name].rules
    after = rules.guess.model_copy(update={"interleaved_share": 0.0})  # for every rater all parts
    open_study(title="All parts", slug=name, purpose="How do they compare?", medium=Medium.IMAGE,
               artwork_ids=people[:6] + machines[:6], trials_per_rater=12, seed=5,
               rules=rules.model_copy(update={"guess": after}), simulated=True)
# What no other study asks about, so that everything of it may be told.
rules = BLUEPRINTS["coherence-surprise"].rules
rules = rules.model_copy(update={"session": rules.session.model_copy(update={"preview": 0})})
told = open_study(title="Told", slug="told", purpose="How do they compare?", medium=Medium.IMAGE,
                  artwork_ids=people[8:] + machines[8:], trials_per_rater=6, seed=5,
                  rules=rules, simulated=True)
sit_in_bulk(told, Truth(effects={"coherence": 0.8}), 32, works_of(told))
told.close()
compute_findings(told)
open_study(title="Sixteen works", slug="sixteen", purpose="How do they compare?",
           medium=Medium.IMAGE, artwork_ids=people[:8] + machines[:8], trials_per_rater=16, seed=5)
"""


@pytest.fixture(scope="module")  # not longer: while Playwright runs, its loop runs in this thread
def chromium() -> Iterator[Browser]:
    """Without a window where there is such a one, which takes half of the processor's time."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    path = next(filter(None, map(shutil.which, names)), None)
    require(path, "needs Chromium (Debian: apt-get install chromium-headless-shell)")
    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=sandbox)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def against(request: pytest.FixtureRequest) -> str:
    """What the tests visit, as --against says."""
    chosen = str(request.config.getoption("--against"))
    if chosen == "scaled":  # a dozen processes and the browser share the machine's cores
        expect.set_options(timeout=20_000)
    return chosen


@pytest.fixture(scope="session")
def gallery(
    against: str, furnished: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gallery]:
    """One furnished gallery for all browser tests, with an open study of 8 + 8 pictures."""

    def fill(folder: Path) -> None:
        Gallery(folder).furnish(furnished).python(FURNISH)

    if against == "scaled":
        ready = serving(against, furnished, FURNISH)
    else:
        ready = serving(against, made_once(tmp_path_factory, "browsed", fill))
    with ready as (gallery, _printed):
        yield gallery


@pytest.fixture
def expected() -> list[str]:
    """Parts of complaints that a test brings about on purpose: a test adds to it."""
    return []


@pytest.fixture
def visit(
    chromium: Browser, gallery: Gallery, expected: list[str]
) -> Iterator[Callable[..., Page]]:
    """Open a page in a fresh browser profile. When the test ends, nothing may have been written to
    the console: no script error, no breach of the Content Security Policy, no missing file."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.text} ({message.location['url']})")

    contexts = []

    def open_page(
        path: str = "/", *, cookies: dict[str, str] | None = None, script: str = "", **options: Any
    ) -> Page:
        context = chromium.new_context(base_url=gallery.url, locale="en-GB", **options)
        contexts.append(context)
        context.add_cookies(
            [{"name": k, "value": v, "url": gallery.url} for k, v in (cookies or {}).items()]
        )
        context.add_init_script(script)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    surprises = [c for c in complaints if not any(part in c for part in expected)]
    assert not surprises, surprises


@pytest.fixture(scope="module")
def admin_session(gallery: Gallery) -> str:
    """What keeps the gallery's admin signed in."""
    return gallery.admin_session()


@pytest.fixture
def signed_in(visit: Callable[..., Page], admin_session: str) -> Callable[..., Page]:
    """Open a page as the gallery's admin."""
    return partial(visit, cookies={"sessionid": admin_session})


# Works are looked at for two seconds before their answers are sent. Tests look faster.
AT_ONCE = """
const look = () => {
  for (const trial of document.querySelectorAll("[data-look-ms]")) trial.dataset.lookMs = "0";
};
document.addEventListener("DOMContentLoaded", look);
document.addEventListener("htmx:afterSwap", look);
"""


@pytest.fixture
def seated(visit: Callable[..., Page], gallery: Gallery) -> Callable[..., Page]:
    """Open the first work of a sitting of sixteen, for a visitor who need not look at a work
    before answering."""

    def open_page(**options: Any) -> Page:
        rater = HttpBrowser(gallery.url)
        rater.sit_down("sixteen")
        path = "/studies/sixteen/sitting/"
        return visit(path, cookies=rater.cookies, script=AT_ONCE, **options)

    return open_page
