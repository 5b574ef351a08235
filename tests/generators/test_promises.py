"""The promises that every generator keeps, whoever wrote it."""

import math

import pytest
import torch

from generators.catalog import GENERATORS, MAX_COST, Generator, ImageParams, Refused
from generators.frames import Frame
from generators.pictures import to_png

# The smallest work of each variant that still goes through every step.
SMALL = [
    ("entropy", {"size": 64, "variant": "uniform noise"}),
    ("entropy", {"size": 64, "variant": "natural spectrum"}),
    ("entropy", {"size": 64, "variant": "plain field"}),
    ("letters", {"variant": "uniform letters"}),
    ("letters", {"variant": "english frequencies"}),
    ("letters", {"variant": "one phrase"}),
    ("inceptionism", {"size": 64, "steps": 3, "octaves": 2}),
    ("inceptionism", {"size": 64, "steps": 3, "octaves": 2, "units": 0, "layer": "middle"}),
]


def label(case) -> str:
    return f"{case[0]} {list(case[1].values())[-1]}"


@pytest.fixture(params=SMALL, ids=label)
def case(request):
    name, values = request.param
    return GENERATORS[name], values


def frames(generator: Generator, values: dict[str, object], *, seed: int) -> list[Frame]:
    return list(generator.load()(generator.parse(values), seed=seed))


def product(frame: Frame) -> bytes:
    return to_png(frame.image) if frame.image is not None else str(frame.text).encode()


def test_every_generator_is_held_to_its_promises():
    assert {name for name, _ in SMALL} == set(GENERATORS)


def test_the_seed_decides_the_bytes(case):
    one, again, other = (product(frames(*case, seed=seed)[-1]) for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_frames_count_from_one_to_the_last_and_end_with_a_work(case):
    made = frames(*case, seed=3)
    assert [frame.step for frame in made] == list(range(1, made[0].steps + 1))
    assert [frame.last for frame in made] == [False] * (len(made) - 1) + [True]
    assert (made[-1].image is None) == (case[0].medium == "text")
    assert (made[-1].text is None) == (case[0].medium == "image")


def test_the_first_frame_already_shows_something(case):
    first = frames(*case, seed=3)[0]
    assert first.image is not None or first.text


@pytest.mark.parametrize(
    "case", [case for case in SMALL if GENERATORS[case[0]].medium == "image"], ids=label
)
def test_every_picture_is_finite_in_bounds_and_of_the_size_asked(case):
    name, values = case
    generator = GENERATORS[name]
    shapes = {0.5: (64, 32), 1.0: (64, 64), 1.5: (43, 64), 2.0: (32, 64)}
    for aspect, shape in shapes.items():
        for frame in frames(generator, values | {"aspect": aspect}, seed=4):
            if frame.image is None:
                continue
            assert frame.image.shape == (3, *shape)
            assert frame.image.dtype == torch.float32
            assert bool(frame.image.isfinite().all())
            assert 0 <= frame.image.min() <= frame.image.max() <= 1


def test_a_frame_is_never_written_to_again(case):
    generator, values = case
    kept, copies = [], []
    for frame in generator.load()(generator.parse(values), seed=5):
        if frame.image is not None:
            kept.append(frame.image)
            copies.append(frame.image.clone())
    assert all(torch.equal(image, copy) for image, copy in zip(kept, copies, strict=True))


def test_closing_after_any_frame_leaves_no_trace(case):
    generator, values = case
    whole = product(frames(generator, values, seed=6)[-1])
    count = len(frames(generator, values, seed=6))
    for stop in range(1, count):
        painting = generator.load()(generator.parse(values), seed=6)
        for _ in range(stop):
            next(painting)
        painting.close()
    assert product(frames(generator, values, seed=6)[-1]) == whole


@pytest.mark.parametrize("enabled", [True, False])
def test_the_callers_randomness_and_gradient_mode_are_left_alone(case, enabled):
    generator, values = case
    before = torch.get_rng_state()
    with torch.set_grad_enabled(enabled):
        for _ in generator.load()(generator.parse(values), seed=7):
            assert torch.is_grad_enabled() == enabled
    assert torch.equal(torch.get_rng_state(), before)


def test_the_largest_seed_is_accepted(case):
    assert frames(*case, seed=2**63 - 1)[-1].last


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


@pytest.mark.parametrize("name", GENERATORS)
def test_hostile_values_are_refused_in_every_field(name):
    generator = GENERATORS[name]
    for field in generator.params.model_fields:
        for value in HOSTILE:
            with pytest.raises(Refused, match=field):
                generator.parse({field: value})


@pytest.mark.parametrize("name", GENERATORS)
def test_bounds_are_what_the_form_says(name):
    generator = GENERATORS[name]
    for field, schema in generator.params.model_json_schema()["properties"].items():
        assert schema["title"]
        assert schema["description"]
        if "enum" in schema:
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
        GENERATORS["inceptionism"].parse({"size": 1024, "network": "vgg16", "steps": 60})


@pytest.mark.parametrize("aspect", [0.5, 0.77, 1.0, 1.3, 2.0])
def test_size_is_the_long_side(aspect):
    width, height = ImageParams(size=600, aspect=aspect).shape
    assert max(width, height) == 600
    assert width / height == pytest.approx(aspect, rel=0.01)
