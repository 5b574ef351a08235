"""Every page, in both themes and both languages, on a phone and on a desk: nothing that axe-core
finds fault with, and nothing that scrolls sideways.

A page is judged in one view, its neighbours in others; `make soak` judges each in all four.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.servers import Gallery
from tests.studies.crawler import addresses

pytestmark = [pytest.mark.any_database, pytest.mark.timeout(400)]  # some pages take long to judge
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Each theme meets each language and each width.
VIEWS = [
    ("light", "en", 320),
    ("dark", "zh-hans", 1280),
    ("dark", "en", 1280),
    ("light", "zh-hans", 320),
]
by_turns_and_in_all_views = pytest.mark.parametrize(
    "turns",
    [
        pytest.param([[view] for view in VIEWS], id="by turns"),
        pytest.param([VIEWS], marks=pytest.mark.soak, id="all"),
    ],
)
HEIGHTS = {320: 640, 1280: 800}
# Routes that are no pages, and pages that a test below comes to by sitting a study.
NO_PAGES = re.compile(
    r"/(api|picture|thumb|svg|program|right|document\.json|key\.json|unsigned\.png|close|open|drop|begin"
    r"|answer|skip|guess|export|erase|cancel|retry|repeat|hang|discard|logout|i18n|preview|rest"
    r"|facts|leave|setlang|healthz|readyz|checkpoints|file|download|text|card|power|decide|blind"
    r"|labels\.(csv|ods)|metrics)(/|$)"
)
SITTINGS = re.compile(r"/(sitting|reveal)/$")


@pytest.fixture(scope="module")
def visitor(chromium: Browser, gallery: Gallery) -> Iterator[Page]:
    context = chromium.new_context(base_url=gallery.url, bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def admin(chromium: Browser, gallery: Gallery, admin_session: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=gallery.url, bypass_csp=True)
    context.add_cookies([{"name": "sessionid", "value": admin_session, "url": gallery.url}])
    yield context.new_page()
    context.close()


def faults(page: Page) -> list[str]:
    """What axe finds on the page as it stands, and whether it scrolls sideways."""
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    told = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return told + ([f"scrolls sideways by {wide} px"] if wide > 0 else [])


def look(page: Page, view: tuple[str, str, int]) -> list[str]:
    theme, _language, width = view
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]  # light or dark
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    return [f"{view} {fault}" for fault in faults(page)]


def speak(page: Page, language: str, url: str) -> None:
    page.context.add_cookies([{"name": "django_language", "value": language, "url": url}])


def everything_wrong(
    page: Page, gallery: Gallery, path: str, views: list[tuple[str, str, int]]
) -> list[str]:
    """In these views; it is loaded once for each language."""
    wrong: list[str] = []
    for language in dict.fromkeys(language for _theme, language, _width in views):
        speak(page, language, gallery.url)
        page.goto(path)
        for view in views:
            if view[1] == language:
                wrong += look(page, view)
    speak(page, "en", gallery.url)
    return [f"{path} {fault}" for fault in wrong]


KNOWN = """
import json
from gallery.runs.models import Run
from gallery.studies.models import Study
from gallery.works.models import Artwork, Collection
works = Artwork.objects.signed_for([])
print(json.dumps(dict(
    slug=["sixteen"], str=["gan"], path=["gan"], int=["1"],
    uuid=[str(works.filter(medium=medium).first().code) for medium in ("image", "text")]
         + [str(one.objects.first().code) for one in (Run, Collection)],
)))
"""


def pages_of(gallery: Gallery) -> list[str]:
    """All addresses that could be pages, from the URL configuration itself: a page that is added
    comes in here by itself."""
    found = addresses(json.loads(gallery.python(KNOWN)))
    return [path for path in found if not NO_PAGES.search(path) and not SITTINGS.search(path)]


def opens(page: Page, path: str) -> bool:
    """For whoever is signed in there; nothing is shown."""
    answer = page.context.request.get(path)
    return answer.status == 200 and "/login/" not in answer.url


@by_turns_and_in_all_views
def test_no_page_that_a_visitor_can_open_has_a_fault(
    visitor: Page, gallery: Gallery, turns: list[list[tuple[str, str, int]]]
):
    public = [path for path in pages_of(gallery) if opens(visitor, path)]
    wrong = []
    for number, path in enumerate([*public, "/login/", "/nowhere/", "/studies/told/findings/"]):
        wrong += everything_wrong(visitor, gallery, path, turns[number % len(turns)])
    assert not wrong, "\n".join(wrong)
    assert len(public) >= 8


@by_turns_and_in_all_views
def test_no_page_that_only_an_admin_can_open_has_a_fault(
    admin: Page, visitor: Page, gallery: Gallery, turns: list[list[tuple[str, str, int]]]
):
    closed = [path for path in pages_of(gallery) if not opens(visitor, path) and opens(admin, path)]
    wrong = []
    for number, path in enumerate(closed):
        wrong += everything_wrong(admin, gallery, path, turns[number % len(turns)])
    assert not wrong, "\n".join(wrong)
    assert len(closed) >= 6


def test_the_form_of_a_study_tells_at_once_what_its_figures_are_worth(
    admin: Page, gallery: Gallery
):
    admin.goto("/studies/new/")
    for works, told in (("40", "With 40 works from each side"), ("60", "With 60 works")):
        admin.get_by_label("Works from each side").fill(works)
        admin.get_by_label("Raters wanted").focus()
        expect(admin.locator("#power")).to_contain_text(told)


ANSWER = """() => {
  const form = document.querySelector("form.answers");
  const radios = [...form.querySelectorAll("input[type=radio]")];
  for (const name of new Set(radios.map((radio) => radio.name))) {
    const points = radios.filter((radio) => radio.name === name);
    const row = points[0].closest("[data-point]");
    points[row ? row.dataset.point - 1 : 0].checked = true;
  }
  form.submit();
}"""


def answer(page: Page) -> None:
    """Choose the first answer to each question, by script: another test does it by keyboard."""
    with page.expect_navigation():
        page.evaluate(ANSWER)


@pytest.mark.parametrize(
    ("slug", "kinds"),
    [
        ("coherence-surprise", {"preview", "practice", "answer", "rest", "guess", "facts"}),
        ("pairs", {"preview", "answer", "facts"}),
    ],
)
def test_no_step_of_a_sitting_has_a_fault(
    chromium: Browser, gallery: Gallery, slug: str, kinds: set[str]
):
    wrong: list[str] = []
    seen: set[str] = set()
    context = chromium.new_context(base_url=gallery.url, bypass_csp=True)
    page = context.new_page()
    page.goto(f"/studies/{slug}/")
    with page.expect_navigation():
        page.locator("form[action$='/begin/'] button").click()
    for _ in range(60):
        if "/reveal/" in page.url:
            break
        action = page.locator("form.answers").get_attribute("action") or ""
        kind = action.rstrip("/").rpartition("/")[2]
        if "Practice" in page.locator("#place").inner_text():
            kind = "practice"
        if kind not in seen:
            seen.add(kind)
            wrong += [f"{kind} {fault}" for fault in look(page, VIEWS[len(seen) % len(VIEWS)])]
            for fold in page.locator("summary").all():
                fold.click()
                wrong += [f"{kind}, unfolded {fault}" for fault in look(page, VIEWS[0])]
        answer(page)
    assert "/reveal/" in page.url
    for view in VIEWS:
        wrong += [f"reveal {fault}" for fault in look(page, view)]
    context.close()
    assert seen >= kinds
    assert not wrong, "\n".join(wrong)


def test_a_page_with_a_fault_is_noticed(visitor: Page):
    visitor.goto("/")
    visitor.set_content(
        "<html><body><img src='x.png'><p style='width:9999px'>wide</p></body></html>"
    )
    told = " ".join(faults(visitor))
    assert "image-alt" in told
    assert "scrolls sideways" in told
