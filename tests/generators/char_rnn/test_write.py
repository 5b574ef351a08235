"""Pieces: begun as asked, ended where a reader would, with a record that can be checked."""

import pytest
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from generators.char_rnn.params import CharRNNParams
from generators.char_rnn.write import ending, write
from generators.nets.written import open_writer
from generators.refused import Refused
from tests.generators.char_rnn.writers import TEXT, save_writer


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return save_writer(tmp_path_factory.mktemp("writer") / "cat.safetensors")


def piece(file, seed=1, **params):
    values = {"writer": f"file:{file}", "shortest": 40, "longest": 200, **params}
    return list(write(CharRNNParams(**values), seed=seed))[-1]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("One line.\nTwo lines.\n\nAnother.", "One line.\nTwo lines."),
        ("A short stop. A longer one! And then some mo", "A short stop. A longer one!"),
        ('He said "so it is." And went o', 'He said "so it is."'),
        ("床前明月光，疑是地上霜。舉頭望", "床前明月光，疑是地上霜。"),
        ("no stops at all\nbut lines of wor", "no stops at all"),
        ("only words without any oth", "only words without any"),
        ("x" * 40, "x" * 40),
        ("3.14 is no end of a sentence, is it", "3.14 is no end of a sentence, is"),
    ],
)
def test_a_piece_ends_where_a_reader_would_stop(text, kept):
    assert text[: ending(text, 10)] == kept


def test_an_early_paragraph_does_not_end_it():
    assert ending("Hm.\n\nA longer paragraph here.\n\nMore", 10) == 29


@pytest.mark.parametrize("seed", range(5))
def test_a_piece_keeps_to_its_window(file, seed):
    found = piece(file, seed)
    assert 30 <= len(found.text) <= 200
    assert found.text == found.text.rstrip()


def test_first_words_begin_it_and_cost_nothing(file):
    found = piece(file, prompt="The cat ")
    assert found.text.startswith("The cat")
    surprisal = found.facts["surprisal"].split(" ")
    assert len(surprisal) == len(found.text)
    assert surprisal[:7] == ["-"] * 7
    assert "-" not in surprisal[7:]


def test_words_that_it_never_read_are_refused(file):
    with pytest.raises(Refused, match="never read ß ü: choose other first words"):
        piece(file, prompt="üß")


def test_its_bits_are_the_sum_of_its_surprisal_at_temperature_1(file):
    found = piece(file, temperature=1.0)
    tenths = [int(bits) for bits in found.facts["surprisal"].split(" ")]
    assert float(found.facts["bits_of_chance"]) == pytest.approx(sum(tenths) / 10, abs=5)


def test_what_it_copied_is_told(file):
    found = piece(file, prompt=TEXT.splitlines()[6][:24])
    begins, copied = int(found.facts["copy_begins"]), int(found.facts["copied"])
    passage = found.text[begins : begins + copied]
    assert len(passage) == copied >= 12
    assert passage in TEXT
    assert found.facts["weights_sha256"] == open_writer(f"file:{file}").sha256


@pytest.mark.parametrize("spoil", ["missing", "cut", "network", "nan", "alphabet"])
def test_a_file_that_is_no_writer_is_refused(file, tmp_path, spoil):
    other = tmp_path / "other.safetensors"
    tensors = load_file(file)
    with safe_open(file, "pt") as opened:
        told = opened.metadata()
    if spoil == "cut":
        other.write_bytes(file.read_bytes()[:5000])
    elif spoil == "network":
        save_file({"weight": tensors["head.weight"]}, other)
    elif spoil == "nan":
        tensors["head.bias"][3] = float("nan")
        save_file(tensors, other, metadata=told)
    elif spoil == "alphabet":
        save_file(tensors, other, metadata={"writer": '{"alphabet": "abc"}'})
    with pytest.raises(Refused, match=r"other\.safetensors"):
        open_writer(f"file:{other}")


def test_an_unknown_writer_is_refused():
    with pytest.raises(Refused, match="no writer 'kafka'"):
        open_writer("kafka")
