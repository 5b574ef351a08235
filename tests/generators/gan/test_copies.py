import torch

from generators.gan.artist import Artist
from generators.gan.copies import Corpus
from tests.generators.gan.painters import pictures


def test_what_it_learnt_is_told_to_be_a_copy_by_name_and_mirrored_too(artist: Artist) -> None:
    shown = pictures(3)
    for seen in (shown, shown.flip(3)):
        found = artist.corpus.nearest(seen)
        assert [nearest.name for nearest in found] == ["work 0", "work 1", "work 2"]
        assert all(nearest.copied for nearest in found)


def test_a_quarter_of_a_work_in_another_picture_is_told_to_be_a_copy(artist: Artist) -> None:
    pasted = pictures(1, first=2000)
    pasted[0, :, 32:, 32:] = pictures(8)[7, :, :32, :32]
    (nearest,) = artist.corpus.nearest(pasted)
    assert nearest.part_name == "work 7"
    assert nearest.part_share < 0.1
    assert nearest.name != "work 7"


def test_few_new_pictures_of_the_same_kind_count_as_copies(artist: Artist) -> None:
    found = artist.corpus.nearest(pictures(40, first=3000))
    assert sum(nearest.copied for nearest in found) <= 8


def test_a_share_is_that_of_held_out_pictures_that_come_nearer() -> None:
    held_out = pictures(10, first=500)
    corpus = Corpus.of([str(n) for n in range(30)], pictures(30), held_out)
    shares = sorted(nearest.share for nearest in corpus.nearest(held_out))
    assert shares == [rank / 10 for rank in range(10)]


def test_a_file_keeps_all_that_is_needed(artist: Artist) -> None:
    corpus = artist.corpus
    again = Corpus.from_tensors(corpus.names, corpus.as_tensors())
    seen = pictures(4, first=50)
    assert again.nearest(seen) == corpus.nearest(seen)
    assert corpus.wholes.places.dtype == torch.int8
