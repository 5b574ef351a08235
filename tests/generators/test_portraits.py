"""Every machine artist is introduced, and what is proposed for it can be asked of it."""

import subprocess
import sys

import pytest

from generators.catalog import GENERATORS
from generators.portraits import PORTRAITS, knob_of
from tests.servers import ROOT


def test_every_generator_has_a_portrait_and_nobody_else():
    assert list(PORTRAITS) == list(GENERATORS)


@pytest.mark.parametrize("name", GENERATORS)
def test_a_portrait_tells_a_manner_a_dated_paper_and_where_to_read_it(name):
    portrait = PORTRAITS[name]
    assert portrait.manner.endswith(".")
    assert 1 <= portrait.manner.count(". ") + 1 <= 2
    assert portrait.link.startswith("https://")
    assert any(str(year) in GENERATORS[name].paper for year in range(1940, 2027))


def test_a_knob_is_told_where_there_is_one():
    assert knob_of(GENERATORS["letters"]) is None
    told = knob_of(GENERATORS["char_rnn"])
    assert told
    assert told[0] == "Temperature"


@pytest.mark.parametrize(
    ("name", "preset"),
    [(name, preset) for name, portrait in PORTRAITS.items() for preset in portrait.presets],
    ids=lambda value: getattr(value, "name", value),
)
def test_every_preset_can_be_asked_for(name, preset):
    """Also its cost: it is refused where it would take too long."""
    assert GENERATORS[name].parse(preset.values)


@pytest.mark.parametrize("name", PORTRAITS)
def test_presets_of_one_artist_have_names_of_their_own(name):
    names = [preset.name for preset in PORTRAITS[name].presets]
    assert len(names) == len(set(names)) >= 3


def test_portraits_need_no_torch():
    code = "import sys, generators.portraits; print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
