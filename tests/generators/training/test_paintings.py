"""Reading the collection: labels, what is held out, and what is refused."""

import builtins
import shutil

import pytest
import torch

from generators.refused import Refused
from generators.training.paintings import (
    NO_LABEL,
    SIDE,
    TILES,
    is_twin,
    read_catalogue,
    read_paintings,
    squared,
    thumbnails,
    tiles,
)
from tests.generators.training.collection import (
    STYLES,
    as_jpeg,
    make_collection,
    picture,
    write_parquet,
)


def test_every_picture_knows_its_work_style_and_artist(collection):
    paintings = read_paintings(collection, held_out=2)
    assert paintings.pictures.dtype == torch.uint8
    assert paintings.pictures.shape[1:] == (3, SIDE, SIDE)
    assert len(paintings.pictures) == len(paintings.work) == len(paintings.style)
    assert paintings.works == 16 + 4
    assert paintings.styles == list(STYLES)
    assert paintings.artists == ["Many"]  # who has too few works has no class
    assert paintings.style[:4].tolist() == [0, 1, 0, 1]
    assert paintings.artist[10:14].tolist() == [0, 0, NO_LABEL, NO_LABEL]
    known = {painting.group for painting in read_catalogue(collection, 2)[1]} & set(STYLES)
    larger = paintings.style[16:]
    assert {paintings.styles[style] for style in larger.unique() if style != NO_LABEL} == known
    assert set(paintings.artist[16:].tolist()) == {NO_LABEL}


def test_a_larger_painting_is_shown_whole_and_in_tiles(collection):
    paintings = read_paintings(collection, held_out=2)
    assert all((paintings.work == work).sum() > 1 for work in range(16, 20))
    assert len(tiles(picture(1, 1200, 900))) in range(2, TILES + 1)
    assert tiles(picture(1, 100, 900)) == []


def test_what_is_held_out_is_not_trained_on(collection):
    held_out, others = read_catalogue(collection, 2)
    assert len(held_out) == 2
    assert len(others) == 4
    paintings = read_paintings(collection, held_out=2)
    assert paintings.held_out == [painting.path for painting in held_out]
    faces = thumbnails([squared(painting.open()) for painting in held_out])
    seen = paintings.pictures.permute(0, 2, 3, 1).numpy()
    assert not any(is_twin(one, faces) for one in seen)


def test_the_twin_of_a_held_out_work_is_left_out_too(tmp_path):
    folder = make_collection(tmp_path / "data")
    held_out, _ = read_catalogue(folder, 2)
    before = read_paintings(folder, held_out=2)
    entries = [(as_jpeg(picture(n)), STYLES[n % 2], "Many") for n in range(16)]
    twin = held_out[0].open().resize((128, 128)).point(lambda value: value * 0.8 + 20)
    write_parquet(folder, [*entries, (as_jpeg(twin), STYLES[0], "Many")])
    assert read_paintings(folder, held_out=2).works == before.works


def test_the_order_and_so_what_is_held_out_is_always_the_same(collection):
    one, two = (read_paintings(collection, held_out=3) for _ in range(2))
    assert one.held_out == two.held_out
    assert torch.equal(one.pictures, two.pictures)
    assert torch.equal(one.work, two.work)


def test_a_folder_without_its_catalogue_is_refused(tmp_path):
    with pytest.raises(Refused, match=r"no .*CATALOGUE\.csv: name the folder"):
        read_paintings(tmp_path)


def test_holding_out_more_than_there_are_is_refused(collection):
    with pytest.raises(Refused, match="6 paintings, fewer than the 200 held out"):
        read_paintings(collection)


def test_a_collection_without_small_works_is_refused(tmp_path):
    folder = make_collection(tmp_path / "data")
    shutil.rmtree(folder / "train_art128")
    with pytest.raises(Refused, match="no train_art128"):
        read_paintings(folder, held_out=2)


@pytest.mark.parametrize("damage", ["missing", "half", "text"])
def test_a_damaged_painting_is_refused_by_its_name(tmp_path, damage):
    folder = make_collection(tmp_path / "data")
    path = folder / "paintings" / "work-3.jpg"
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:900] if damage == "half" else b"no picture")
    with pytest.raises(Refused, match=r"work-3\.jpg cannot be read as a picture: put it back"):
        read_paintings(folder, held_out=2)


def test_without_pyarrow_it_says_what_to_install(collection, monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **named):
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Refused, match="needs pyarrow: pip install pyarrow"):
        read_paintings(collection, held_out=2)
