"""What each museum documents is read as documented, and nothing else is let in."""

from __future__ import annotations

import pytest

from gallery.museums import artic, met
from gallery.museums.found import Found
from gallery.museums.refusals import NotFetched


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
