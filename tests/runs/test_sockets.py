"""What the socket of a run's page tells, and what it does not answer."""

import json

import pytest
from asgiref.sync import async_to_sync
from channels.db import database_sync_to_async

from gallery.runs import doorbell
from gallery.runs.models import Preview, Run
from tests.factories import make_run, make_user, sign_in
from tests.runs.listening import Socket, bells_on_this_loop


@pytest.fixture
def admin(client):
    sign_in(client, make_user("ada", admin=True))
    return client


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


@pytest.mark.django_db(transaction=True)
def test_previews_are_numbered_so_that_each_has_its_own_address():
    run = make_run()
    for number in (1, 2, 3):
        Preview.objects.show(run, image=b"webp", text="")
        assert Preview.objects.get().number == number
