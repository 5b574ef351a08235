"""The findings in a real browser: works show themselves to mouse and keyboard, files come down."""

import zipfile
from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_a_point_shows_its_work_on_focus_and_leads_to_it(visit: Callable[..., Page]):
    visitor = visit("/studies/told/findings/")
    point = visitor.locator("#plane svg a").first
    picture = point.locator(".peek img")
    expect(picture).to_be_hidden()
    point.focus()
    visitor.keyboard.press("Tab")
    visitor.keyboard.press("Shift+Tab")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", value=True)
    visitor.keyboard.press("Enter")
    visitor.wait_for_url("**/works/**")


def test_the_archive_and_the_figures_can_be_taken_away(visit: Callable[..., Page]):
    visitor = visit("/studies/told/findings/")
    visitor.locator("#plane summary").first.click()
    with visitor.expect_download() as figure:
        visitor.locator("#plane").get_by_role("link", name="PNG").click()
    assert figure.value.suggested_filename == "told-plane.png"
    with visitor.expect_download() as archive:
        visitor.get_by_role("link", name="All answers, works").click()
    with zipfile.ZipFile(archive.value.path()) as unpacked:
        assert "told/ratings.csv" in unpacked.namelist()
