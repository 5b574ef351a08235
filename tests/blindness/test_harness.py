"""The attack finds nothing on the gallery as it is, and each of the seeded leaks: a quarter of them
here, all of them in `make soak` and `make blindness`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.blindness.leaky import ELSEWHERE, LEAKS
from tests.blindness.walk import Walked, judged, seen_by, truth_of
from tests.servers import Gallery

pytestmark = pytest.mark.any_database
STUDY = """
from tests.factories import make_study
make_study(10, slug="attacked", trials_per_rater=20)
"""
EVERY = 4  # one leak in so many is tried with every change
LOTS = {"position", "announced", "alias size"}  # drawn, and so different by chance


@pytest.fixture(scope="module")
def walks(
    request: pytest.FixtureRequest, furnished: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Walked]]:
    """A sitting or three for each leak that is to be tried, and two without any."""
    folder = tmp_path_factory.mktemp("leaky")
    settings = {"DJANGO_SETTINGS_MODULE": "tests.blindness.settings", "PAINT_IN_PROCESS": "0"}
    gallery = Gallery(folder, **settings).furnish(furnished)
    gallery.application = "tests.blindness.asgi:application"
    gallery.python(STUDY)
    gallery.start()
    tried = [item.callspec for item in request.session.items if hasattr(item, "callspec")]
    leaks = [leak for leak in LEAKS if any(call.params.get("leak") == leak for call in tried)]
    seen = {
        # What shows in one place only is drowned by the noise of the clock in a single sitting.
        leak: seen_by(gallery, "attacked", raters=3 if leak in ELSEWHERE else 1, leak=leak, seed=1)
        for leak in leaks
    }
    seen[""] = seen_by(gallery, "attacked", raters=2)
    truth = truth_of(gallery)
    yield {leak: judged(found, truth) for leak, found in seen.items()}
    gallery.stop()


def some_now_all_when_soaking() -> list[ParameterSet]:
    return [
        pytest.param(leak, marks=[pytest.mark.soak] if number % EVERY else [])
        for number, leak in enumerate(LEAKS)
    ]


def test_without_a_leak_everything_seen_is_the_same_for_both_sides(walks: dict[str, Walked]):
    """Apart from times and from what is drawn by lot, which say nothing by themselves."""
    found = walks[""]
    assert len(found.seen) == 40
    # The last work of a sitting has none after it to fetch early, whoever made it.
    pairs = zip(found.rows, found.by_machine, strict=True)
    told = [(row, machine) for row, machine in pairs if row["position"] != 20]
    for name in found.rows[0].keys() - LOTS:
        if not name.endswith(" ms"):
            people, machines = (
                {row[name] for row, m in told if m is side} for side in (False, True)
            )
            assert people == machines, name


@pytest.mark.parametrize("leak", some_now_all_when_soaking())
def test_every_seeded_leak_is_caught(walks: dict[str, Walked], leak: str):
    verdicts = walks[leak].attacked(resampled=100)
    assert any(verdict.caught and not verdict.blind for verdict in verdicts), verdicts


def test_nothing_is_caught_where_nothing_leaks(walks: dict[str, Walked]):
    verdicts = walks[""].attacked(resampled=100)
    assert not any(verdict.caught for verdict in verdicts), verdicts


def test_there_are_twenty_leaks_at_least():
    assert len(LEAKS) >= 20


def test_the_product_has_no_leak_to_switch_on(tmp_path: Path):
    for source in (Path("gallery"), Path("templates")):
        for path in source.rglob("*"):
            if path.suffix in {".py", ".html"}:
                assert "tests.blindness" not in path.read_text()
