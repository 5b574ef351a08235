"""The catalog is what the web process knows of the generators."""

import subprocess
import sys

import pytest

from generators.catalog import GENERATORS
from generators.seeds import output_seed

LIGHT = ["generators.catalog", "generators.seeds", "generators.frames", "generators.refused"]
LIGHT += ["generators.texts", "generators.anchors.params", "generators.training.trainers"]


@pytest.mark.parametrize("module", LIGHT)
def test_the_web_process_never_pays_for_torch(module):
    code = f"import {module}, sys; sys.exit('torch' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_generator_imports_django():
    loads = "; ".join(f"GENERATORS[{name!r}].load()" for name in GENERATORS)
    code = f"from generators.catalog import GENERATORS; {loads}; import sys; "
    code += "sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_entries_are_named_as_their_keys():
    assert all(key == generator.name for key, generator in GENERATORS.items())


def test_output_seeds_fit_the_column_and_differ():
    seeds = {output_seed(run, index) for run in (0, 1, 7, 2**63 - 1) for index in range(200)}
    assert len(seeds) == 800
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_the_first_output_does_not_repeat_the_runs_seed():
    assert all(output_seed(run, 0) != run for run in range(100))


def test_output_seeds_never_change():
    assert output_seed(7, 0) == 8862997118719747769
    assert output_seed(7, 1) == 7768823104508221553


@pytest.mark.parametrize(("run", "index"), [(-1, 0), (2**63, 0), (0, -1)])
def test_seeds_out_of_range_are_refused(run, index):
    with pytest.raises(ValueError, match="No output seed"):
        output_seed(run, index)
