"""An admin commissions a machine, watches it paint, hangs the result, and it is on the wall."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def commission(page, **fields: str) -> None:
    for summary in page.locator("details:not([open]) > summary").all():
        summary.click()
    for name, value in fields.items():
        field = page.locator(f"form.request [name={name}]")
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.get_by_role("button", name="Commission this run").click()
    page.wait_for_url(re.compile(r"/studio/runs/[0-9a-f-]{36}/"))


def test_an_admin_watches_a_run_and_hangs_what_came_out(signed_in, visit):
    page = signed_in("/studio/new/inceptionism/")
    commission(page, network="random", size="256", steps="20", count="1", seed="11")
    # Frames arrive by themselves: the picture's address changes while nobody reloads.
    page.evaluate("window.neverReloaded = true")
    seen = set()
    for _ in range(200):
        source = page.locator("#run-live img").first
        if source.count():
            seen.add(source.get_attribute("src"))
        if page.get_by_role("button", name="Hang work 1").count():
            break
        page.wait_for_timeout(100)
    assert len(seen) >= 3, seen
    assert page.evaluate("window.neverReloaded")
    expect(page.locator(".standing")).to_contain_text("Done")
    page.get_by_role("button", name="Hang work 1").click()
    link = page.locator("#run-rest").get_by_role("link", name="Hung", exact=True)
    expect(link).to_be_visible()

    stranger = visit(str(link.get_attribute("href")))
    expect(stranger.get_by_text("Inceptionism").first).to_be_visible()
    expect(stranger.get_by_text("11").first).to_be_visible()  # the recipe names the seed
    stranger.goto("/works/")
    assert stranger.locator(f"a[href='{link.get_attribute('href')}']").count()


def test_an_admin_cancels_a_long_run(signed_in):
    page = signed_in("/studio/new/inceptionism/")
    commission(page, size="1024", steps="60", octaves="1", count="1")
    expect(page.locator(".standing")).to_contain_text("Painting")
    page.get_by_role("button", name="Cancel this run").click()
    expect(page.locator(".standing")).to_contain_text("Cancelled", timeout=3_000)
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_a_run_out_of_bounds_is_refused_at_its_field(signed_in, expected):
    expected.append("422")
    page = signed_in("/studio/new/entropy/")
    page.locator("[name=size]").fill("9999")
    page.get_by_role("button", name="Commission this run").click()
    expect(page.locator(".errorlist").first).to_be_visible()
    assert page.url.endswith("/studio/new/entropy/")
    assert page.locator("[name=size]").input_value() == "9999"


def test_styles_are_found_and_chosen_while_nothing_reloads(signed_in, expected):
    expected.append("422")
    page = signed_in("/studio/new/deep_style/")
    page.evaluate("window.neverReloaded = true")
    styles = page.get_by_role("group", name="Works whose manner to take")
    first = styles.locator("label").nth(3)
    title = first.inner_text()
    first.click()
    expect(page.locator("#estimate")).to_contain_text("Choose a work to start from.")
    page.get_by_label("Find works by title or maker").press_sequentially("coffee")
    expect(styles.locator("label")).to_have_count(2)
    assert title in styles.locator("label").first.inner_text()
    styles.locator("label").last.locator("input").focus()
    page.keyboard.press("Space")
    assert page.evaluate("window.neverReloaded")
    page.get_by_role("button", name="Commission this run").click()
    expect(page.locator(".errorlist")).to_contain_text("Choose a work to start from.")
    expect(styles.locator("input:checked")).to_have_count(2)
    expect(styles.locator("label").nth(1)).to_contain_text("Coffee")


def test_a_run_is_changed_and_made_again(signed_in):
    page = signed_in("/studio/new/letters/")
    commission(page, length="200", seed="5")
    expect(page.locator(".standing")).to_contain_text("Done", timeout=30_000)
    made = page.url
    page.get_by_role("button", name="Make it again").click()
    page.wait_for_url(lambda url: "/studio/runs/" in url and url != made)
    page.get_by_role("link", name="Change and make again").click()
    assert page.locator("[name=length]").input_value() == "200"
    assert page.locator("[name=seed]").input_value() == ""
