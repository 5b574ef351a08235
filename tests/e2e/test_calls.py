"""Who has a call's link draws with a finger or with keys, and sends it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_accessible import VIEWS, look
from tests.servers import Gallery

pytestmark = [pytest.mark.any_database, pytest.mark.timeout(400)]  # a gallery is furnished first

CALL = """
from tests.factories import make_call_to_draw
print(make_call_to_draw(brief="A lighthouse in fog")[1])
"""
INK = """canvas => {
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, i) => i % 4 === 0 && value < 100).length;
}"""


def test_a_drawing_by_hand_and_by_keys_is_sent_and_seen_again(
    visit: Callable[..., Page], gallery: Gallery
):
    page = visit(gallery.python(CALL).strip(), has_touch=True, bypass_csp=True)
    sheet = page.get_by_role("img", name="The sheet that is drawn on")
    assert sheet.evaluate(INK) == 0
    page.touchscreen.tap(200, sheet.bounding_box()["y"] + 60)  # type: ignore[index]  # it is there
    dot = sheet.evaluate(INK)
    sheet.focus()
    for key in (" ", "Shift+ArrowRight", "Shift+ArrowDown", " "):
        page.keyboard.press(key)
    page.get_by_label("Name on the label").focus()  # and the mark of where the brush is has gone
    assert sheet.evaluate(INK) > 2 * dot > 0
    page.get_by_role("button", name="Take back").click()
    assert sheet.evaluate(INK) == dot
    for view in VIEWS:
        assert look(page, view) == []
    page.get_by_label("Name on the label").fill("Ada")
    page.get_by_label("I made this drawing").check()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    sent = page.get_by_alt_text("The drawing that you sent")
    expect(sent).to_have_js_property("complete", True)
    assert sent.evaluate("image => image.naturalWidth") > 500
    for view in VIEWS[:2]:
        assert look(page, view) == []
