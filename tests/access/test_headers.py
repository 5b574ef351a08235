"""What every answer of the site tells browsers to refuse, and which cookies it may set."""

import runpy
from collections.abc import Iterator
from http.cookies import Morsel

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse

from gallery.studies.models import Rater
from tests.access.world import World, make_world, requests
from tests.conftest import ROOT
from tests.factories import make_rater
from tests.studies.visitors import sit_down

pytestmark = pytest.mark.django_db

ROLES = ("visitor", "admin")


def with_tls(monkeypatch) -> dict[str, object]:
    """What TLS=1 changes in the settings."""
    monkeypatch.setenv("SECRET_KEY", "k" * 60)
    found = {}
    for tls in ("0", "1"):
        monkeypatch.setenv("TLS", tls)
        found[tls] = runpy.run_path(str(ROOT / "gallery" / "settings.py"))
    changed = {name for name in found["1"] if name.isupper()}
    return {name: found["1"][name] for name in changed if found["1"][name] != found["0"][name]}


@pytest.fixture(autouse=True)
def many_visits() -> Iterator[None]:
    """They are counted against nobody's limit who comes after them."""
    yield
    cache.clear()


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def tls_world(settings, monkeypatch) -> World:
    """As if a proxy in front spoke TLS. Those who live in it came before it redirected."""
    for name, value in with_tls(monkeypatch).items():
        setattr(settings, name, value)
    settings.SECURE_SSL_REDIRECT = False
    world = make_world()
    settings.SECURE_SSL_REDIRECT = True
    return world


def answers(world: World, *, secure: bool = False):
    """Each role's answer from every address by each method, with the place that gave it."""
    for route, method, state, path in requests(world):
        for role in ROLES:
            with transaction.atomic():
                response = world.client(role).generic(method, path, secure=secure)
                transaction.set_rollback(True)
            yield f"{method} {route} ({state}) by {role}: {response.status_code}", response


def lacks(response: HttpResponse) -> list[str]:
    """What an answer should tell a browser to refuse and does not."""
    policy = response.headers.get("Content-Security-Policy", "")
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split(";") if rule.strip()}
    framed = response.headers.get("X-Frame-Options") == "DENY"
    wanted = {
        "no policy": bool(rules),
        "unsafe policy": "unsafe" not in policy and "*" not in policy and "data:" not in policy,
        "default-src": rules.get("default-src") in (["'self'"], ["'none'"]),
        "sniffed": response.headers.get("X-Content-Type-Options") == "nosniff",
        "framed": framed or rules.get("frame-ancestors") == ["'none'"],
        "referrer": response.headers.get("Referrer-Policy") == "same-origin",
        "opener": response.headers.get("Cross-Origin-Opener-Policy") == "same-origin",
    }
    if "sandbox" not in rules:
        for name in ("object-src", "base-uri", "frame-ancestors"):
            wanted[name] = rules.get(name) == ["'none'"]
        wanted["form-action"] = rules.get("form-action") == ["'self'"]
    return [name for name, there in wanted.items() if not there]


def test_every_answer_tells_browsers_what_to_refuse(world):
    found = {place: lacks(response) for place, response in answers(world)}
    assert len(found) > 200
    assert {place: lack for place, lack in found.items() if lack} == {}


def test_an_answer_that_lacks_all_of_it_is_noticed():
    assert len(lacks(HttpResponse())) > 6
    unsafe = HttpResponse(headers={"Content-Security-Policy": "script-src 'unsafe-inline'"})
    assert "unsafe policy" in lacks(unsafe)


def wrong_with(cookie: Morsel) -> list[str]:  # type: ignore[type-arg]  # generic in the stubs only
    gone = cookie["max-age"] == 0
    wanted = {
        "Secure": cookie["secure"],
        "SameSite": cookie["samesite"] in {"Lax", "Strict"},
        "HttpOnly": cookie["httponly"] or gone or cookie.key == "__Host-csrftoken",
        "prefix": cookie.key.startswith("__Host-"),
        "path": cookie["path"] == "/" and not cookie["domain"],  # or a browser refuses the prefix
    }
    return [name for name, there in wanted.items() if not there]


def test_under_tls_every_answer_insists_on_it_and_every_cookie_is_this_hosts_alone(tls_world):
    lacking: dict[str, list[str]] = {}
    kinds: set[str] = set()

    def judge(place: str, response: HttpResponse) -> None:
        told = response.headers.get("Strict-Transport-Security", "")
        wrong = lacks(response)
        if told != "max-age=31536000; includeSubDomains; preload":
            wrong.append("HSTS")
        for cookie in response.cookies.values():
            kinds.add(cookie.key.removeprefix("__Host-").partition("-")[0])
            wrong += [f"{cookie.key} {fault}" for fault in wrong_with(cookie)]
        if wrong:
            lacking[place] = wrong

    for place, response in answers(tls_world, secure=True):
        judge(place, response)
    for place, response in those_that_set_cookies(tls_world):
        judge(place, response)
    assert lacking == {}
    assert kinds == {"sessionid", "csrftoken", "django_language", "messages", "rater", "seen"}


def those_that_set_cookies(world: World):
    """What an empty form does not bring about."""

    def post(role: str, path: str, **fields: str):
        return path, world.client(role).post(path, fields, secure=True)

    slug = world.studies["open"].slug
    yield post("visitor", "/login/", login="curator", password="correct horse")
    yield post("visitor", "/i18n/setlang/", language="zh-hans")
    yield post("visitor", f"/studies/{slug}/begin/")
    yield post("admin", f"/hanging/{world.works['candidate'].code}/hang/", licence="CC0 1.0")
    finished = Rater.objects.get(revealed_at__isnull=False)
    yield post("revealed", "/answers/erase/", code=finished.code, confirmed="yes")


def test_under_tls_a_plain_request_is_sent_to_tls_and_learns_nothing(tls_world):
    response = tls_world.client("admin").get("/people/")
    assert response.status_code == 301
    assert response["Location"] == "https://testserver/people/"
    assert not response.cookies


@pytest.mark.parametrize("planted", ["rater-", "seen-"])
def test_under_tls_no_other_host_can_plant_who_a_visitor_is(tls_world, settings, planted):
    """A cookie of the old name, signed as this site did before, as a neighbour could set it."""
    study = tls_world.studies["open"]
    client = tls_world.client("visitor")
    rater = make_rater(study)
    response = HttpResponse()
    value = rater.code if planted == "rater-" else "labels"
    response.set_signed_cookie(planted + study.slug, value, salt="gallery.studies.identity")
    client.cookies.update(response.cookies)
    assert client.get(f"/studies/{study.slug}/sitting/", secure=True).status_code != 200
    begun = client.post(f"/studies/{study.slug}/begin/", secure=True)
    assert begun["Location"].endswith("/sitting/")
    assert f"__Host-rater-{study.slug}" in begun.cookies


def test_without_tls_raters_keep_the_cookies_that_they_have(world):
    """Their names are the ones from before there was a prefix."""
    study = world.studies["open"]
    client, _rater = sit_down(study)
    assert f"rater-{study.slug}" in client.cookies
    assert client.get(f"/studies/{study.slug}/sitting/").status_code == 200
