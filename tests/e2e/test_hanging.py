"""A curator hangs a picture from a file."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw
from playwright.sync_api import expect


def drawing(colour: str) -> bytes:
    picture = Image.new("RGB", (640, 480), colour)
    ImageDraw.Draw(picture).ellipse((100, 60, 420, 380), fill="white", outline="black", width=9)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def test_a_curator_uploads_sees_and_hangs_a_picture(signed_in, visit):
    page = signed_in("/hanging/new/")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "moon.jpg", "mimeType": "image/jpeg", "buffer": drawing("navy")}
    )
    page.locator("[name=title]").fill("A moon of paper")
    page.locator("[name=maker]").fill("Wu Guanzhong's pupil")
    page.locator("[name=licence]").fill("CC BY 4.0")
    page.locator("[name=credit]").fill("Given by the artist")
    page.locator("main form button.button").first.click()
    page.wait_for_url("**/hanging/*-*/")
    page.locator("main img").first.evaluate("image => image.decode()")
    page.get_by_role("button", name="Hang").click()
    stranger = visit("/works/")
    stranger.get_by_role("link", name="A moon of paper").first.click()
    expect(stranger.get_by_text("Wu Guanzhong's pupil").first).to_be_visible()
    expect(stranger.get_by_text("CC BY 4.0").first).to_be_visible()


def test_a_file_that_is_no_picture_is_refused_and_what_was_typed_is_kept(signed_in, expected):
    expected.append("422")
    page = signed_in("/hanging/new/")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "moon.jpg", "mimeType": "image/jpeg", "buffer": b"<svg onload=alert(1)>"}
    )
    page.locator("[name=title]").fill("Not a moon")
    page.locator("[name=maker]").fill("Nobody")
    page.locator("[name=licence]").fill("CC0 1.0")
    page.locator("main form button.button").first.click()
    expect(page.get_by_text("not a JPEG, PNG or WebP picture")).to_be_visible()
    assert page.locator("[name=title]").input_value() == "Not a moon"
