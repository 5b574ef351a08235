"""A curator hangs a picture from a file, and many from many."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Page, expect

from tests.servers import Gallery
from tests.works.pictures import encoded, noise


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
    expect(page.get_by_text("not a JPEG, PNG, WebP or AVIF picture")).to_be_visible()
    assert page.locator("[name=title]").input_value() == "Not a moon"


def pictures(count: int) -> list[FilePayload]:
    """As a camera names them; each is another picture, too large to be sent in a moment."""
    return [
        {
            "name": f"IMG_{n:03d}.png",
            "mimeType": "image/png",
            "buffer": encoded(noise(640, 480, 40 + n)),
        }
        for n in range(count)
    ]


def fill(page: Page, files: list[FilePayload], maker: str) -> None:
    page.locator("input[type=file]").set_input_files(files)
    for name, value in {"Maker": maker, "Licence": "CC0 1.0", "Credit": "Her estate"}.items():
        page.get_by_label(name).fill(value)
    page.get_by_role("button", name="Take them in").click()


def titles(gallery: Gallery, maker: str) -> list[str]:
    code = (
        "from gallery.works.models import Artwork\n"
        f"print(*Artwork.objects.filter(maker__name={maker!r}).order_by('title')"
        ".values_list('title', flat=True), sep='\\n')"
    )
    return gallery.python(code).splitlines()


def test_many_files_come_in_though_the_connection_breaks(signed_in, gallery, expected):
    expected.append("ERR_INTERNET_DISCONNECTED")
    page = signed_in("/hanging/many/")
    files = pictures(12)
    fill(page, [*files, files[0]], "Many")
    expect(page.get_by_text("taken in").nth(1)).to_be_visible()
    page.context.set_offline(True)
    expect(page.get_by_text("The connection is lost.")).to_be_visible()
    page.wait_for_timeout(1500)
    page.context.set_offline(False)
    expect(page.get_by_text("All are done.")).to_be_visible(timeout=60_000)
    assert titles(gallery, "Many") == [f"IMG {n:03d}" for n in range(12)]
    assert page.locator("[data-state=refused]").count() == 0


def test_files_that_are_here_are_not_sent_again(signed_in, gallery):
    files = pictures(3)
    page = signed_in("/hanging/many/")
    fill(page, files, "Twice")
    expect(page.get_by_text("All are done.")).to_be_visible(timeout=60_000)
    page.goto("/hanging/many/")
    sent = []
    page.on("request", lambda request: sent.append(request.headers.get("x-one-file")))
    fill(page, files, "Twice")
    expect(page.get_by_text("is here")).to_have_count(3)
    assert not any(sent)


def test_many_files_come_in_without_javascript(signed_in, gallery):
    page = signed_in("/hanging/many/", java_script_enabled=False)
    fill(page, pictures(2), "Plain")
    expect(page.get_by_text("taken in")).to_have_count(2)
    assert len(titles(gallery, "Plain")) == 2


def test_works_are_ticked_labelled_and_hung_together(signed_in, visit):
    page = signed_in("/hanging/many/")
    fill(page, pictures(2), "Together")
    expect(page.get_by_text("All are done.")).to_be_visible(timeout=60_000)
    page.goto("/hanging/?find=Together")
    page.get_by_label("Tick all on this page").check()
    page.get_by_text("Change their labels").first.click()
    page.get_by_label("Year").fill("1843")
    page.get_by_role("button", name="Change their labels").click()
    expect(page.get_by_text("2 of 2 works were changed.")).to_be_visible()
    page.goto("/hanging/?find=Together")
    page.get_by_label("Tick all on this page").check()
    page.get_by_role("button", name="Hang them").click()
    stranger = visit("/works/")
    expect(stranger.get_by_text("Together").first).to_be_attached()
    expect(stranger.get_by_text("1843").first).to_be_attached()


def test_a_curator_draws_a_work(signed_in):
    page = signed_in("/hanging/draw/")
    for n, brush in enumerate(("Pen", "Wash", "Pen")):
        page.get_by_label(brush).check()
        box = page.locator("canvas").bounding_box()
        assert box
        page.mouse.move(box["x"] + 60, box["y"] + 80 + 60 * n)
        page.mouse.down()
        page.mouse.move(box["x"] + 300, box["y"] + 200 + 60 * n, steps=8)
        page.mouse.up()
    page.get_by_role("button", name="Take back").click()
    page.get_by_label("Maker").fill("A hand")
    page.get_by_label("Title").fill("Two lines")
    page.get_by_label("Licence").fill("CC0 1.0")
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_text("Drawn here in 2 strokes.")).to_be_visible()
