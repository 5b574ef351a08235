"""A curator brings in works from a museum, which is a real server on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.serving import serving
from tests.e2e.test_accessible import by_turns_and_in_all_views, look
from tests.museums.server import Museum, museum_at
from tests.servers import Gallery
from tests.works.pictures import encoded, noise

pytestmark = pytest.mark.any_database


@pytest.fixture(scope="module")
def museum() -> Iterator[Museum]:
    """The Art Institute, with three works that may be brought in, one of them without a picture."""
    with museum_at() as museum:
        answer = museum.document("artic_search.json")
        answer["data"][3] |= {"image_id": "gone"}
        museum.say("/artworks/search", answer)
        for work in answer["data"]:
            museum.say(f"/artworks/{work['id']}", answer | {"data": work})
            for width in (400, 600, 1686):
                path = f"/iiif/2/{work['image_id']}/full/{width},/0/default.jpg"
                if work["image_id"] != "gone":
                    museum.say(path, encoded(noise(640, 480), "JPEG"))
        yield museum


@pytest.fixture(scope="module")
def gallery(museum: Museum, against: str, furnished: Path) -> Iterator[Gallery]:
    """An empty gallery that takes this museum for the real one."""
    trusted = f"127.0.0.1:{museum.port}"
    museums = {"MUSEUMS_ARTIC_API": museum.url, "MUSEUMS_TRUSTED_HOSTS": trusted}
    opened = serving(against, furnished, paints=False, **museums)
    with opened as (gallery, _printed):
        yield gallery


def test_a_curator_searches_ticks_and_brings_in(signed_in):
    page = signed_in("/hanging/", bypass_csp=False)
    page.get_by_role("link", name="Bring in from museums").click()
    page.get_by_label("Words to look for").fill("park")
    page.get_by_role("button", name="Search").click()
    pictures = page.locator(".finds img")
    expect(pictures).to_have_count(2)
    for picture in pictures.all():
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 640
    page.get_by_label("A Sunday on La Grande Jatte").check()
    page.get_by_label("Lost Drawing").check()
    page.get_by_role("button", name="Take them in").click()
    expect(page.get_by_role("listitem").filter(has_text="Grande Jatte")).to_contain_text("Taken in")
    expect(page.get_by_role("listitem").filter(has_text="Lost Drawing")).to_contain_text(
        "127.0.0.1 has nothing there."
    )
    page.get_by_role("link", name="A Sunday on La Grande Jatte").click()
    expect(page.get_by_role("button", name="Hang it")).to_be_visible()


@by_turns_and_in_all_views
def test_what_is_found_and_what_became_of_it_have_no_fault(signed_in, turns):
    first, *later = turns
    page = signed_in("/hanging/import/?museum=artic&query=park", bypass_csp=True)
    wrong = [f"found {fault}" for view in first for fault in look(page, view)]
    page.get_by_label("Portrait of a Man").check()
    page.get_by_label("Lost Drawing").check()
    page.get_by_role("button", name="Take them in").click()
    page.get_by_role("heading", name="What became of your picks").wait_for()
    wrong += [f"taken {fault}" for view in (later or turns)[0] for fault in look(page, view)]
    assert not wrong, "\n".join(wrong)
