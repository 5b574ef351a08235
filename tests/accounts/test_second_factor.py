"""An admin is who proves it twice."""

import time
from datetime import timedelta

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import hotp_value
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.utils.timezone import now

from gallery.accounts.sealing import MFAAdapter
from gallery.roles import administers
from tests.factories import make_user, sign_in

pytestmark = pytest.mark.django_db
PASSWORD = {"login": "ada", "password": "correct horse"}


@pytest.fixture(autouse=True)
def _no_code_was_used_before():
    cache.clear()


def digits(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238)."""
    return f"{hotp_value(secret, int(time.time()) // 30):06d}"


def secret_of(user) -> str:
    sealed = Authenticator.objects.get(user=user, type="totp").data["secret"]
    return MFAAdapter().decrypt(sealed)


def test_a_password_alone_opens_no_admin_page_until_an_app_is_set_up():
    user, browser = make_user("ada", admin=True, second_factor=False), Client()
    assert browser.post("/login/", PASSWORD)["Location"] == "/account/"
    assert browser.get("/studio/")["Location"] == "/account/"
    page = browser.get("/account/totp/activate/")
    assert "<svg" in page.text
    browser.post("/account/totp/activate/", {"code": digits(page.context["form"].secret)})
    assert administers(user)
    assert browser.get("/studio/").status_code == 200


def test_an_admin_is_asked_for_six_digits_after_the_password():
    user, browser = make_user("ada", admin=True), Client()
    assert browser.post("/login/", PASSWORD)["Location"] == "/account/authenticate/"
    assert browser.get("/studio/")["Location"].startswith("/login/")
    wrong = browser.post("/account/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    browser.post("/account/authenticate/", {"code": digits(secret_of(user))})
    assert browser.get("/studio/").status_code == 200


def test_six_digits_are_good_once():
    user = make_user("ada", admin=True)
    code = digits(secret_of(user))
    for browser, status in ((Client(), 200), (Client(), 302)):
        browser.post("/login/", PASSWORD)
        browser.post("/account/authenticate/", {"code": code})
        assert browser.get("/studio/").status_code == status


def test_a_recovery_code_works_once():
    user, browser = make_user("ada", admin=True), Client()
    sign_in(browser, user)
    browser.post("/account/confirm/", {"password": "correct horse"})
    browser.post("/account/recovery-codes/generate/")
    authenticator = Authenticator.objects.get(user=user, type="recovery_codes")
    code = authenticator.wrap().get_unused_codes()[0]
    for status in (200, 302):
        other = Client()
        other.post("/login/", PASSWORD)
        other.post("/account/authenticate/", {"code": code})
        assert other.get("/studio/").status_code == status


def test_recovery_codes_alone_make_no_admin():
    user = make_user("ada", admin=True, second_factor=False)
    Authenticator.objects.create(user=user, type="recovery_codes", data={})
    assert not administers(user)


def test_taking_the_second_factor_away_asks_who_is_there_first():
    user, browser = make_user("ada", admin=True), Client()
    an_hour = timedelta(hours=1)
    User.objects.update(date_joined=now() - an_hour)
    Authenticator.objects.update(created_at=now() - 2 * an_hour)
    sign_in(browser, user)
    session = browser.session
    session[AUTHENTICATION_METHODS_SESSION_KEY][0]["at"] -= an_hour.total_seconds()
    session.save()
    asked = browser.post("/account/totp/deactivate/")
    assert asked["Location"].startswith("/account/confirm/")
    assert administers(user)


def test_guessing_passwords_is_stopped(settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    make_user("ada")
    browser = Client()
    for _attempt in range(5):
        browser.post("/login/", PASSWORD | {"password": "wrong"})
    refused = browser.post("/login/", PASSWORD)
    assert refused.status_code == 200
    assert "Too many failed login attempts" in refused.text


def test_a_closed_account_gets_no_further_than_saying_so():
    user, browser = make_user("ada"), Client()
    user.is_active = False
    user.save()
    assert browser.post("/login/", PASSWORD)["Location"] == "/closed/"
    assert browser.get("/account/").status_code == 302
