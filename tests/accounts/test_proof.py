"""A session is an admin's only once a second factor was shown in it."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client
from django.utils.timezone import now

from gallery.accounts.sealing import MFAAdapter
from tests.access.test_matrix import table
from tests.access.world import make_world, requests
from tests.factories import make_user, sign_in

pytestmark = pytest.mark.django_db
PASSWORD = {"login": "ada", "password": "correct horse"}


@pytest.fixture(autouse=True)
def _no_code_was_used_before():
    cache.clear()


def digits() -> str:
    """What ada's authenticator app shows now."""
    row = Authenticator.objects.get(user__username="ada", type="totp")
    secret = MFAAdapter().decrypt(row.data["secret"])
    return f"{hotp_value(secret, int(time.time()) // 30):06d}"


@pytest.fixture
def ada():
    return make_user("ada", admin=True, second_factor=False)


@pytest.fixture
def early(ada) -> Client:
    """A session that began by the password alone, before ada had a second factor."""
    browser = Client()
    assert browser.post("/login/", PASSWORD)["Location"] == "/account/"
    return browser


@pytest.fixture
def enrolled(early, ada) -> Client:
    """The session in which ada then set up an app."""
    browser = Client()
    browser.post("/login/", PASSWORD)
    secret = browser.get("/account/totp/activate/").context["form"].secret
    code = f"{hotp_value(secret, int(time.time()) // 30):06d}"
    browser.post("/account/totp/activate/", {"code": code})
    return browser


def test_the_session_in_which_it_was_set_up_has_proved_it(enrolled):
    assert enrolled.get("/studio/").status_code == 200


def test_another_session_is_asked_for_it_and_then_is_an_admins(early, enrolled):
    asked = early.get("/studio/?page=2")
    assert asked["Location"] == "/account/confirm/?next=%2Fstudio%2F%3Fpage%3D2"
    page = early.get(asked["Location"], follow=True)
    assert "authenticator code" in page.text
    assert "This session began with the password alone" in page.text
    assert "Use your password" not in page.text
    cache.clear()  # the code that set it up is good once more, as the next one would be
    answer = {"code": digits(), "next": "/studio/?page=2"}
    assert early.post(page.redirect_chain[-1][0], answer)["Location"] == "/studio/?page=2"
    assert early.get("/studio/").status_code == 200


def test_a_wrong_code_or_the_password_proves_nothing(early, enrolled):
    early.post("/account/reauthenticate/", {"code": "000000"})
    early.post("/account/confirm/", {"password": "correct horse"})
    assert early.get("/studio/").status_code == 302


def test_what_a_form_had_sent_is_not_sent_again(early, enrolled):
    assert early.post("/people/")["Location"] == "/account/confirm/?next=%2F"


def test_the_account_page_says_why_the_studio_is_shut(early, enrolled):
    assert "Show it now, and the studio opens." in early.get("/account/").text
    assert "Show it now" not in enrolled.get("/account/").text
    assert "/studio/" not in early.get("/works/").text


@pytest.mark.parametrize(
    "path",
    [
        "/account/webauthn/add/",
        "/account/totp/deactivate/",
        "/account/recovery-codes/generate/",
        "/account/password/",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_password_never_grows_into_a_second_factor(early, enrolled, path, method):
    """Also right after the password was given once more, while that was enough."""
    before = list(Authenticator.objects.values().order_by("pk"))
    assert getattr(early, method)(path)["Location"].startswith("/account/confirm/?next=")
    assert list(Authenticator.objects.values().order_by("pk")) == before


@pytest.mark.parametrize("path", ["/account/recovery-codes/", "/account/recovery-codes/download/"])
def test_no_recovery_code_is_read_out_to_it(early, enrolled, path):
    assert early.get(path)["Location"].startswith("/account/confirm/?next=")


def test_a_factor_that_was_forgotten_proves_nothing_once_there_is_another(ada):
    """The device is lost, and the session in it too."""
    TOTP.activate(ada, generate_totp_secret())
    lost = Client()
    sign_in(lost, ada)
    assert lost.get("/studio/").status_code == 200
    Authenticator.objects.all().delete()
    TOTP.activate(ada, generate_totp_secret())
    assert lost.get("/studio/")["Location"].startswith("/account/confirm/")


def test_a_second_app_or_key_leaves_sessions_as_they_are(ada):
    TOTP.activate(ada, generate_totp_secret())
    browser = Client()
    sign_in(browser, ada)
    Authenticator.objects.create(user=ada, type="webauthn", data={}, created_at=now())
    assert browser.get("/studio/").status_code == 200
    Authenticator.objects.filter(type="totp").update(created_at=now() + timedelta(hours=1))
    Authenticator.objects.filter(type="webauthn").update(created_at=now() + timedelta(hours=2))
    assert browser.get("/studio/").status_code == 302


def test_who_may_hang_by_password_alone_still_may(client):
    both = make_user("ada", admin=True, curator=True)
    client.force_login(both)
    assert client.get("/hanging/").status_code == 200
    assert client.get("/studio/").status_code == 302


def test_no_address_takes_a_session_for_an_admins_that_has_not_proved_it():
    """Each that asks those without a second factor for one asks this session to show it."""
    world, known = make_world(), table()
    admin, asked = Client(), 0
    admin.force_login(make_user("ada", admin=True))
    for route, method, state, path in requests(world):
        if known.get((route, method, state), {}).get("unproven") == "second factor":
            response = admin.generic(method, path)
            if not route.startswith(("join/", "account/", "login")):
                asked += 1
                assert response.headers.get("Location", "").startswith("/account/confirm/"), path
    assert asked > 80
