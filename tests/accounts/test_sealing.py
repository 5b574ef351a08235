"""A copy of the database alone opens no account."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from gallery.accounts.sealing import MARK, MFAAdapter, seal_all
from tests.factories import make_user, sign_in

pytestmark = pytest.mark.django_db
PASSWORD = {"login": "ada", "password": "correct horse"}
NEW = "n" * 60


@pytest.fixture(autouse=True)
def _no_code_was_used_before():
    cache.clear()


@pytest.fixture
def ada():
    """With an app and recovery codes."""
    user, browser = make_user("ada", admin=True), Client()
    sign_in(browser, user)
    browser.post("/account/recovery-codes/generate/")
    return user


def kept() -> list[str]:
    """What the database holds of secrets."""
    rows = Authenticator.objects.order_by("pk")
    return [row.data.get("secret") or row.data["seed"] for row in rows]


def signs_in(code: str) -> tuple[Client, str]:
    """The browser, and the page that the code led to; "" where it leads on."""
    browser = Client()
    browser.post("/login/", PASSWORD)
    return browser, browser.post("/account/authenticate/", {"code": code}).text


def is_let_in(code: str) -> bool:
    return signs_in(code)[0].get("/studio/").status_code == 200


def app_code(secret: str) -> str:
    return f"{hotp_value(secret, int(time.time()) // 30):06d}"


def test_what_is_stored_is_sealed_and_still_opens(ada):
    secret, codes = kept()
    assert secret.startswith(MARK)
    assert codes.startswith(MARK)
    opened = MFAAdapter().decrypt(secret)
    assert opened not in secret
    assert is_let_in(app_code(opened))
    unused = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert is_let_in(unused[0])


def test_the_same_secret_is_sealed_otherwise_each_time():
    sealed = [MFAAdapter().encrypt("JBSWY3DP") for _ in range(2)]
    assert sealed[0] != sealed[1]
    assert {MFAAdapter().decrypt(one) for one in sealed} == {"JBSWY3DP"}


def test_what_was_stored_in_the_clear_still_opens_and_can_be_sealed():
    user, secret = make_user("ada", admin=True, second_factor=False), generate_totp_secret()
    row = TOTP.activate(user, secret).instance
    row.data["secret"] = secret
    row.save()
    assert is_let_in(app_code(secret))
    assert seal_all() == (1, 0)
    assert kept()[0].startswith(MARK)
    assert MFAAdapter().decrypt(kept()[0]) == secret


def test_with_the_old_key_among_the_fallbacks_codes_are_good_and_are_sealed_anew(ada, settings):
    secret = MFAAdapter().decrypt(kept()[0])
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], NEW
    assert is_let_in(app_code(secret))
    call_command("seal_second_factors")
    settings.SECRET_KEY_FALLBACKS = []
    assert MFAAdapter().decrypt(kept()[0]) == secret


def test_without_the_old_key_nobody_is_let_in_and_is_told_what_to_do(ada, settings, caplog):
    secret, before = MFAAdapter().decrypt(kept()[0]), kept()
    settings.SECRET_KEY = NEW
    browser, said = signs_in(app_code(secret))
    assert "Ask another admin to forget your second factor" in said
    assert browser.get("/studio/").status_code == 302
    assert "another SECRET_KEY" in caplog.text
    with pytest.raises(CommandError, match="2 were sealed with a key"):
        call_command("seal_second_factors")
    assert kept() == before  # the key may be found again


def test_without_the_old_key_the_account_page_is_still_there(ada, settings):
    browser = Client()
    settings.SECRET_KEY = NEW
    sign_in(browser, ada)
    assert browser.get("/account/").status_code == 200
