"""Before the reveal no bit that a visitor can observe, save the work, depends on who made it."""

from __future__ import annotations

import ast
import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.db import connection
from django.test import Client

from gallery.asgi import application
from gallery.studies.models import Rater, Study, Trial
from gallery.works.models import Origin
from tests.factories import make_artwork, make_run, make_study, make_user, sign_in
from tests.studies.crawler import addresses
from tests.studies.visitors import HTMX, finish, guess_all, rate_all, shown, sit_down, without_names

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [
    path
    for path in sorted((ROOT / "gallery/studies").rglob("*.py"))
    if path.name != "reveal.py" and "migrations" not in path.parts
]
BEFORE_THE_REVEAL = [
    path
    for path in sorted((ROOT / "templates/studies").glob("*.html"))
    if path.name != "reveal.html"
]
UNALIKE = {"Content-Length", "Expires"}  # of the page's own words, of the clock
TELLING = {"origin", "maker", "recipe", "runs", "run", "output", "by_machine", "by_people"}


def names_in(tree: ast.AST) -> set[str]:
    """Every identifier, and every string that could be a field's name or a lookup path."""
    found: set[str] = set()
    for node in ast.walk(tree):
        for text in (
            getattr(node, "id", None),
            getattr(node, "attr", None),
            getattr(node, "arg", None),
            getattr(node, "module", None),
            getattr(node, "name", None),
            getattr(node, "value", None) if isinstance(node, ast.Constant) else None,
        ):
            if isinstance(text, str) and re.fullmatch(r"[\w.]+", text):
                found.update(re.split(r"__|\.", text))
    return found


@pytest.mark.any_database
@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_studies_never_read_who_made_a_work_outside_the_reveal(path):
    assert not names_in(ast.parse(path.read_text())) & TELLING


def test_the_reveal_does_read_it_so_the_test_above_can_fail():
    reveal = ROOT / "gallery/studies/reveal.py"
    assert names_in(ast.parse(reveal.read_text())) >= {"maker", "recipe", "by_machine"}


@pytest.mark.parametrize("path", BEFORE_THE_REVEAL, ids=lambda path: path.name)
def test_no_page_before_the_reveal_names_who_made_a_work(path):
    tags = " ".join(re.findall(r"\{[{%].*?[%}]\}", path.read_text(), re.DOTALL))
    code = re.sub(r'"[^"]*"', "", tags)  # words for visitors are quoted
    assert not set(re.findall(r"\w+", code)) & TELLING


@pytest.fixture(params=["image", "text"])
def study(request, db) -> Study:
    return make_study(3, medium=request.param)


def mirrored_sittings(study: Study) -> list[tuple[Client, Rater]]:
    """Two visitors: where one sees a work of one arm, the other sees one of the other arm."""
    one, other = sit_down(study), sit_down(study)
    Rater.objects.update(first_item="surprise")  # asked first by lot, whoever made the work
    works = {arm: list(study.works.filter(arm=arm)) for arm in "ab"}
    other[1].trials.all().delete()
    for trial in one[1].trials.all():
        work = works["b" if trial.study_work.arm == "a" else "a"].pop()
        Trial.objects.create(rater=other[1], study_work=work, position=trial.position)
    return [one, other]


def compare(pages: Mapping[int, Sequence[tuple[str, object]]]) -> None:
    """At each place of the sitting, works of both origins came, and nothing tells which."""
    assert pages
    for place in pages.values():
        assert {origin for origin, _ in place} == set(Origin.values)
        assert len({seen for _, seen in place}) == 1


def seen_of(page: str) -> str:
    trial = shown(page)
    return without_names(page).replace(trial.study_work.artwork.text.strip() or "-", "WORK")


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "fragment"])
def test_pages_of_both_origins_are_the_same_bytes(study, htmx):
    pages = defaultdict(list)
    for client, rater in mirrored_sittings(study):
        for place in range(2 * rater.trials.count()):
            headers = HTMX if htmx else {}
            response = client.get(f"/studies/{study.slug}/sitting/", headers=headers)
            page = response.content.decode()
            trial = shown(page)
            heads = [pair for pair in response.headers.items() if pair[0] not in UNALIKE]
            origin = trial.study_work.artwork.origin
            pages[place].append((origin, (seen_of(page), str(heads))))
            client.post(f"/trials/{trial.code}/answer/", {"coherence": 2, "surprise": 5})
            if place >= rater.trials.count():
                client.post(f"/trials/{trial.code}/guess/", {"guess": 2})
    assert len(pages) == 12  # six to rate, six to guess at
    compare(pages)


def test_answers_to_posts_are_the_same_bytes(study):
    pages = defaultdict(list)
    for client, rater in mirrored_sittings(study):
        for trial in rater.trials.all()[:3]:
            half = client.post(f"/trials/{trial.code}/answer/", {"coherence": 2})
            seen = seen_of(half.content.decode())
            pages[trial.position].append((trial.study_work.artwork.origin, seen))
            client.post(f"/trials/{trial.code}/answer/", {"coherence": 2, "surprise": 5})
    compare(pages)


@pytest.mark.django_db
def test_pictures_of_both_origins_come_with_the_same_headers():
    study = make_study(3)
    client, rater = sit_down(study)
    heads = set()
    for trial in rater.trials.all():
        response = client.get(f"/trials/{trial.code}/picture/")
        heads.add(str(list(response.headers.items())))  # in their order
        assert response.headers["Content-Type"] == "image/webp"
        assert response.headers["Cache-Control"] == "private, max-age=600"
        assert response.headers["Content-Disposition"] == 'inline; filename="work.webp"'
        assert not {"ETag", "Last-Modified"} & set(response.headers)
    assert len(heads) == 1  # the renditions of this test are one and the same picture


@pytest.mark.django_db
def test_a_work_has_another_address_for_each_rater():
    study = make_study(1)
    codes = set()
    for _ in range(3):
        _, rater = sit_down(study)
        codes |= {str(trial.code) for trial in rater.trials.all()}
    assert len(codes) == 6
    assert all(code[14] == "4" for code in codes)  # random UUIDs: they carry no time and no order


def telling_study(works: int = 4) -> tuple[Study, list[str]]:
    """A study whose works have names found nowhere else, and those names."""
    study = make_study(works)
    secrets = []
    for work in study.works.select_related("artwork__maker"):
        artwork = work.artwork
        if artwork.recipe:
            artwork.recipe = {"generator": f"zebra{artwork.pk}loom", "seed": 4242424242}
            artwork.save()
            secrets += [artwork.recipe["generator"], "4242424242"]
        artwork.maker.name = f"Maker Quagga {artwork.pk}"
        artwork.maker.save()
        secrets += [artwork.title, artwork.maker.name, str(artwork.code), artwork.sha256]
        secrets += [str(artwork.maker.code), *(r.file.name for r in artwork.renditions.all())]
    return study, secrets


def everywhere(study: Study) -> list[str]:
    codes = [str(work.artwork.code) for work in study.works.all()]
    codes += [str(work.artwork.maker.code) for work in study.works.all()]
    codes += [str(trial.code) for rater in study.raters.all() for trial in rater.trials.all()]
    codes += [str(make_run().code), str(make_artwork().code)]
    names = ["entropy", "letters", "1", "works", "artwork"]
    known = {"slug": [study.slug], "uuid": codes, "str": names, "path": names, "int": ["1"]}
    return list(addresses(known))


@pytest.mark.any_database
@pytest.mark.django_db
def test_a_rater_who_tries_every_address_learns_nothing_before_the_reveal():
    study, secrets = telling_study(2)
    client, rater = sit_down(study)
    sit_down(study)
    for trial in rater.trials.all()[:3]:
        client.post(f"/trials/{trial.code}/answer/", {"coherence": 2, "surprise": 5})
    tried = everywhere(study)
    assert len(tried) > 100
    for visitor in (client, Client()):
        for url in tried:
            for headers in ({}, HTMX):
                response = visitor.get(url, headers=headers)
                assert response.status_code < 500, url
                body = b"".join(response).decode(errors="replace")
                seen = (body + str(response.headers)).replace(url, "")
                assert not [secret for secret in secrets if secret in seen], url
    finish(client, rater)
    after = client.get(f"/studies/{study.slug}/reveal/").content.decode()
    assert sum(secret in after for secret in secrets) > 8  # the secrets can be found at all


@pytest.mark.django_db
def test_a_work_under_study_is_signed_for_those_only_who_had_its_reveal():
    study = make_study(2)
    client, rater = sit_down(study)
    blind, blind_rater = sit_down(study)
    rate_all(blind, blind_rater)
    work = study.works.all()[0].artwork
    url = f"/works/{work.code}/"
    assert [c.get(url).status_code for c in (client, blind, Client())] == [404, 404, 404]
    finish(client, rater)
    assert [c.get(url).status_code for c in (client, blind, Client())] == [200, 404, 404]
    assert work.title in client.get("/works/").content.decode()
    assert work.title not in blind.get("/works/").content.decode()
    guess_all(blind, blind_rater)
    assert blind.get(url).status_code == 200


def skip_all(client: Client, rater: Rater) -> None:
    for trial in rater.trials.unanswered():
        client.post(f"/trials/{trial.code}/skip/", {"reason": "unwell"})


@pytest.mark.django_db
def test_passing_works_over_signs_none_of_them():
    study, _ = telling_study()
    client, rater = sit_down(study)
    kept = rater.trials.earliest("position")
    client.post(f"/trials/{kept.code}/answer/", {"coherence": 2, "surprise": 5})
    skip_all(client, rater)
    guess_all(client, rater)
    page = client.get(f"/studies/{study.slug}/reveal/").content.decode()
    wall = client.get("/works/").content.decode()
    for work in study.works.select_related("artwork__maker"):
        rated = work == kept.study_work
        assert (work.artwork.title in wall) is rated
        assert (work.artwork.title in page) is rated
        assert (work.artwork.maker.name in page) is rated
        assert (str(work.artwork.code) in page) is rated
        assert client.get(f"/works/{work.artwork.code}/").status_code == (200 if rated else 404)
    study.close()
    after = client.get(f"/studies/{study.slug}/reveal/").content.decode()
    assert all(work.artwork.title in after for work in study.works.all())


@pytest.mark.django_db
def test_a_label_stays_hidden_while_another_sitting_of_the_visitor_shows_the_work():
    """A code from elsewhere must not sign what this browser is still to rate."""
    old = make_study(2)
    elsewhere, revealed = sit_down(old)
    finish(elsewhere, revealed)
    old.close()
    study = make_study(1)
    shared = revealed.trials.earliest("position").study_work
    study.works.filter(arm=shared.arm).update(artwork=shared.artwork)
    client, rater = sit_down(study)
    client.post("/answers/", {"code": revealed.code})
    work, reveal = f"/works/{shared.artwork.code}/", f"/studies/{old.slug}/reveal/"
    for _ in range(2):  # unrated, then rated and still to be guessed at
        page = client.get(reveal).content.decode()
        assert shared.artwork.title not in page
        assert "You have yet to rate this one" in page
        assert client.get(work).status_code == 404
        rate_all(client, rater)
    guess_all(client, rater)
    assert shared.artwork.title in client.get(reveal).content.decode()
    assert client.get(work).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_no_socket_speaks_to_a_rater():
    client, _ = sit_down(make_study(1))
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    headers = [(b"origin", b"http://localhost"), (b"cookie", cookies.encode())]

    @async_to_sync
    async def heard(path: str) -> list[str]:
        scope = {"type": "websocket", "path": path, "headers": headers, "query_string": b""}
        socket = ApplicationCommunicator(application, scope)
        await socket.send_input({"type": "websocket.connect"})
        events: list[str] = []
        while "websocket.close" not in events:
            events.append((await socket.receive_output(5))["type"])
        return events

    assert "websocket.send" not in heard(f"/ws/runs/{make_run().code}/")


def fingerprint() -> dict[str, str]:
    """Every row of every table, as one digest a table. Not of sessions: the page on which a second
    factor is set up keeps its secret there until the next step."""
    found = {}
    with connection.cursor() as cursor:
        for table in {*connection.introspection.table_names(cursor)} - {"django_session"}:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = sorted(map(repr, cursor.fetchall()))
            found[table] = hashlib.sha256("".join(rows).encode()).hexdigest()
    return found


@pytest.mark.any_database
@pytest.mark.django_db
@pytest.mark.parametrize("who", ["stranger", "rater", "admin"])
def test_looking_never_writes(who):
    """Preloading browsers and link checkers look at everything."""
    study = make_study(1)
    client, _ = sit_down(study) if who == "rater" else (Client(), None)
    sit_down(study)
    if who == "admin":
        sign_in(client, make_user(admin=True))
    tried = everywhere(study)
    before = fingerprint()
    for url in tried:
        client.get(url)
        client.head(url)
    assert fingerprint() == before


@pytest.mark.django_db
def test_the_end_of_a_simulated_study_signs_nothing_that_a_real_one_holds():
    """Anybody may sit a simulated study, if only by its address."""
    play, real = make_study(2, simulated=True), make_study(2)
    for one, other in zip(play.works.all(), real.works.all(), strict=True):
        play.works.filter(pk=one.pk).update(artwork=other.artwork)
    client, rater = sit_down(play)
    finish(client, rater)
    page = client.get(f"/studies/{play.slug}/reveal/").content.decode()
    for work in real.works.select_related("artwork"):
        assert work.artwork.title not in page
        assert client.get(f"/works/{work.artwork.code}/").status_code == 404
