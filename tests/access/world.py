"""A gallery with one thing of each kind in each state, and one person in each role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from http.cookies import SimpleCookie
from itertools import product
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from gallery.runs.models import Checkpoint, Output, Run, Schedule
from gallery.studies.models import Rater, Study
from gallery.works.models import Artwork, Collection
from gallery.works.models import State as WorkState
from tests.factories import (
    make_call_to_draw,
    make_run,
    make_schedule,
    make_study,
    make_user,
    sign_in,
)
from tests.runs.drawings import make_drawing
from tests.studies.visitors import finish, sit_down

ROLES = ("visitor", "rater", "revealed", "curator", "admin", "unproven", "disabled")
PARAM = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)|\((?P<plain>\w+)\)")


def addresses() -> list[str]:
    """Every route of the site as it is written, in the order in which it is looked up."""

    def walk(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            else:
                yield route

    return list(walk(get_resolver().url_patterns))


@dataclass(frozen=True)
class World:
    """What browsers keep, by role; things by kind and state."""

    cookies: dict[str, SimpleCookie]
    works: dict[str, Artwork]
    collections: dict[str, Collection]
    studies: dict[str, Study]
    run: Run
    checkpoint: Checkpoint
    schedule: Schedule
    current: Rater
    somebody: User
    call: UUID
    calls: dict[str, str]  # the paths of links

    def client(self, role: str, **kw: Any) -> Client:
        """A browser that comes for the first time since the world was made."""
        client = Client(**kw)
        client.cookies = deepcopy(self.cookies[role])
        return client

    def states(self, route: str) -> Iterator[tuple[str, str]]:
        """Each state that what this route leads to can be in, and the path to it."""
        if route.startswith("trials/"):
            trial = self.current.trials.order_by("position").first()
            assert trial
            yield "under way", _filled(route, {"code": trial.code})
        elif route.startswith("studio/runs/"):
            yield "", _filled(route, {"code": self.run.code})
        elif route.startswith("studio/checkpoints/"):
            yield "", _filled(route, {"code": self.checkpoint.code})
        elif route.startswith("studio/schedules/<"):
            yield "", _filled(route, {"code": self.schedule.code})
        elif "collections/<" in route:
            for state, collection in self.collections.items():
                yield state, _filled(route, {"code": collection.code})
        elif route.startswith("draw/"):
            for state, link in self.calls.items():
                yield state, link + route.partition("/")[2].partition("/")[2]
        elif route.startswith("hanging/calls/<"):
            yield "", _filled(route, {"code": self.call})
        elif "<uuid:code>" in route:
            for state, work in self.works.items():
                yield state, _filled(route, {"code": work.code})
        elif "slug" in route and "studies/" in route:
            for state, study in self.studies.items():
                yield state, _filled(route, {"slug": study.slug})
        elif route.startswith("people/<"):
            yield "", _filled(route, {"name": self.somebody.username})
        elif "train" in route or route.startswith("studio/"):
            yield "", _filled(route, {"name": "gan" if "train" in route else "entropy"})
        else:
            yield "", _filled(route, {})


def _filled(route: str, values: dict[str, Any]) -> str:
    """The path of a route. What is not told is something that the site knows."""
    known = {"index": 0, "number": 1, "kind": "svg", "name": "coherence", "secret": "nobody"}
    known |= {"uidb64": "MQ", "token": "set-password", "pk": 1} | values

    def value(found: re.Match[str]) -> str:
        return str(known[found[1] or found[2]])

    return "/" + PARAM.sub(value, route).replace("^", "").replace("$", "").replace("\\", "")


def make_world() -> World:
    """The rater is in the middle of the open study's sitting; the revealed one is at its end."""
    studies = {state: make_study(2, state=state) for state in ("draft", "open", "closed")}
    clients = {role: Client() for role in ROLES}
    current = sit_down(studies["open"], clients["rater"])[1]
    finish(*sit_down(studies["open"], clients["revealed"]))
    for role in ("curator", "admin", "unproven", "disabled"):
        user = make_user(
            role,
            curator=role == "curator",
            admin=role != "curator",
            second_factor=role != "unproven",
        )
        sign_in(clients[role], user)
        User.objects.filter(pk=user.pk, username="disabled").update(is_active=False)
    works = {state: make_drawing(hung=state == "hung") for state in ("candidate", "hung")}
    works["passed over"] = make_drawing(hung=False, state=WorkState.DISCARDED)
    rated = studies["open"].works.select_related("artwork").first()
    assert rated
    works["under study"] = rated.artwork
    run = make_run()
    Output.objects.create(run=run, index=0, artwork=make_drawing(hung=False))
    checkpoint = Checkpoint.objects.create(
        run=make_run(generator="gan", task="train", name="Rivals"),
        **{"file": ContentFile(b"?", "weights.safetensors"), "sha256": "0" * 64, "size": 1},
        facts={"works": 2, "makers": 2, "licences": {"CC0 1.0": 2}},
    )
    collections = {state: Collection.objects.create(name=state) for state in works}
    for state, collection in collections.items():
        collection.put_in([works[state]])
    cookies = {role: client.cookies for role, client in clients.items()}
    schedule = make_schedule()
    call, link = make_call_to_draw()
    over, old_link = make_call_to_draw()
    over.close()
    calls = {"open": link, "ended": old_link, "unknown": "/draw/nobody/"}
    things = (
        works,
        collections,
        studies,
        run,
        checkpoint,
        schedule,
        current,
        make_user("somebody"),
    )
    return World(cookies, *things, call.code, calls)


def requests(world: World) -> Iterator[tuple[str, str, str, str]]:
    """(route, method, state, path) of everything that can be asked of the site."""
    for route in addresses():
        for method, (state, path) in product(("GET", "POST"), world.states(route)):
            yield route, method, state, path
