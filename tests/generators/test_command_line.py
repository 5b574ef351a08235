"""`python -m generators`, as its user meets it."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout

import pytest
import torch
from PIL import Image

from generators.__main__ import main
from generators.catalog import GENERATORS
from generators.pictures import to_png


def run(*arguments):
    """In this process, where torch is there already."""
    told, complained = io.StringIO(), io.StringIO()
    with redirect_stdout(told), redirect_stderr(complained):
        try:
            code = main([*map(str, arguments)])
        except SystemExit as ended:  # argparse's way
            code = int(ended.code or 0)
    return subprocess.CompletedProcess(arguments, code, told.getvalue(), complained.getvalue())


def run_apart(*arguments):
    command = [sys.executable, "-m", "generators", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_lists_every_generator_without_importing_torch():
    code = "import sys; from generators.__main__ import main; code = main(['list'])\n"
    code += "sys.exit(code or ('torch' in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(GENERATORS)


def test_the_json_list_holds_the_schema_of_the_params():
    listed = {entry["name"]: entry for entry in json.loads(run("list", "--json").stdout)}
    assert list(listed) == list(GENERATORS)
    entry = listed["inceptionism"]
    assert entry["medium"] == "image"
    assert entry["content"] == "optional"
    assert entry["params"]["properties"]["size"]["maximum"] == 2048


def test_a_json_list_ends_with_a_line():
    assert run("list", "--json").stdout.endswith("]\n")


@pytest.mark.parametrize("arguments", [["list"], ["list", "--json"]])
def test_a_reader_who_has_seen_enough_is_no_error(arguments):
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "generators", *arguments]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_it_paints_a_picture_of_the_size_asked(tmp_path):
    out = tmp_path / "noise.png"
    done = run_apart(
        "paint", "entropy", "--seed", 7, "--size", 80, "--param", "aspect=2", "-o", out
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert Image.open(out).size == (80, 40)
    assert os.listdir(tmp_path) == ["noise.png"]


def test_it_works_on_a_content_picture(tmp_path):
    picture = torch.rand(3, 50, 100, generator=torch.Generator().manual_seed(1))
    (tmp_path / "in.png").write_bytes(to_png(picture))
    out = tmp_path / "out.png"
    small = ("--size", 64, "--param", "steps=2", "--param", "octaves=1")
    done = run("paint", "inceptionism", *small, "--content", tmp_path / "in.png", "-o", out)
    assert (done.returncode, done.stderr) == (0, "")
    assert Image.open(out).size == (64, 32)


def test_it_paints_in_the_manner_of_others(tmp_path):
    rng = torch.Generator().manual_seed(1)
    for name in ("content", "style", "other"):
        (tmp_path / f"{name}.png").write_bytes(to_png(torch.rand(3, 64, 64, generator=rng)))
    out = tmp_path / "out.png"
    asked = ("deep_style", "--size", 64, "--param", "steps=10", "-o", out)
    works = ("--content", tmp_path / "content.png", "--style", tmp_path / "style.png")
    done = run("paint", *asked, *works, "--style", tmp_path / "other.png")
    assert (done.returncode, done.stderr) == (0, "")
    assert Image.open(out).size == (64, 64)
    lacking = run("paint", *asked, "--content", tmp_path / "content.png")
    assert lacking.returncode == 2
    assert "needs a style: name one or more with --style" in lacking.stderr
    many = run("paint", *asked, *works, *("--style", tmp_path / "other.png") * 4)
    assert many.returncode == 2
    assert "takes at most 4 of --style" in many.stderr


def test_it_writes_a_text(tmp_path):
    out = tmp_path / "letters.txt"
    assert run("paint", "letters", "--param", "variant=one phrase", "-o", out).returncode == 0
    lines = out.read_text().splitlines()
    assert len(lines) > 3
    assert len(set(lines)) == 1


def test_it_shuffles_a_text(tmp_path):
    (tmp_path / "in.txt").write_bytes("\ufeffwords and words\r\nand \x1b[31mother words".encode())
    out = tmp_path / "out.txt"
    asked = ("letters", "--param", "variant=shuffled words", "--content", tmp_path / "in.txt")
    done = run("paint", *asked, "-o", out)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(out.read_text().split()) == ["[31mother", "and", "and", "words", "words", "words"]
    assert [len(line.split()) for line in out.read_text().splitlines()] == [3, 3]


SHUFFLE = ["letters", "--param", "variant=shuffled words", "-o", "{}/x.txt", "--content"]
REFUSALS = {
    "an unknown generator": (["sorrow", "-o", "{}/x.png"], "no generator 'sorrow'"),
    "an unknown param": (
        ["entropy", "--param", "joy=1", "-o", "{}/x.png"],
        "joy: there is no such parameter",
    ),
    "a param out of range": (["entropy", "--size", "5", "-o", "{}/x.png"], "size: input should be"),
    "a param without a value": (["entropy", "--param", "size", "-o", "{}/x.png"], "NAME=VALUE"),
    "a wrong suffix": (["letters", "-o", "{}/x.png"], "end the output name in .txt"),
    "a missing folder": (["entropy", "-o", "{}/no/x.png"], "cannot be written: No such file"),
    "a folder as output": (["entropy", "-o", "{}/folder.png"], "is a folder"),
    "a seed out of range": (["entropy", "--seed", "-1", "-o", "{}/x.png"], "The seed must be"),
    "a seed that is no number": (["entropy", "--seed", "x", "-o", "{}/x.png"], "invalid int"),
    "no output": (["entropy"], "required: -o/--output"),
    "content it has no use for": (
        ["entropy", "--content", "{}/broken.png", "-o", "{}/x.png"],
        "leave out --content",
    ),
    "no content where it needs one": (
        ["entropy", "--param", "variant=colours of the content", "-o", "{}/x.png"],
        "name it with --content",
    ),
    "a text that is not UTF-8": ([*SHUFFLE, "{}/broken.png"], "byte 1 is 0x89. Save it as UTF-8"),
    "a text with NUL": ([*SHUFFLE, "{}/nul.txt"], "contains NUL"),
    "a text that is missing": ([*SHUFFLE, "{}/none.txt"], "There is no file"),
    "a text that is a folder": ([*SHUFFLE, "{}/folder.png"], "cannot be read"),
    "missing content": (
        ["inceptionism", "--content", "{}/none.png", "-o", "{}/x.png"],
        "There is no file",
    ),
    "broken content": (
        ["inceptionism", "--content", "{}/broken.png", "-o", "{}/x.png"],
        "use a whole JPEG, PNG or WebP picture",
    ),
    "an unknown device": (
        ["entropy", "--device", "abacus", "-o", "{}/x.png"],
        "no device 'abacus'",
    ),
    "a device that holds no numbers": (
        ["entropy", "--device", "meta", "-o", "{}/x.png"],
        "no device 'meta'",
    ),
    "a size said twice": (
        ["entropy", "--size", "64", "--param", "size=128", "-o", "{}/x.png"],
        "size is given twice",
    ),
    "a param said twice": (
        ["entropy", "--param", "alpha=1", "--param", "alpha=2", "-o", "{}/x.png"],
        "alpha is given twice",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), REFUSALS.values(), ids=REFUSALS.keys())
def test_it_refuses_with_one_sentence_and_writes_nothing(tmp_path, arguments, message):
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n but no more")
    (tmp_path / "nul.txt").write_bytes(b"no\0text")
    done = run("paint", *(argument.format(tmp_path) for argument in arguments))
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(os.listdir(tmp_path)) == ["broken.png", "folder.png", "nul.txt"]


def test_a_failure_while_painting_leaves_the_old_file(tmp_path):
    (tmp_path / "flat.png").write_bytes(to_png(torch.full((3, 64, 64), 0.5)))
    out = tmp_path / "out.png"
    out.write_bytes(b"old")
    done = run("paint", "inceptionism", "--content", tmp_path / "flat.png", "-o", out)
    assert done.returncode == 1
    assert "one flat colour" in done.stderr
    assert out.read_bytes() == b"old"
    assert sorted(os.listdir(tmp_path)) == ["flat.png", "out.png"]


def test_an_interrupt_leaves_no_half_file(tmp_path):
    out = tmp_path / "out.png"
    command = [sys.executable, "-m", "generators", "paint", "inceptionism"]
    command += ["--size", "128", "--param", "steps=100", "-o", str(out)]
    child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    while not os.listdir(tmp_path):  # the unfinished file marks the start of painting
        assert child.poll() is None
        time.sleep(0.05)
    child.send_signal(signal.SIGINT)
    _, complaint = child.communicate(timeout=30)
    # Python ends by the signal itself if it was importing; a shell reports 130 for either.
    assert child.returncode in (130, -signal.SIGINT)
    assert "Traceback" not in complaint
    assert os.listdir(tmp_path) == []
