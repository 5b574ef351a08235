"""What is read of IIIF manifests, versions 2 and 3, and of the rights that they state."""

from __future__ import annotations

from typing import Any

import pytest

from gallery.museums import iiif
from gallery.museums.found import Found
from gallery.museums.refusals import NotFetched
from gallery.museums.rights import allowed


def found_by(search, query: str, page: int = 1) -> list[Found]:
    return list(search(query, page)[1])


# The Art Institute of Chicago


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
