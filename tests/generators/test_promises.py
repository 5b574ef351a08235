"""The promises that every generator keeps, whoever wrote it."""

import gc
import math
from collections.abc import Iterator

import pytest
import torch
from _pytest.mark import ParameterSet

from generators.catalog import GENERATORS, MAX_COST, Generator, ImageParams, Refused
from generators.frames import Frame
from generators.pictures import to_png
from generators.spectrum import natural_spectrum

# The smallest work of each variant that still goes through every step.
SMALL = [
    ("entropy", {"size": 64, "variant": "uniform noise"}),
    ("entropy", {"size": 64, "variant": "natural spectrum"}),
    ("entropy", {"size": 64, "variant": "plain field"}),
    ("entropy", {"size": 64, "variant": "spectrum of the content"}),
    ("entropy", {"size": 64, "variant": "colours of the content"}),
    ("entropy", {"size": 64, "variant": "colours and spectrum of the content"}),
    ("letters", {"variant": "uniform letters"}),
    ("letters", {"variant": "english frequencies"}),
    ("letters", {"variant": "one phrase"}),
    ("letters", {"variant": "shuffled words"}),
    ("letters", {"variant": "shuffled characters"}),
    ("letters", {"variant": "drawn words"}),
    ("letters", {"variant": "drawn characters", "order": 2}),
    ("char_rnn", {"shortest": 20, "longest": 200}),
    ("char_rnn", {"shortest": 20, "longest": 200, "writer": "tang", "nucleus": 0.9}),
    ("gan", {"size": 64}),
    ("can", {"size": 64, "wish": 0.5, "truncation": 0.7}),
    *(
        ("inceptionism", {"size": 64, "steps": 3, "octaves": 2, **more})
        for more in (
            {"canvas": "spectrum"},
            {"canvas": "phase", "network": "random"},
            {"canvas": "pixels", "objective": "whole layer", "layer": "middle"},
            {"objective": "direction", "network": "tiny"},
            {"objective": "guide"},
        )
    ),
    *(
        ("deep_style", {"size": 64, "steps": 10, **more})
        for more in (
            {"method": "transport"},
            {"method": "gram", "network": "tiny"},
            {"network": "random", "redraw": 3},
            {"weight_noise": 0.1},
            {"interpolate": True},
            {"keep_colours": True, "area": "centre"},
        )
    ),
    *(
        ("low_complexity", {"size": 64, "steps": 5, "bits": 256, **more})
        for more in (
            {"code": "arcs", "method": "annealing"},
            {"code": "arcs", "method": "evolution", "symmetry": "six"},
            {"code": "walk", "method": "annealing", "symmetry": "mirror"},
            {"code": "walk", "method": "evolution"},
        )
    ),
]


def label(case) -> str:
    return f"{case[0]} {' '.join(str(value) for value in list(case[1].values())[1:])}"


def one_each() -> list[ParameterSet]:
    """The first case of each generator; the others only when soaking."""
    seen: set[str] = set()
    found = []
    for one in SMALL:
        marks = [pytest.mark.soak] if one[0] in seen else []
        found.append(pytest.param(one, marks=marks, id=label(one)))
        seen.add(one[0])
    return found


@pytest.fixture(params=SMALL, ids=label)
def case(request):
    name, values = request.param
    return GENERATORS[name], values


def picture(seed: int, height: int = 64, width: int = 64) -> torch.Tensor:
    return natural_spectrum(height, width, 1.0, torch.Generator().manual_seed(seed))


POEM = """O rose, thou art sick!
The invisible worm,
That flies in the night,
In the howling storm,

Has found out thy bed
Of crimson joy;
And his dark secret love
Does thy life destroy.
"""  # W. Blake, Songs of Experience, 1794


def inputs(generator: Generator, values: dict[str, object]) -> dict[str, object]:
    """What the generator needs to work from."""
    found: dict[str, object] = {}
    needed = generator.content_for(generator.parse(values)) == "required"
    if needed and generator.medium == "text":
        found["content"] = POEM
    elif needed:
        aspect = float(str(values.get("aspect", 1.0)))
        width, height = ImageParams(size=64, aspect=aspect).shape
        found["content"] = picture(20, height, width)
    if generator.most_styles and (generator.styles_required or values.get("objective") == "guide"):
        found["styles"] = [picture(21 + n) for n in range(min(2, generator.most_styles))]
    return found


def painted(generator: Generator, values: dict[str, object], *, seed: int) -> Iterator[Frame]:
    paint = generator.load()
    return paint(generator.parse(values), seed=seed, **inputs(generator, values))  # type: ignore[arg-type]  # of several types


def frames(generator: Generator, values: dict[str, object], *, seed: int) -> list[Frame]:
    return list(painted(generator, values, seed=seed))


@pytest.fixture
def made(case, request) -> list[tuple[Frame, torch.Tensor | None]]:
    """What the case makes of seed 1, with a copy of each picture from before the next was asked
    for. Painted once for all tests that only look."""
    made = _made.get(request.node.callspec.id)
    if made is None:
        made = [
            (frame, None if frame.image is None else frame.image.clone())
            for frame in painted(*case, seed=1)
        ]
        _made[request.node.callspec.id] = made
    return made


_made: dict[str, list[tuple[Frame, torch.Tensor | None]]] = {}
LARGEST_SEED = 2**63 - 1


def product(frame: Frame) -> bytes:
    return to_png(frame.image) if frame.image is not None else str(frame.text).encode()


def test_every_generator_is_held_to_its_promises():
    assert {name for name, _ in SMALL} == set(GENERATORS)


def test_the_seed_decides_the_bytes(case, made):
    """And the largest is one like any other."""
    again, other = (product(frames(*case, seed=seed)[-1]) for seed in (1, LARGEST_SEED))
    one = product(made[-1][0])
    assert one == again
    if case[1].get("method") == "gram":
        assert one == other  # as in 2015: a filter, which leaves nothing to chance
    else:
        assert one != other


def test_frames_count_from_one_to_the_last_and_end_with_a_work(case, made):
    all_of_it = [frame for frame, _ in made]
    steps = [frame.step for frame in all_of_it]
    assert steps[0] == 1
    assert steps == sorted(set(steps))
    assert steps[-1] == all_of_it[0].steps
    assert [frame.last for frame in all_of_it] == [False] * (len(made) - 1) + [True]
    assert (all_of_it[-1].image is None) == (case[0].medium == "text")
    assert (all_of_it[-1].text is None) == (case[0].medium == "image")


def test_the_first_frame_already_shows_something(made):
    first = made[0][0]
    assert first.image is not None or first.text


@pytest.mark.parametrize(
    "case",
    [case for case in SMALL if GENERATORS[case[0]].medium == "image"],
    ids=label,
    indirect=True,
)
def test_every_picture_is_finite_in_bounds_and_of_the_size_asked(case):
    generator, values = case
    for aspect, shape in {0.5: (64, 32), 1.5: (43, 64)}.items():
        for frame in frames(generator, values | {"aspect": aspect}, seed=4):
            if frame.image is None:
                continue
            assert frame.image.shape == (3, *shape)
            assert frame.image.dtype == torch.float32
            assert bool(frame.image.isfinite().all())
            assert 0 <= frame.image.min() <= frame.image.max() <= 1


def test_a_frame_is_never_written_to_again(made):
    for frame, copy in made:
        assert copy is None or torch.equal(frame.image, copy)


@pytest.mark.parametrize("case", one_each(), indirect=True)
def test_closing_after_any_frame_leaves_no_trace(case):
    generator, values = case
    whole = product(frames(generator, values, seed=6)[-1])
    count = len(frames(generator, values, seed=6))
    for stop in range(1, count):
        painting = painted(generator, values, seed=6)
        for _ in range(stop):
            next(painting)
        painting.close()  # type: ignore[attr-defined]  # every one is a Python generator
    assert product(frames(generator, values, seed=6)[-1]) == whole


@pytest.mark.parametrize("enabled", [True, False])
def test_the_callers_randomness_and_gradient_mode_are_left_alone(case, enabled):
    generator, values = case
    before = torch.get_rng_state()
    with torch.set_grad_enabled(enabled):
        for _ in painted(generator, values, seed=7):
            assert torch.is_grad_enabled() == enabled
    assert torch.equal(torch.get_rng_state(), before)


HOSTILE: list[object] = [
    math.nan,
    math.inf,
    -math.inf,
    1e308,
    -1,
    2**63,
    None,
    [],
    {},
    "",
    "many",
    "1" * 5000,
]


def is_free_text(schema: dict[str, object]) -> bool:
    """Whether any words will do, up to a length."""
    return schema.get("type") == "string" and "enum" not in schema


@pytest.mark.parametrize("name", GENERATORS)
def test_hostile_values_are_refused_in_every_field(name):
    generator = GENERATORS[name]
    for field, schema in generator.params.model_json_schema()["properties"].items():
        for value in HOSTILE:
            if isinstance(value, str) and is_free_text(schema):
                continue
            with pytest.raises(Refused, match=field):
                generator.parse({field: value})


@pytest.mark.parametrize("name", GENERATORS)
def test_bounds_are_what_the_form_says(name):
    generator = GENERATORS[name]
    for field, schema in generator.params.model_json_schema()["properties"].items():
        assert schema["title"]
        assert schema["description"]
        if "enum" in schema or "anyOf" in schema or schema["type"] == "boolean":
            continue
        if is_free_text(schema):
            with pytest.raises(Refused, match=field):
                generator.parse({field: "a" * (schema["maxLength"] + 1)})
            continue
        for edge in (schema["minimum"], schema["maximum"]):
            assert getattr(generator.params.model_validate({field: edge}), field) == edge
        with pytest.raises(Refused, match=field):
            generator.parse({field: schema["minimum"] - 1})
        with pytest.raises(Refused, match=field):
            generator.parse({field: schema["maximum"] + 1})


@pytest.mark.parametrize("name", GENERATORS)
def test_an_unknown_param_is_refused(name):
    with pytest.raises(Refused, match="sorrow: there is no such parameter"):
        GENERATORS[name].parse({"sorrow": 1})


@pytest.mark.parametrize("name", GENERATORS)
def test_the_ordinary_work_is_affordable(name):
    generator = GENERATORS[name]
    assert 0 < generator.cost(generator.parse({})) <= MAX_COST


def test_a_work_dearer_than_the_limit_is_refused():
    with pytest.raises(Refused, match="Choose a smaller size or fewer steps"):
        GENERATORS["inceptionism"].parse({"size": 1024, "network": "vgg19", "steps": 60})


@pytest.mark.parametrize("aspect", [0.5, 0.77, 1.0, 1.3, 2.0])
def test_size_is_the_long_side(aspect):
    width, height = ImageParams(size=600, aspect=aspect).shape
    assert max(width, height) == 600
    assert width / height == pytest.approx(aspect, rel=0.01)


@pytest.mark.parametrize("name", ["inceptionism", "deep_style"])
def test_no_request_within_the_bounds_exhausts_the_machine(name):
    generator = GENERATORS[name]
    most = {
        field: schema["maximum"]
        for field, schema in generator.params.model_json_schema()["properties"].items()
        if "maximum" in schema and field != "network_seed"
    }
    with pytest.raises(Refused, match="Choose a smaller size or fewer steps"):
        generator.parse(most | {"network": "vgg19"})


@pytest.mark.parametrize("case", one_each(), indirect=True)
def test_memory_is_given_back(case):
    generator, values = case
    frames(generator, values, seed=1)
    gc.collect()
    before = sum(issubclass(type(thing), torch.Tensor) for thing in gc.get_objects())
    for _ in range(3):
        frames(generator, values, seed=1)
    gc.collect()
    after = sum(issubclass(type(thing), torch.Tensor) for thing in gc.get_objects())
    assert after <= before + 5
