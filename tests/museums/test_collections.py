"""What each museum documents is read as documented, and nothing else is let in."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from gallery.museums import artic, iiif, met
from gallery.museums.found import Found, line
from gallery.museums.refusals import NotFetched
from gallery.museums.rights import allowed
from gallery.works.forms import LabelForm


def found_by(search, query: str, page: int = 1) -> list[Found]:
    return list(search(query, page)[1])


# The Art Institute of Chicago


def test_the_art_institute_is_asked_for_works_in_the_public_domain(museum):
    museum.say("/artic/artworks/search", museum.document("artic_search.json"))
    total, _works = artic.search("cats & dogs", 2)
    assert total == 14
    assert museum.query(0) == {
        "q": "cats & dogs",
        "query[term][is_public_domain]": "true",
        "fields": artic.FIELDS,
        "page": "2",
        "limit": "12",
    }
    assert museum.asked[0][2]["AIC-User-Agent"] == "Unsigned/0.1"


def test_a_work_of_the_art_institute_comes_with_its_label(museum):
    museum.say("/artic/artworks/search", museum.document("artic_search.json"))
    seurat, workshop, hopper, lost = found_by(artic.search, "park")
    image = f"{museum.url}/iiif/2/2d484387-2509-5e8e-2c43-22f9981972eb/full"
    assert seurat == Found(
        museum="artic",
        id="27992",
        maker="Georges Seurat",
        title="A Sunday on La Grande Jatte — 1884",
        year="1884–86",
        licence="CC0 1.0",
        credit="The Art Institute of Chicago. Helen Birch Bartlett Memorial Collection",
        source="https://www.artic.edu/artworks/27992",
        thumbnail=f"{image}/400,/0/default.jpg",
        picture=f"{image}/1686,/0/default.jpg",
    )
    assert workshop.maker == "Workshop of Rembrandt van Rijn"
    assert workshop.credit == "The Art Institute of Chicago."
    assert workshop.picture.endswith("/full/600,/0/default.jpg")  # the original is 700 px wide
    assert hopper.refusal == "The museum does not count it to the public domain."
    assert lost.refusal == "The museum shows no picture of it."
    assert lost.label["maker"] == "Unknown"
    for work in (hopper, lost):
        assert (work.licence, work.thumbnail, work.picture) == ("", "", "")


def test_a_work_of_the_art_institute_is_read_again_by_its_number(museum):
    answer = museum.document("artic_search.json")
    answer["data"] = answer["data"][0]
    museum.say("/artic/artworks/27992", answer)
    assert artic.read("27992").title == "A Sunday on La Grande Jatte — 1884"
    answer["data"]["id"] = 5
    museum.say("/artic/artworks/27992", answer)
    with pytest.raises(NotFetched, match="The museum knows no such work"):
        artic.read("27992")


def test_a_work_of_unknown_width_is_taken_at_the_usual_one(museum):
    answer = museum.document("artic_search.json")
    answer["data"][0]["thumbnail"] = None
    museum.say("/artic/artworks/search", answer)
    assert "/full/843,/0/" in found_by(artic.search, "park")[0].picture


# The Met


def say_met(museum, **changes: object) -> None:
    museum.say("/met/v1.1/search", museum.document("met_search.json"))
    museum.say("/met/v1/objects/45734", museum.document("met_object.json") | changes)


def test_the_met_is_asked_for_a_page_of_works_with_pictures(museum):
    say_met(museum)
    total, works = met.search("quails & co", 3)
    assert total == 25
    assert museum.paths == ["/met/v1.1/search"]
    assert museum.query(0) == {
        "q": "quails & co",
        "hasImages": "true",
        "isPublicDomain": "true",
        "offset": "24",
        "limit": "12",
    }
    assert [work.id for work in works] == ["45734"]  # the two others were withdrawn
    assert museum.paths[1:] == [f"/met/v1/objects/{id}" for id in (45734, 436535, 1)]


def test_a_work_of_the_met_comes_with_its_label(museum):
    say_met(museum)
    assert met.read("45734") == Found(
        museum="met",
        id="45734",
        maker="Attributed to Kiyohara Yukinobu",
        title="Quail and Millet",
        year="late 17th century",
        licence="CC0 1.0",
        credit="The Metropolitan Museum of Art. "
        "The Howard Mansfield Collection, Purchase, Rogers Fund, 1936",
        source="https://www.metmuseum.org/art/collection/search/45734",
        thumbnail=f"{museum.url}/CRDImages/as/web-large/DP 251139.jpg",
        picture=f"{museum.url}/CRDImages/as/original/DP 251139.jpg",
    )


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"isPublicDomain": False}, "The museum does not count it to the public domain."),
        ({"isPublicDomain": None}, "The museum does not count it to the public domain."),
        ({"isPublicDomain": "true"}, "The museum does not count it to the public domain."),
        ({"isPublicDomain": 1}, "The museum does not count it to the public domain."),
        ({"primaryImage": ""}, "The museum shows no picture of it."),
        ({"primaryImage": None}, "The museum shows no picture of it."),
    ],
)
def test_only_a_plain_yes_makes_a_work_of_the_met_usable(museum, changes, refusal):
    say_met(museum, **changes)
    work = met.read("45734")
    assert (work.refusal, work.licence, work.picture, work.thumbnail) == (refusal, "", "", "")


def test_without_an_artist_the_met_names_a_culture(museum):
    say_met(museum, artistDisplayName="", primaryImageSmall="")
    work = met.read("45734")
    assert work.maker == "Japan"
    assert work.thumbnail == work.picture


def test_the_met_finds_nothing_as_null(museum):
    museum.say("/met/v1.1/search", {"total": 0, "objectIDs": None})
    assert met.search("zzz", 1)[0] == 0
    assert found_by(met.search, "zzz") == []


def test_where_no_work_of_the_met_can_be_read_the_reason_is_told(museum):
    museum.say("/met/v1.1/search", {"total": 2, "objectIDs": [1, 2]})
    with pytest.raises(NotFetched, match="has nothing there"):
        found_by(met.search, "cats")


@pytest.mark.parametrize("read", [artic.read, met.read])
@pytest.mark.parametrize("id", ["", "0x1", "-1", "1/../2", "1?a=b", "٣", "1" * 12, "a", "1\n", "²"])
def test_an_id_that_is_no_number_is_not_asked_for(museum, read, id):
    with pytest.raises(NotFetched, match="The museum knows no such work"):
        read(id)
    assert museum.asked == []


# IIIF


def test_a_manifest_of_version_3_is_read_canvas_by_canvas(museum):
    address = f"{museum.url}/manifest3.json"
    museum.say("/manifest3.json", museum.document("manifest3.json"))
    total, works = iiif.search(f" {address}#top ", 1)
    assert total == 4
    first, second, third, fourth = works
    assert first == Found(
        museum="iiif",
        id=f"{address}#0",
        maker="Anne Artist (1776–1824)",
        title="A notebook, p. 1",
        year="1810",
        licence="CC BY 4.0",
        credit="Provided by Example Institution",
        source="https://example.org/notebook",
        thumbnail=f"{museum.url}/images/1/full/400,/0/default.jpg",
        picture=f"{museum.url}/images/1/full/2048,/0/default.jpg",
    )
    assert second.refusal == (
        "Its rights do not allow it, or are not known here: "
        "http://rightsstatements.org/vocab/InC/1.0/"
    )
    assert (second.licence, second.thumbnail, second.picture) == ("", "", "")
    assert third.refusal == "It is not one picture, so it cannot be brought in."
    assert third.title == "A notebook"
    assert fourth.picture == f"{museum.url}/four.jpg"  # its service has no size that we ask for
    assert fourth.thumbnail == f"{museum.url}/four-small.jpg"
    assert iiif.read(f"{address}#3") == fourth


def test_a_manifest_of_version_2_is_read_as_well(museum):
    address = f"{museum.url}/manifest2.json"
    museum.say("/manifest2.json", museum.document("manifest2.json"))
    (work,) = found_by(iiif.search, address)
    assert work == Found(
        museum="iiif",
        id=f"{address}#0",
        maker="Ann; Bob",
        title="A painting",
        year="c. 1503–1506",
        licence="CC0 1.0",
        credit="Given by Example Museum",
        source="https://example.org/painting",
        thumbnail=f"{museum.url}/images/9/full/100,/0/default.jpg",
        picture=f"{museum.url}/images/9/full/512,/0/default.jpg",
    )


def changed_body(museum, change: dict[str, Any]) -> Found:
    said = museum.document("manifest3.json")
    said["items"][0]["items"][0]["items"][0]["body"] |= change
    museum.say("/manifest3.json", said)
    return found_by(iiif.search, f"{museum.url}/manifest3.json")[0]


@pytest.mark.parametrize(
    ("service", "address"),
    [
        ({"id": "S", "type": "ImageService3", "profile": "level2"}, "S/full/max/0/default.jpg"),
        (
            {"@id": "S/", "@type": "ImageService2", "profile": "http://iiif.io/api/image/2/level1"},
            "S/full/full/0/default.jpg",
        ),
        (
            {"@id": "S", "@context": "http://library.stanford.edu/iiif/image-api/1.1/context.json"},
            "S/full/full/0/native.jpg",
        ),
        ({"id": "S", "type": "AuthCookieService1"}, "P"),
        ({"id": 5, "type": "ImageService3"}, "P"),
    ],
)
def test_a_small_picture_is_asked_for_whole_as_its_service_understands_it(museum, service, address):
    work = changed_body(museum, {"id": "P", "width": 900, "height": 700, "service": service})
    assert work.picture == address


def test_a_canvas_of_several_pictures_is_not_taken_for_one_of_them(museum):
    said = museum.document("manifest3.json")
    said["items"][0]["items"] *= 2
    museum.say("/manifest3.json", said)
    work = found_by(iiif.search, f"{museum.url}/manifest3.json")[0]
    assert work.refusal == "It is not one picture, so it cannot be brought in."


def test_each_part_of_a_manifest_that_states_rights_must_allow_it(museum):
    no, yes = (
        "http://rightsstatements.org/vocab/InC/1.0/",
        "http://creativecommons.org/licenses/by/4.0/",
    )
    for body, canvas, whole in [(no, yes, yes), (yes, no, yes), (yes, yes, no), (yes, [yes], 5)]:
        said = museum.document("manifest3.json") | {"rights": whole}
        said["items"][0]["rights"] = canvas
        said["items"][0]["items"][0]["items"][0]["body"]["rights"] = body
        museum.say("/manifest3.json", said)
        assert found_by(iiif.search, f"{museum.url}/manifest3.json")[0].refusal


def test_a_page_that_no_browser_should_follow_is_not_linked(museum):
    address = f"{museum.url}/manifest3.json"
    for page in ("javascript:alert(1)", "//example.org", 5, f"https://example.org/{'a' * 500}"):
        said = museum.document("manifest3.json") | {"homepage": [{"id": page}]}
        museum.say("/manifest3.json", said)
        assert found_by(iiif.search, address)[0].source == address


@pytest.mark.parametrize(
    "said",
    [
        {},
        [],
        "words",
        {"type": "Collection", "items": [{"type": "Manifest", "id": "https://m.example/"}]},
        {"type": "Manifest", "items": []},
        {"type": "Manifest", "items": [{"type": "Range"}]},
        {"@type": "sc:Manifest", "sequences": [{"canvases": 5}]},
    ],
)
def test_what_is_no_manifest_with_pictures_is_told_so(museum, said):
    museum.say("/m", said)
    with pytest.raises(NotFetched, match="There is no IIIF manifest with pictures"):
        iiif.search(f"{museum.url}/m", 1)


def test_words_are_not_taken_for_an_address():
    with pytest.raises(NotFetched, match="Only public addresses that begin with https://"):
        iiif.search("cats", 1)


@pytest.mark.parametrize("number", ["", "4", "-1", "a", "٣", "999999"])
def test_a_canvas_that_is_not_there_is_not_found(museum, number):
    museum.say("/manifest3.json", museum.document("manifest3.json"))
    with pytest.raises(NotFetched, match="The manifest has no such picture"):
        iiif.read(f"{museum.url}/manifest3.json#{number}")


def test_a_long_manifest_is_shown_in_pages(museum):
    said = museum.document("manifest3.json")
    said["items"] = said["items"][:1] * 30
    museum.say("/manifest3.json", said)
    address = f"{museum.url}/manifest3.json"
    assert iiif.search(address, 1)[0] == 30
    pages = [[work.id for work in found_by(iiif.search, address, page)] for page in (1, 3, 4)]
    assert [len(page) for page in pages] == [12, 6, 0]
    assert pages[1][0] == f"{address}#24"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ({"en": ["one", "two"]}, "one; two"),
        ({"zh": ["画"], "en-GB": ["picture"]}, "picture"),
        ({"zh": ["画"], "none": ["No. 5"]}, "No. 5"),
        ({"zh": ["画"]}, "画"),
        ({"en": "no list"}, "no list"),
        ({}, ""),
        ([], ""),
        (None, ""),
        (5, ""),
        ([["deep"]], ""),
        ({"en": [5, None, "six"]}, "six"),
        ({"@value": "v"}, "v"),
        ([{"@value": "v", "@language": "fr"}, {"@value": "w", "@language": "en"}], "w"),
        ([{"@value": "v", "@language": ["en"]}, "w"], "v; w"),
    ],
)
def test_a_text_comes_in_english_or_else_in_what_there_is(value, text):
    assert iiif.words(value) == text


# Rights


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/deed.de", "CC0 1.0"),
        ("http://creativecommons.org/publicdomain/mark/1.0/", "Public Domain Mark 1.0"),
        ("http://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"),
        ("https://www.creativecommons.org/licenses/by-sa/3.0/us/", "CC BY-SA 3.0"),
        ("http://creativecommons.org/licenses/by-nc-sa/4.0", "CC BY-NC-SA 4.0"),
        ("http://rightsstatements.org/vocab/NoC-US/1.0/", "No copyright in the United States"),
        ("https://rightsstatements.org/page/NKC/1.0/?language=en", "No known copyright"),
        (
            "http://rightsstatements.org/vocab/NoC-NC/1.0/",
            "No copyright, non-commercial use only",
        ),
    ],
)
def test_rights_that_allow_changed_copies_are_named_plainly(statement, name):
    assert allowed([statement]) == (name, "")


@pytest.mark.parametrize(
    "statement",
    [
        "http://creativecommons.org/licenses/by-nd/4.0/",
        "http://creativecommons.org/licenses/by-nc-nd/4.0/",
        "http://creativecommons.org/licenses/",
        "http://creativecommons.org/publicdomain/certification/1.0/",
        "http://creativecommons.org.example/publicdomain/zero/1.0/",
        "http://example.org/?http://creativecommons.org/publicdomain/zero/1.0/",
        "http://rightsstatements.org/vocab/InC/1.0/",
        "http://rightsstatements.org/vocab/InC-EDU/1.0/",
        "http://rightsstatements.org/vocab/NoC-CR/1.0/",
        "http://rightsstatements.org/vocab/CNE/1.0/",
        "http://rightsstatements.org/vocab/UND/1.0/",
        "https://example.org/terms",
        "CC0",
        "?",
        "http://[",
    ],
)
def test_other_rights_are_refused_and_named(statement):
    licence, refusal = allowed([statement])
    assert licence == ""
    assert refusal.endswith(statement)


def test_silence_allows_nothing():
    assert allowed([]) == ("", "No licence is stated.")


# Hostile records


DEEP: Any = "end"
for _ in range(200):
    DEEP = [{"en": DEEP}]

HOSTILE: list[Any] = [
    None,
    True,
    -1,
    10**40,
    1.5e300,
    "",
    "a\0b\r\nc\u202e\ud800<script>alert(1)</script>&lt;img src=x&gt;",
    "é" * 20_000,
    "<" * 5_000,
    [],
    [None, 5, [], {}],
    {},
    {"@value": {"@value": 5}, "en": {"en": 5}, "id": 7, "type": []},
    DEEP,
]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to each part of a JSON document, the whole first."""
    yield path
    for key, part in (
        value.items()
        if isinstance(value, dict)
        else enumerate(value if isinstance(value, list) else [])
    ):
        yield from places(part, (*path, key))


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    changed = part = copy.deepcopy(document)
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("name", "path", "read"),
    [
        ("artic_search.json", "/artic/artworks/search", lambda _url: artic.search("a", 1)),
        ("met_search.json", "/met/v1.1/search", lambda _url: met.search("a", 1)),
        ("met_object.json", "/met/v1/objects/45734", lambda _url: (1, [met.read("45734")])),
        ("manifest3.json", "/m", lambda url: iiif.search(f"{url}/m", 1)),
        ("manifest2.json", "/m", lambda url: iiif.search(f"{url}/m", 1)),
    ],
)
def test_no_part_of_a_record_may_be_anything_that_breaks_the_reading(museum, name, path, read):
    """Each part, one after the other, replaced by things that nobody documented."""
    document = museum.document(name)
    labels = 0
    for place in places(document):
        for value in HOSTILE:
            said = json.dumps(replaced(document, place, value)).encode()
            museum.say(path, said)
            try:
                works = list(read(museum.url)[1])
            except NotFetched:
                continue
            for work in works:
                labels += 1
                form = LabelForm(work.label)
                assert form.is_valid(), (place, value, form.errors)
                assert "\0" not in "".join(work.label.values())
                assert work.refusal or work.licence
                assert isinstance(work.picture + work.thumbnail, str)
    assert labels or name == "met_search.json"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\0b\nc\u202ed", "ab cd"),
        ("<i>Sea</i> &amp; sky", "Sea & sky"),
        ("a < b", "a < b"),
        ("t" * 300, "t" * 300),
        ("t" * 301, "t" * 299 + "…"),
        (5, ""),
        (None, ""),
    ],
)
def test_a_line_of_a_label_is_plain_and_fits(value, text):
    assert line("title", value) == text
