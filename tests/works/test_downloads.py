"""What leaves the gallery is signed, and says in every reader's terms how it came about."""

import re
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from PIL import Image

from gallery.studies.identity import remember
from gallery.works.marking import ALGORITHM, NAMESPACES, TRAINED, WORKED_OVER, licence_address
from tests.factories import make_artwork, make_maker, make_rater, make_study
from tests.works.pictures import webp_chunks

pytestmark = pytest.mark.django_db

CONTENT = [{"role": "content", "code": "11111111-1111-4111-8111-111111111111"}]
STYLE = [{"role": "style", "code": "11111111-1111-4111-8111-111111111111"}]


def address(artwork) -> str:
    return reverse("work-download", args=[artwork.code])


def marks(response) -> dict[str, str]:
    """What the picture's XMP packet says, by prefixed name, as any reader of XML finds it."""
    packet = Image.open(BytesIO(response.content)).info["xmp"]
    (about,) = ET.fromstring(packet).iterfind(".//rdf:Description", NAMESPACES)
    found = {}
    for one in about:
        found[prefixed(one.tag)] = "".join(one.itertext())
    return found


def prefixed(tag: str) -> str:
    space, _, name = tag.removeprefix("{").partition("}")
    return next(prefix for prefix, known in NAMESPACES.items() if known == space) + ":" + name


def test_a_picture_takes_its_label_along(client, django_assert_num_queries):
    artwork = make_artwork(
        maker=make_maker(name="Zoë Ångström"),
        title="Sea & sky",
        licence="CC BY-SA 4.0",
        credit="Thanks to Bea",
        source="https://museum.example/7",
    )
    with django_assert_num_queries(2):
        response = client.get(address(artwork))
    assert marks(response) == {
        "dc:creator": "Zoë Ångström",
        "dc:title": "Sea & sky",
        "dc:rights": "CC BY-SA 4.0",
        "xmpRights:WebStatement": "https://creativecommons.org/licenses/by-sa/4.0/",
        "photoshop:Credit": "Thanks to Bea",
        "photoshop:Source": "https://museum.example/7",
    }
    assert 'filename="zoe-angstrom-sea-sky.webp"' in response["Content-Disposition"]


def test_what_the_label_leaves_empty_is_left_out(client):
    artwork = make_artwork(title="", licence="By permission of the maker")
    assert marks(client.get(address(artwork))) == {
        "dc:creator": artwork.maker.name,
        "dc:rights": "By permission of the maker",
    }


@pytest.mark.parametrize(
    ("source_class", "recipe", "told"),
    [
        ("sampler", {"generator": "gan"}, TRAINED),
        ("sampler", {"generator": "inceptionism", "inputs": STYLE}, TRAINED),
        ("sampler", {"generator": "inceptionism", "inputs": CONTENT}, WORKED_OVER),
        ("sampler", {"generator": "deep_style", "params": {"network": "random"}}, ALGORITHM),
        ("sampler", {"generator": "low_complexity", "program": "AA"}, ALGORITHM),
        ("filter", {"generator": "deep_style", "inputs": CONTENT + STYLE}, WORKED_OVER),
        ("noise", {"generator": "entropy"}, ALGORITHM),
        ("plain", {"generator": "entropy"}, ALGORITHM),
        ("control", {"generator": "entropy", "inputs": CONTENT}, ALGORITHM),
        ("hybrid", {"generator": "?"}, None),
    ],
)
def test_a_machines_work_says_what_made_it(client, source_class, recipe, told):
    picture = make_artwork("machine", source_class=source_class, recipe=recipe)
    text = make_artwork("machine", medium="text", source_class=source_class, recipe=recipe)
    found = marks(client.get(address(picture))).get("Iptc4xmpExt:DigitalSourceType")
    assert found == told
    assert (f"Digital source type: {told}\n" in client.get(address(text)).text) == bool(told)


def test_of_a_persons_work_nothing_is_claimed_that_nobody_knows(client):
    assert "Iptc4xmpExt:DigitalSourceType" not in marks(client.get(address(make_artwork())))
    assert "ource type" not in client.get(address(make_artwork(medium="text"))).text


def test_the_packet_is_wrapped_and_named_as_the_standard_says(client):
    response = client.get(address(make_artwork("machine", title="T")))
    packet = Image.open(BytesIO(response.content)).info["xmp"]
    assert packet.startswith('<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'.encode())
    assert packet.endswith(b'<?xpacket end="r"?>')
    for name in (b"<x:xmpmeta ", b"<rdf:RDF>", b"<dc:creator><rdf:Seq><rdf:li>"):
        assert name in packet
    assert b'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">T<' in packet


def test_the_picture_is_the_one_of_the_page_to_the_pixel(client):
    artwork = make_artwork()
    artwork.renditions.get(kind="blind").file.delete(save=False)
    marked, shown = (
        client.get(reverse(name, args=[artwork.code])).content
        for name in ("work-download", "work-picture")
    )
    assert webp_chunks(marked) == [b"VP8X", b"VP8 ", b"XMP "]
    assert Image.open(BytesIO(marked)).tobytes() == Image.open(BytesIO(shown)).tobytes()
    assert Image.open(BytesIO(marked)).size == Image.open(BytesIO(shown)).size


HOSTILE = [
    '"/><rdf:li>]]></x:xmpmeta><?xpacket end="w"?><script>alert(1)</script>',
    "&#0;&lt;&bogus; <!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "nul\0 bell\a escape\x1b nothing\ufffe\uffff",
    "\u202etxet\u202c 👩‍🎨 日本",
    "../../CON.\r\nSet-Cookie: a=b",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_no_label_breaks_out_of_the_packet_or_the_headers(client, words):
    """Also what no form would let in, save NUL, which PostgreSQL has no room for."""
    words = words.replace("\0", "\x01")
    artwork = make_artwork(
        maker=make_maker(name=words), title=words, licence=words, credit=words, source=words
    )
    response = client.get(address(artwork))
    readable = re.sub("[\x01\a\x1b\ufffe\uffff]", "", words)
    said = {"dc:creator", "dc:title", "dc:rights", "photoshop:Credit", "photoshop:Source"}
    found = marks(response)
    assert set(found) == said
    for name in said:
        assert found[name].splitlines() == readable.splitlines(), name
    assert re.fullmatch(
        r'attachment; filename="[\w-]{1,80}\.webp"', response["Content-Disposition"], re.ASCII
    )
    assert "Set-Cookie" not in response


def test_a_name_without_a_latin_letter_is_still_a_name(client):
    artwork = make_artwork(maker=make_maker(name="葛飾北斎"), title="神奈川沖浪裏")
    named = client.get(address(artwork))["Content-Disposition"]
    assert named == 'attachment; filename="work.webp"'


def test_a_text_takes_its_label_along(client):
    artwork = make_artwork(
        medium="text", text="Roses are red.\n", title="Roses", year="1590", licence="CC0 1.0"
    )
    response = client.get(address(artwork))
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"].endswith('-roses.txt"')
    assert response.text == (
        f"Roses are red.\n\nMaker: {artwork.maker}\nTitle: Roses\nYear: 1590\nLicence: CC0 1.0\n"
    )


@pytest.mark.parametrize("medium", ["image", "text"])
def test_it_is_to_be_saved_and_does_nothing_where_it_is_opened(client, medium):
    response = client.get(address(make_artwork(medium=medium)))
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["Cache-Control"] == "private, max-age=3600"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("revealed", [True, False])
def test_a_work_under_study_is_nobodys_to_take_before_the_reveal(client, revealed):
    study = make_study(2)
    rater = make_rater(study, revealed_at=now() if revealed else None)
    shown = rater.trials.get(position=1).study_work.artwork
    assert client.get(address(shown)).status_code == 404
    response = HttpResponse()
    remember(response, rater)
    client.cookies.update(response.cookies)
    assert client.get(address(shown)).status_code == (200 if revealed else 404)


def test_a_picture_that_is_gone_is_told_as_such(client):
    artwork = make_artwork()
    artwork.renditions.get(kind="display").file.delete(save=False)
    assert client.get(address(artwork)).status_code == 404
    artwork.renditions.all().delete()
    assert client.get(address(artwork)).status_code == 404


def test_the_page_of_a_work_offers_it(client):
    artwork = make_artwork()
    assert f'<a href="{address(artwork)}" download>' in client.get(artwork.get_absolute_url()).text


@pytest.mark.parametrize(
    ("licence", "stated"),
    [
        ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("Public Domain Mark 1.0", "https://creativecommons.org/publicdomain/mark/1.0/"),
        ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC BY-NC-SA 3.0", "https://creativecommons.org/licenses/by-nc-sa/3.0/"),
        ("CC BY 4.0; CC0 1.0", ""),
        ("CC BY 3.0 DE", ""),
        ("CC BY-SA", ""),
        ("Public domain", ""),
        ("By permission of the maker", ""),
    ],
)
def test_only_licences_that_are_known_get_an_address(licence, stated):
    assert licence_address(licence) == stated
