"""A visitor rates sixteen works, guesses who made them, and reads the labels."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import AT_ONCE

WORKS = 16


def consent(page: Page, *, hasty: bool = True) -> None:
    """Begin the study; a `hasty` visitor need not look at a work before answering."""
    if hasty:
        page.add_init_script(AT_ONCE)
    page.get_by_role("link", name=re.compile("Rate 16 works")).click()
    page.locator("form[action$='/begin/'] button").click()
    page.wait_for_url("**/sitting/", wait_until="domcontentloaded")


def place(page: Page, number: int) -> None:
    """Wait until work `number` is in front, its picture is there to see, and it can be answered."""
    expect(page.locator("#place")).to_contain_text(f"{number} of {WORKS}")
    page.locator(".frame img").evaluate("image => image.decode()")
    expect(page.get_by_role("button", name="Next")).to_be_enabled()


def answers_kept(gallery, code: str) -> dict[str, int]:
    kept: dict[str, int] = json.loads(
        gallery.python(
            "import json\n"
            "from gallery.studies.models import Guess, Rating\n"
            f"mine = {{'trial__rater__code': '{code}'}}\n"
            "print(json.dumps({'ratings': Rating.objects.filter(**mine).count(),"
            " 'guesses': Guess.objects.filter(**mine).count()}))"
        )
    )
    return kept


def code_on(page: Page) -> str:
    return re.sub(r"[^A-Z0-9]", "", page.locator(".code").first.text_content() or "")


def expect_reveal(page: Page, gallery) -> None:
    """Every work is signed now, and every answer is in the database."""
    page.wait_for_url("**/reveal/")
    expect(page.get_by_text(re.compile(r"You took \d+ of 16 for what they were"))).to_be_visible()
    expect(page.get_by_text("GAN").first).to_be_visible()
    assert answers_kept(gallery, code_on(page)) == {"ratings": 2 * WORKS, "guesses": WORKS}


@pytest.mark.soak
def test_a_visitor_rates_sixteen_works_with_the_mouse(visit, gallery):
    page = visit("/")
    consent(page)
    for number in range(1, WORKS + 1):
        place(page, number)
        for item in ("coherence", "surprise"):
            value = 1 + (number + len(item)) % 7
            page.locator(f"label:has([name={item}][value='{value}'])").click()
        page.get_by_role("button", name="Next").click()
    for number in range(1, WORKS + 1):
        place(page, number)
        page.locator(f"label:has([name=guess][value='{1 + number % 6}'])").click()
        page.get_by_role("button", name="Next").click()
    expect_reveal(page, gallery)


def test_a_visitor_rates_sixteen_works_with_the_keyboard_alone(visit, gallery):
    page = visit("/")
    page.add_init_script(AT_ONCE)
    page.keyboard.press("Tab")  # the skip link comes first
    page.get_by_role("link", name=re.compile("Rate 16 works")).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/studies/sixteen/")
    page.locator("form[action$='/begin/'] button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sitting/")
    for number in range(1, WORKS + 1):
        place(page, number)
        page.keyboard.press("6")
        page.keyboard.press("2")
        page.keyboard.press("Enter")
    for number in range(1, WORKS + 1):
        place(page, number)
        page.keyboard.press("5")
        page.keyboard.press("Enter")
    expect_reveal(page, gallery)


def test_a_visitor_rates_sixteen_works_without_javascript(visit, gallery):
    page = visit("/", java_script_enabled=False)
    consent(page)
    for number in range(1, WORKS + 1):
        expect(page.locator("#place")).to_contain_text(f"{number} of {WORKS}")
        page.locator("label:has([name=coherence][value='7'])").click()
        page.locator("label:has([name=surprise][value='1'])").click()
        page.get_by_role("button", name="Next").click()
    for number in range(1, WORKS + 1):
        expect(page.locator("#place")).to_contain_text(f"{number} of {WORKS}")
        page.locator("label:has([name=guess][value='1'])").click()
        page.get_by_role("button", name="Next").click()
    expect_reveal(page, gallery)


def test_a_reload_shows_the_same_work(seated):
    page = seated()
    place(page, 1)
    before = page.locator(".frame img").get_attribute("src")
    page.reload()
    place(page, 1)
    assert page.locator(".frame img").get_attribute("src") == before


def test_an_answer_outlives_a_lost_connection(seated, gallery, expected):
    expected += ["ERR_CONNECTION_FAILED", "htmx:sendError", "htmx:afterRequest"]
    page = seated()
    place(page, 1)
    code = code_on(page)
    # The page is not told that it is offline: every request simply fails, as in a tunnel.
    page.route("**/answer/", lambda route: route.abort("connectionfailed"))
    page.keyboard.press("4")
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your answer is safe; the connection is not.")).to_be_visible()
    assert answers_kept(gallery, code)["ratings"] == 0
    page.unroute("**/answer/")
    expect(page.locator("#place")).to_contain_text("2 of 16", timeout=20_000)
    assert answers_kept(gallery, code)["ratings"] == 2


def test_the_next_work_is_fetched_before_it_is_asked_for(visit):
    page = visit("/")
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    consent(page)
    place(page, 1)
    upcoming = page.locator("link[rel=prefetch]").get_attribute("href")
    page.wait_for_timeout(500)
    assert any(url.endswith(str(upcoming)) for url in fetched)


def test_both_scales_fit_a_phone_without_scrolling(seated):
    page = seated(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    place(page, 1)
    tops = [
        page.locator(".frame").bounding_box(),
        page.get_by_role("button", name="Next").bounding_box(),
    ]
    assert tops[0]
    assert tops[1]
    assert tops[0]["y"] >= 0
    assert tops[1]["y"] + tops[1]["height"] <= 844
    for label in page.locator(".points label").all():
        box = label.bounding_box()
        assert box
        assert box["width"] >= 40
        assert box["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_code_brings_a_visitor_back(visit, seated):
    page = seated()
    place(page, 1)
    code = code_on(page)
    page.keyboard.press("4")
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    place(page, 2)
    elsewhere = visit("/answers/")
    elsewhere.locator("input[name=code]").first.fill(code.lower())
    elsewhere.get_by_role("button", name=re.compile("Go on|Resume|Continue")).first.click()
    elsewhere.wait_for_url("**/sitting/")
    place(elsewhere, 2)
    assert code_on(elsewhere) == code
