"""How a work comes about follows from what was asked for."""

import pytest

from generators.catalog import GENERATORS


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("generator", "asked", "from_work", "found"),
    [
        ("entropy", {"variant": "uniform noise"}, False, "noise"),
        ("entropy", {"variant": "plain field"}, False, "plain"),
        ("entropy", {"variant": "natural spectrum"}, False, "control"),
        ("letters", {"variant": "one phrase"}, False, "plain"),
        ("letters", {"variant": "english frequencies"}, False, "noise"),
        ("letters", {"variant": "shuffled words"}, True, "control"),
        ("inceptionism", {"objective": "whole layer"}, True, "filter"),
        ("inceptionism", {"objective": "whole layer"}, False, "sampler"),
        ("inceptionism", {"objective": "unit set"}, True, "sampler"),
        ("inceptionism", {"objective": "whole layer", "network": "random"}, True, "sampler"),
        ("deep_style", {}, True, "filter"),
        ("deep_style", {"network": "random"}, True, "sampler"),
        ("deep_style", {"weight_noise": 0.2}, True, "sampler"),
        ("deep_style", {"interpolate": True}, True, "sampler"),
        ("gan", {}, False, "sampler"),
        ("char_rnn", {}, False, "sampler"),
    ],
)
def test_a_filter_is_a_given_work_worked_over_without_chance(generator, asked, from_work, found):
    params = GENERATORS[generator].parse(asked)
    assert params.source_class(from_work=from_work) == found
