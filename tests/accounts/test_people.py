"""What admins may do to other people's accounts, and to their own."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from gallery.roles import administers, curates, has_second_factor
from tests.factories import make_user, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client):
    user = make_user("ada", admin=True)
    sign_in(client, user)
    return user


@pytest.fixture
def grace(ada):
    return make_user("grace")


def again(user: User) -> User:
    """As the database has them now."""
    return User.objects.get(pk=user.pk)


def test_roles_are_given_and_taken(client, grace):
    for standing, curator, staff in (
        ("curator", True, False),
        ("admin", False, True),
        ("", False, False),
    ):
        client.post("/people/grace/standing/", {"standing": standing})
        assert (curates(again(grace)), again(grace).is_staff) == (curator, staff)


def test_a_closed_account_ends_its_sessions_and_can_be_opened_again(client, grace):
    browser = Client()
    sign_in(browser, grace)
    client.post("/people/grace/standing/", {"standing": "closed"})
    assert browser.get("/account/").status_code == 302
    client.post("/people/grace/standing/", {"standing": "curator"})
    assert browser.get("/hanging/").status_code == 200


def test_nobody_changes_their_own_account_so_an_admin_is_always_left(client, ada):
    for path, data in (("standing", {"standing": "closed"}), ("forget", {})):
        page = client.post(f"/people/ada/{path}/", data, follow=True)
        assert "ask another admin" in page.text
    assert administers(again(ada))


def test_a_standing_that_there_is_not_changes_nothing(client, grace):
    client.post("/people/grace/standing/", {"standing": "owner"})
    assert not again(grace).is_staff


def test_a_password_link_works_once_and_signs_nobody_in(client, grace):
    client.post("/people/grace/password/")
    path = client.get("/people/").context["link"]["address"].removeprefix("http://testserver")
    browser = Client()
    form = browser.get(path)["Location"]
    chosen = {"new_password1": "a nanosecond of wire", "new_password2": "a nanosecond of wire"}
    assert browser.post(form, chosen)["Location"] == "/login/"
    assert again(grace).check_password("a nanosecond of wire")
    assert browser.get("/account/").status_code == 302
    assert "This link has been used" in Client().get(path, follow=True).text


def test_a_password_link_does_not_pass_by_the_second_factor(client, ada):
    other = make_user("hopper", admin=True)
    client.post("/people/hopper/password/")
    path = client.get("/people/").context["link"]["address"].removeprefix("http://testserver")
    browser = Client()
    chosen = {"new_password1": "a nanosecond of wire", "new_password2": "a nanosecond of wire"}
    browser.post(browser.get(path)["Location"], chosen)
    browser.post("/login/", {"login": "hopper", "password": "a nanosecond of wire"})
    assert browser.get("/studio/")["Location"].startswith("/login/")
    assert has_second_factor(other)


def test_a_lost_device_can_be_forgotten(client, ada):
    other = make_user("hopper", admin=True)
    client.post("/people/hopper/forget/")
    assert not has_second_factor(other)
    assert not administers(other)


def test_names_with_odd_signs_have_addresses_too(client, ada):
    user = make_user("g.hopper+navy@example")
    page = client.get("/people/").text
    path = re.search(r'action="(/people/g[^"]*/standing/)"', page)
    assert path
    client.post(path[1], {"standing": "curator"})
    assert curates(again(user))
