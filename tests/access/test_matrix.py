"""Who may do what: every address, each role, each state, as the table beside this file says.

A row is missing only where everybody is told that the method is wrong. After an intended
change a failure shows the lines for the table; read each before it goes in.
"""

import csv
from itertools import product
from pathlib import Path

import pytest
from django.db import transaction

from tests.access.world import ROLES, World, make_world, requests

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("matrix.csv")
WRONG_METHOD = "405"

Key = tuple[str, str, str]


@pytest.fixture
def world() -> World:
    return make_world()


def table() -> dict[Key, dict[str, str]]:
    with TABLE.open(newline="") as file:
        return {(row["route"], row["method"], row["state"]): row for row in csv.DictReader(file)}


def answer(status: int, location: str) -> str:
    """The status, or what one is sent away to do first."""
    if status == 302 and "/login/?next=" in location:
        return "sign in"
    return "second factor" if status == 302 and location == "/account/" else str(status)


def answers(world: World) -> dict[Key, dict[str, str]]:
    """What each role is told, every time in the world as it was."""
    found: dict[Key, dict[str, str]] = {}
    for (route, method, state, path), role in product(requests(world), ROLES):
        with transaction.atomic():
            response = world.client(role).generic(method, path)
            transaction.set_rollback(True)
        row = found.setdefault((route, method, state), {})
        row[role] = answer(response.status_code, response.headers.get("Location", ""))
    return {key: row for key, row in found.items() if set(row.values()) != {WRONG_METHOD}}


def lines(rows: dict[Key, dict[str, str]]) -> list[str]:
    return [",".join((*key, *(row[role] for role in ROLES))) for key, row in rows.items()]


def test_every_address_answers_each_role_as_the_table_says(world):
    """Shows wrong lines of the table after a minus, and what the site answers after a plus."""
    expected, found = lines(table()), lines(answers(world))
    wrong = [f"-{line}" for line in expected if line not in found]
    wrong += [f"+{line}" for line in found if line not in expected]
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_table_lets_nobody_in_by_mistake():
    """What an edit of it may not change without a thought."""
    for (route, _method, state), row in table().items():
        outside = {row[role] for role in ROLES if role not in {"curator", "admin"}}
        if route.startswith(("studio/", "hanging/", "people/")):
            assert outside <= {"sign in", "second factor", "405"}, route
        if route.startswith(("studio/", "people/")):
            assert row["curator"] in {"403", "405"}, route
        if route.startswith(("works/<", "api/works/<")) and state in {"candidate", "passed over"}:
            assert outside == {"404"}, route


def test_nobody_posts_without_a_token(world):
    """Also not who may do everything."""
    for route, method, _state, path in requests(world):
        if method == "POST":
            client = world.client("admin", enforce_csrf_checks=True)
            assert client.post(path).status_code in {403, 404, 405}, route
