"""Accounts are made by links, and each link makes one."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.timezone import now

from gallery.accounts.models import Invitation
from gallery.accounts.services import TakenAlready, accept, invite
from gallery.roles import administers, curates, lacks_second_factor
from tests.factories import make_user, sign_in

pytestmark = pytest.mark.django_db
CHOSEN = {
    "username": "grace",
    "password1": "a nanosecond of wire",
    "password2": "a nanosecond of wire",
}


@pytest.fixture
def admin(client):
    user = make_user("ada", admin=True)
    sign_in(client, user)
    return user


def link(client: Client, role: str = "curator") -> str:
    """The path of the link that an admin gets for somebody."""
    assert client.post("/people/", {"name": "Grace", "role": role}).status_code == 302
    address = client.get("/people/").context["link"]["address"]
    assert address.startswith("http://testserver/join/")
    return str(address).removeprefix("http://testserver")


def join(path: str, **chosen: str) -> Client:
    browser = Client()
    assert browser.get(path)["Location"] == "/join/"
    assert browser.get("/join/").status_code == 200
    browser.post("/join/", CHOSEN | chosen)
    return browser


def test_a_link_makes_a_curator(client, admin):
    browser = join(link(client))
    assert browser.get("/hanging/").status_code == 200
    grace = User.objects.get(username="grace")
    assert curates(grace)
    assert not grace.is_staff


def test_a_link_for_an_admin_opens_nothing_before_the_second_factor(client, admin):
    browser = join(link(client, "admin"))
    grace = User.objects.get(username="grace")
    assert lacks_second_factor(grace)
    assert not administers(grace)
    assert browser.get("/studio/")["Location"] == "/account/"
    assert "Admins sign in with more than a password" in browser.get("/account/").text


def test_a_link_works_once(client, admin):
    path = link(client)
    join(path)
    late = Client()
    assert late.get(path).status_code == 410
    assert "works once and for seven days" in late.get(path).text


def test_of_two_who_followed_one_link_one_gets_in(client, admin):
    path = link(client)
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.get(path)
    for n, browser in enumerate(browsers):
        browser.post("/join/", CHOSEN | {"username": f"grace{n}"})
    assert list(User.objects.exclude(pk=admin.pk).values_list("username", flat=True)) == ["grace0"]
    assert browsers[1].get("/hanging/").status_code == 302


def test_a_link_runs_out(client, admin):
    path = link(client)
    Invitation.objects.update(expires=now() - timedelta(seconds=1))
    assert Client().get(path).status_code == 410


def test_a_withdrawn_link_opens_nothing(client, admin):
    path = link(client)
    invitation = Invitation.objects.get()
    client.post(f"/people/invitations/{invitation.pk}/withdraw/")
    assert Client().get(path).status_code == 410


def test_nobody_joins_without_a_link():
    browser = Client()
    assert "made by invitation" in browser.get("/join/").text
    browser.post("/join/", CHOSEN)
    assert not User.objects.exists()


def test_a_weak_password_is_refused_and_the_link_stays_good(client, admin):
    path = link(client)
    browser = join(path, password1="password", password2="password")
    assert User.objects.count() == 1
    browser.post("/join/", CHOSEN)
    assert User.objects.filter(username="grace").exists()


def test_the_link_is_shown_once_and_only_its_hash_is_kept(client, admin):
    path = link(client)
    assert client.get("/people/").context["link"] is None
    assert Invitation.objects.get().digest not in path
    assert path.split("/")[2] not in Invitation.objects.get().digest


def test_an_invitation_says_for_whom(client, admin):
    response = client.post("/people/", {"name": " ", "role": "curator"})
    assert response.status_code == 422
    assert not Invitation.objects.exists()


def test_accepting_twice_saves_nobody(admin):
    invitation, _path = invite("curator", "Grace", by=admin)
    accept(invitation, User(username="grace"))
    with pytest.raises(TakenAlready):
        accept(invitation, User(username="hopper"))
    assert not User.objects.filter(username="hopper").exists()


@pytest.mark.parametrize(
    "change", [{"role": "owner"}, {"name": ""}, {"accepted_at": now() + timedelta(days=30)}]
)
def test_the_database_refuses_an_invitation_that_makes_no_sense(admin, change):
    invitation, _path = invite("curator", "Grace", by=admin)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk).update(**change)
