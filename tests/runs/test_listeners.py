"""Who may listen to the socket of a run's page, and for how long."""

import asyncio
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from asgiref.sync import async_to_sync
from channels.db import database_sync_to_async
from django.contrib.auth.models import User
from django.test import Client

from gallery.runs import consumers, doorbell
from tests.factories import make_run, make_user, sign_in
from tests.runs.listening import Socket, bells_on_this_loop, first_words, refusal


@pytest.fixture
def admin(client):
    sign_in(client, make_user("ada", admin=True))
    return client


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", ["stranger", "visitor", "curator", "admin by password alone"])
def test_only_admins_may_listen(client, role):
    run = make_run()
    if role == "admin by password alone":
        client.force_login(make_user(admin=True))
    elif role != "stranger":
        sign_in(client, make_user(curator=role == "curator"))
    assert async_to_sync(refusal)(client, run.code) == 4403


@pytest.mark.django_db(transaction=True)
def test_an_unknown_run_is_told_as_such(admin):
    assert async_to_sync(refusal)(admin, uuid4()) == 4404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_a_foreign_page_is_refused(admin, origin):
    run = make_run()

    async def knock() -> bool:
        return await Socket(admin, run.code, origin=origin).opens()

    assert async_to_sync(knock)() is False


def sign_out(client) -> None:
    client.logout()


def lose_the_role(client) -> None:
    User.objects.filter(username="ada").update(is_staff=False)


def lose_the_second_factor(client) -> None:
    Authenticator.objects.all().delete()


def lose_the_account(client) -> None:
    User.objects.filter(username="ada").update(is_active=False)


def change_the_password(client) -> None:
    """In another browser."""
    ada = User.objects.get(username="ada")
    ada.set_password("another horse")
    ada.save()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("leave", [sign_out, lose_the_role])
def test_the_socket_closes_when_the_role_or_the_session_ends(admin, leave):
    run = make_run()

    async def listen() -> int:
        page = Socket(admin, run.code)
        await page.opens()
        await page.hears()
        await database_sync_to_async(leave)(admin)
        with bells_on_this_loop():
            doorbell.announce(run.code)
            return await page.is_closed_with()

    assert async_to_sync(listen)() == 4403


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "leave",
    [sign_out, lose_the_role, lose_the_second_factor, lose_the_account, change_the_password],
)
def test_the_socket_closes_within_five_seconds_though_nothing_happens_to_the_run(admin, leave):
    run = make_run()

    async def listen() -> int:
        page = Socket(admin, run.code)
        await page.opens()
        await page.hears()
        await database_sync_to_async(leave)(admin)
        code = await page.is_closed_with()
        await page.leave()
        return code

    assert async_to_sync(listen)() == 4403


@pytest.mark.django_db(transaction=True)
def test_who_may_listen_goes_on_listening_and_is_asked_no_more_after_leaving(admin, monkeypatch):
    monkeypatch.setattr(consumers, "CHECK_SECONDS", 0.05)
    asked = []
    is_admin = consumers.RunConsumer._is_admin

    def counted(page: consumers.RunConsumer) -> bool:
        asked.append(page)
        return is_admin(page)

    monkeypatch.setattr(consumers.RunConsumer, "_is_admin", counted)
    run = make_run()

    async def listen() -> bool:
        page = Socket(admin, run.code)
        await page.opens()
        await page.hears()
        quiet = bool(await page.receive_nothing(0.5))
        await page.leave()
        return quiet

    async def listen_and_wait() -> tuple[bool, int, int]:
        quiet = await listen()
        before = len(asked)
        await asyncio.sleep(0.3)
        return quiet, before, len(asked)

    quiet, before, after = async_to_sync(listen_and_wait)()
    assert quiet
    assert before > 3
    assert before == after


@pytest.mark.django_db(transaction=True)
def test_one_person_has_so_many_sockets_and_another_still_has_one(admin, monkeypatch):
    monkeypatch.setattr(consumers, "MOST_SOCKETS", 2)
    run = make_run()
    other = Client()
    sign_in(other, make_user("bea", admin=True))

    async def crowd() -> list[str | int]:
        first, second = Socket(admin, run.code), Socket(admin, run.code)
        for page in (first, second):
            await page.opens()
            await page.hears()
        told: list[str | int] = [await refusal(admin, run.code)]
        told.append(await first_words(Socket(other, run.code)))
        await first.leave()
        told.append(await first_words(Socket(admin, run.code)))
        await second.leave()
        return told

    too_many, others, again = async_to_sync(crowd)()
    assert too_many == 4429
    assert "run-live" in str(others)
    assert "run-live" in str(again)
    assert not consumers.RunConsumer.open_sockets
