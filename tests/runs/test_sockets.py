"""The socket of a run's page: who may listen, and what is heard."""

import asyncio
import json
from contextlib import contextmanager
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from django.contrib.auth.models import User
from django.test import Client

from gallery.asgi import application
from gallery.runs import consumers, doorbell
from gallery.runs.models import Preview, Run
from tests.factories import make_run, make_user, sign_in

ORIGIN = "http://localhost"


class Socket(ApplicationCommunicator):
    """A page's socket with the cookies of `client`."""

    def __init__(
        self, client, code: object, *, origin: str | None = ORIGIN, seen: str = ""
    ) -> None:
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        headers = [(b"cookie", cookies.encode())]
        if origin:
            headers.append((b"origin", origin.encode()))
        scope = {
            "type": "websocket",
            "path": f"/ws/runs/{code}/",
            "query_string": f"seen={seen}".encode(),
            "headers": headers,
            "subprotocols": [],
        }
        super().__init__(application, scope)

    async def opens(self) -> bool:
        await self.send_input({"type": "websocket.connect"})
        return bool((await self.receive_output(5))["type"] == "websocket.accept")

    async def hears(self) -> str:
        message = await self.receive_output(5)
        assert message["type"] == "websocket.send"
        return str(message["text"])

    async def is_closed_with(self) -> int:
        message = await self.receive_output(5)
        assert message["type"] == "websocket.close"
        return int(message["code"])

    async def leave(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait()


async def refusal(client, code: object) -> int:
    page = Socket(client, code)
    assert await page.opens()
    told = await page.is_closed_with()
    await page.leave()
    return told


async def first_words(page: Socket) -> str:
    await page.opens()
    heard = await page.hears()
    await page.leave()
    return heard


@pytest.fixture
def admin(client):
    sign_in(client, make_user("ada", admin=True))
    return client


@contextmanager
def bells_on_this_loop():
    doorbell.live_on(asyncio.get_running_loop())
    try:
        yield
    finally:
        doorbell.live_on(None)


@pytest.mark.django_db(transaction=True)
def test_an_admin_hears_where_the_run_stands_at_once_and_at_each_change(admin):
    run = make_run()
    shape = run.shape

    async def listen() -> list[str]:
        page = Socket(admin, run.code, seen=shape)
        assert await page.opens()
        heard = [await page.hears()]
        held = await database_sync_to_async(Run.objects.claim)("w1")
        assert held
        await database_sync_to_async(held.report)(2, 8, "")
        with bells_on_this_loop():
            doorbell.announce(run.code)
            heard.append(await page.hears())
        await page.leave()
        return heard

    first, second = async_to_sync(listen)()
    assert first.strip().startswith('<section id="run-live"')
    assert "next in line" in first
    assert 'hx-target="#run-rest"' not in first  # the page has the rest already
    assert "Painting, step 2 of 8" in second
    assert 'hx-target="#run-rest"' in second


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


@pytest.mark.django_db(transaction=True)
def test_what_a_page_sends_is_not_answered(admin):
    run = make_run()

    async def talk() -> bool:
        page = Socket(admin, run.code)
        await page.opens()
        await page.hears()
        for rubbish in ("", "{", json.dumps({"type": "run.changed"}), "\x00" * 9999):
            await page.send_input({"type": "websocket.receive", "text": rubbish})
        await page.send_input({"type": "websocket.receive", "bytes": b"\xff"})
        quiet = bool(await page.receive_nothing(0.2))
        await page.leave()
        return quiet

    assert async_to_sync(talk)()


@pytest.mark.django_db(transaction=True)
def test_a_bell_that_cannot_ring_does_not_fail_the_request(admin, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": [settings.REDIS_URL]},
        }
    }
    run = make_run()
    response = admin.post(f"/studio/runs/{run.code}/cancel/")
    assert response.status_code == 302
    run.refresh_from_db()
    assert run.state == "cancelled"


# With real servers


@pytest.mark.django_db(transaction=True)
def test_previews_are_numbered_so_that_each_has_its_own_address():
    run = make_run()
    for number in (1, 2, 3):
        Preview.objects.show(run, image=b"webp", text="")
        assert Preview.objects.get().number == number
