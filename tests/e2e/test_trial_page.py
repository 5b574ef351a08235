"""What the trial page's script adds: keys, time, and answers that are never lost or doubled."""

from __future__ import annotations

import json
import time
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.test_sitting import answers_kept, code_on, consent, place


def checked(page: Page) -> dict[str, str]:
    return {
        str(radio.get_attribute("name")): str(radio.get_attribute("value"))
        for radio in page.locator("[data-scale] input:checked").all()
    }


def press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def test_numbers_answer_the_first_question_then_the_second(seated):
    page = seated()
    place(page, 1)
    names = page.locator("[data-scale]").evaluate_all("s => s.map(one => one.elements[0].name)")
    press(page, "3")
    assert checked(page) == {names[0]: "3"}
    press(page, "6")
    assert checked(page) == {names[0]: "3", names[1]: "6"}
    page.locator(f"input[name={names[0]}]:checked").focus()
    press(page, "5 8 0 x")
    assert checked(page) == {names[0]: "5", names[1]: "6"}


def test_a_key_held_down_answers_one_question(seated):
    page = seated()
    place(page, 1)
    for _repeat in range(3):
        page.keyboard.down("3")
    page.keyboard.up("3")
    assert list(checked(page).values()) == ["3"]


def test_a_question_mark_explains_both_questions_and_escape_folds_it_away(seated):
    page = seated()
    place(page, 1)
    explained = page.get_by_text("A work can surprise you whether or not you like it.")
    expect(explained).not_to_be_visible()
    press(page, "?")
    expect(explained).to_be_visible()
    press(page, "Escape")
    expect(explained).not_to_be_visible()


def shades(shown: Locator) -> list[tuple[int, ...]]:
    """The colours along the middle row of what is shown, from left to right."""
    picture = Image.open(BytesIO(shown.screenshot())).convert("RGB")
    row = picture.crop((0, picture.height // 2, picture.width, picture.height // 2 + 1))
    return [row.getpixel((x, 0)) for x in range(row.width)]  # type: ignore[misc]


def test_forced_colours_keep_the_choice_the_progress_and_next_visible(seated):
    page = seated(forced_colors="active")
    place(page, 1)
    press(page, "3 3 Enter")
    place(page, 2)
    press(page, "3")
    points = page.locator("[data-scale]").first.locator("input")
    chosen, other = shades(points.nth(2)), shades(points.nth(4))
    assert chosen[6] != other[6]
    progress = shades(page.locator(".place progress"))
    assert progress[2] != progress[-3]
    following = shades(page.get_by_role("button", name="Next"))
    assert following[0] != following[3]


@pytest.mark.parametrize("width", [320, 1280])
def test_what_is_explained_covers_no_point_and_no_question(seated, width):
    page = seated(viewport={"width": width, "height": 640})
    place(page, 1)
    press(page, "?")
    explained = [one.bounding_box() for one in page.locator(".explains p").all()]
    asked = page.locator("[data-scale] legend, .points label, .points .name").all()
    for words in explained:
        for box in [one.bounding_box() for one in asked]:
            below = box["y"] >= words["y"] + words["height"]
            beside = box["x"] >= words["x"] + words["width"]
            assert below or beside or box["y"] + box["height"] <= words["y"]


def test_help_and_explanations_make_room_for_each_other(seated):
    page = seated(viewport={"width": 320, "height": 640})
    place(page, 1)
    explained = page.get_by_text("A work can surprise you whether or not you like it.")
    helped = page.get_by_text("Each answer is kept at once")
    press(page, "?")
    page.get_by_text("Help and your code").click()
    expect(helped).to_be_visible()
    expect(explained).not_to_be_visible()
    press(page, "?")
    expect(explained).to_be_visible()
    expect(helped).not_to_be_visible()


def test_what_is_wrong_is_tied_to_its_question(seated, expected):
    expected += ["422"]
    page = seated()
    place(page, 1)
    expect(page.get_by_role("heading", level=1)).to_have_text("1 of 16")
    page.locator("form.answers").evaluate("form => form.noValidate = true")
    page.locator("label:has([name=surprise][value='1'])").click()
    page.get_by_role("button", name="Next").click()
    wrong = page.get_by_role("radiogroup", name="How well does this work hold together?")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_have_accessible_description("Choose one of the seven points.")
    right = page.get_by_role("radiogroup", name="How surprising is this work?")
    expect(right).to_have_accessible_description("")
    assert right.get_attribute("aria-invalid") is None


def test_a_lost_connection_is_written_into_a_status_that_was_there_before(seated, expected):
    expected += ["ERR_CONNECTION_FAILED", "htmx:sendError", "htmx:afterRequest"]
    page = seated()
    place(page, 1)
    status = page.locator("form.answers").get_by_role("status")
    expect(status).to_have_text("")
    page.route("**/answer/", lambda route: route.abort("connectionfailed"))
    press(page, "2 7 Enter")
    expect(status).to_have_text("Your answer is safe; the connection is not. Trying again.")


def test_single_keys_can_be_switched_off_and_stay_off(seated):
    page = seated()
    place(page, 1)
    page.get_by_text("Help and your code").click()
    switch = page.get_by_role("switch", name="Answer with single keys")
    expect(switch).to_be_checked()
    switch.uncheck()
    page.reload()
    place(page, 1)
    press(page, "3 ?")
    assert checked(page) == {}
    expect(page.locator(".explains[open]")).to_have_count(0)
    page.get_by_text("Help and your code").click()
    switch.check()
    press(page, "3")
    assert list(checked(page).values()) == ["3"]


def test_half_an_answer_is_not_sent(seated, gallery):
    page = seated()
    place(page, 1)
    press(page, "3 Enter")
    place(page, 1)
    assert answers_kept(gallery, code_on(page))["ratings"] == 0


def test_an_answer_waits_until_the_work_was_in_sight_for_two_seconds(visit):
    page = visit("/")
    on_its_way: list[Route] = []

    def hold(route: Route) -> None:
        on_its_way.append(route)

    page.route("**/picture/", hold, times=1)
    consent(page, hasty=False)
    following = page.get_by_role("button", name="Next")
    page.wait_for_timeout(2200)  # the picture is still on its way: this time does not count
    expect(following).to_be_disabled()
    on_its_way[0].continue_()
    page.locator(".frame img").evaluate("image => image.decode()")
    seen = time.monotonic()
    press(page, "3 3 Enter")
    expect(page.get_by_text("One moment: look first.")).to_be_visible()
    assert len(checked(page)) == 2
    expect(following).to_be_enabled()
    assert 1.5 < time.monotonic() - seen < 4
    expect(page.get_by_text("One moment: look first.")).not_to_be_visible()
    expect(page.locator("#place")).to_contain_text("1 of 16")
    page.locator(".frame").click()
    press(page, "Enter")
    expect(page.locator("#place")).to_contain_text("2 of 16")
    expect(following).to_be_disabled()


def test_a_picture_that_did_not_arrive_says_so_and_can_be_asked_for_again(visit, expected):
    expected += ["ERR_CONNECTION_FAILED"]
    page = visit("/")
    page.route("**/picture/", lambda route: route.abort("connectionfailed"))
    consent(page)
    missing = page.get_by_text("The work could not be loaded.")
    expect(missing).to_be_visible()
    expect(page.get_by_role("button", name="Next")).to_be_disabled()
    page.get_by_role("button", name="Try again").click()
    expect(missing).to_be_visible()
    page.unroute("**/picture/")
    page.get_by_role("button", name="Try again").click()
    place(page, 1)
    expect(missing).not_to_be_visible()


def test_a_picture_that_never_arrives_can_be_skipped(visit, expected):
    expected += ["ERR_CONNECTION_FAILED"]
    page = visit("/")
    page.route("**/picture/", lambda route: route.abort("connectionfailed"))
    consent(page)
    expect(page.get_by_text("The work could not be loaded.")).to_be_visible()
    page.get_by_text("Skip this work").click()
    page.get_by_role("button", name="I cannot see it").click()
    expect(page.locator("#place")).to_contain_text("2 of 16")


def test_the_time_an_answer_took_is_measured(seated, gallery):
    page = seated()
    place(page, 1)
    page.wait_for_timeout(700)
    press(page, "3 3 Enter")
    place(page, 2)
    took = gallery.python(
        "import json; from gallery.studies.models import Trial\n"
        f"print(json.dumps(Trial.objects.get(rater__code='{code_on(page)}', position=1).rt_ms))"
    )
    assert 600 < json.loads(took) < 10_000


def test_a_reload_while_the_connection_is_lost_still_sends_the_answer_once(
    seated, gallery, expected
):
    expected += ["ERR_CONNECTION_FAILED", "htmx:sendError", "htmx:afterRequest"]
    page = seated()
    place(page, 1)
    page.route("**/answer/", lambda route: route.abort("connectionfailed"))
    press(page, "2 7 Enter")
    expect(page.get_by_text("the connection is not")).to_be_visible()
    page.unroute("**/answer/")
    page.reload()
    place(page, 2)
    assert answers_kept(gallery, code_on(page))["ratings"] == 2
    page.reload()
    place(page, 2)


def test_an_answer_whose_acknowledgement_was_lost_is_not_doubled(seated, gallery, expected):
    expected += ["ERR_CONNECTION_FAILED", "htmx:sendError", "htmx:afterRequest"]
    page = seated()
    place(page, 1)

    def lose_the_reply(route):
        route.fetch()
        route.abort("connectionfailed")

    page.route("**/answer/", lose_the_reply, times=1)
    press(page, "2 7 Enter")
    expect(page.locator("#place")).to_contain_text("2 of 16", timeout=20_000)
    assert answers_kept(gallery, code_on(page))["ratings"] == 2


def test_an_answer_outlives_a_killed_server(seated, gallery, expected):
    expected += ["ERR_CONNECTION", "htmx:sendError", "htmx:afterRequest", "ERR_EMPTY_RESPONSE"]
    page = seated()
    place(page, 1)
    gallery.kill()
    press(page, "1 1 Enter")
    expect(page.get_by_text("Your answer is safe; the connection is not.")).to_be_visible()
    gallery.start()
    expect(page.locator("#place")).to_contain_text("2 of 16", timeout=30_000)
    assert answers_kept(gallery, code_on(page))["ratings"] == 2


def test_a_tab_left_behind_by_an_erased_sitting_leads_back_to_the_door(seated, expected):
    expected += ["404", "Response Status Error", "htmx:responseError"]
    page = seated()
    place(page, 1)
    code = code_on(page)
    other = page.context.new_page()
    other.goto("/answers/")
    other.get_by_label("Your code").fill(code)
    other.get_by_role("button", name="Erase my answers").click()
    other.get_by_role("button", name="Erase them").click()
    expect(other.get_by_text("Your answers are erased")).to_be_visible()
    press(page, "1 1 Enter")
    page.wait_for_url("**/studies/sixteen/")
