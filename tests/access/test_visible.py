"""Who sees which works: one queryset says it, and every page of the site begins with it."""

import ast
from inspect import getsource, unwrap
from sys import modules

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import URLPattern, URLResolver, get_resolver

from gallery.works.models import Artwork
from tests.access.world import make_world
from tests.factories import make_user

ONE_WAY_IN = "Artwork.objects.visible_to"


def view_modules() -> set[str]:
    """The gallery's modules in which the resolver finds a view."""

    def walk(patterns: list[URLPattern | URLResolver]) -> set[str]:
        found = set()
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                found |= walk(pattern.url_patterns)
            else:
                found.add(unwrap(pattern.callback).__module__)
        return found

    return {name for name in walk(get_resolver().url_patterns) if name.startswith("gallery.")}


def other_ways(source: str) -> list[str]:
    """Each statement's part that reads works, or files of works, by another way than that one."""
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    told = {part for node in ast.walk(tree) for hint in hints(node) for part in ast.walk(hint)}
    wrong = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in {"Artwork", "Rendition"} and node not in told:
            manager = parents[node]
            method = parents[manager]
            read = ast.unparse(method)
            if node.id == "Rendition":
                call = ast.unparse(parents[method])
                fine = call.startswith("Rendition.objects.filter(artwork__in=")
            else:
                fine = read == ONE_WAY_IN
            if not fine:
                wrong.append(read)
    return wrong


def hints(node: ast.AST) -> list[ast.expr]:
    names = ("annotation", "returns")
    return [hint for name in names if (hint := getattr(node, name, None)) is not None]


def test_no_page_reads_works_by_another_way():
    found = {name: other_ways(getsource(modules[name])) for name in view_modules()}
    assert {"gallery.works.views", "gallery.works.hanging_room", "gallery.findings.api"} <= {*found}
    assert {name: ways for name, ways in found.items() if ways} == {}


@pytest.mark.parametrize(
    "line",
    [
        "works = Artwork.objects.hung()",
        "work = get_object_or_404(Artwork, code=code)",
        "works = Artwork.objects.all().visible_to(user)",
        "every = Artwork.objects",
        "file = Rendition.objects.get(artwork__code=code)",
    ],
)
def test_another_way_is_noticed(line):
    assert other_ways(line)
    assert not other_ways("def one(work: Artwork) -> Artwork: return Artwork.objects.visible_to(u)")


@pytest.mark.django_db
def test_curators_see_all_and_everyone_else_what_is_signed_for_them():
    world = make_world()

    def seen(user, raters=()) -> set[str]:
        visible = set(Artwork.objects.visible_to(user, raters).values_list("pk", flat=True))
        return {state for state, work in world.works.items() if work.pk in visible}

    strangers = [None, AnonymousUser(), make_user(), make_user(admin=True, second_factor=False)]
    assert all(seen(stranger) == {"hung"} for stranger in strangers)
    study = world.studies["open"]
    revealed = study.raters.exclude(revealed_at=None).values_list("pk", flat=True)
    assert seen(None, revealed) == {"hung", "under study"}
    assert seen(make_user(curator=True)) == seen(make_user(admin=True)) == {*world.works}
