"""The process that paints, spoken to as its parent does."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from gallery.runs.painter import read_styles
from generators.catalog import GENERATORS
from generators.pictures import to_png
from tests.faults.witness import lives
from tests.servers import ROOT, wait_until

pytestmark = pytest.mark.any_database


class Painter:
    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gallery.runs.painter",
                "--parent",
                str(os.getpid()),
                *arguments,
            ],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def told(self) -> dict[str, Any]:
        assert self.process.stdout
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return told

    def paint(self, output: Path, **job: Any) -> list[dict[str, Any]]:
        """All that it says about one job."""
        assert self.process.stdin
        job = {"generator": "entropy", "params": {"size": 64}, "seed": 1} | job
        self.process.stdin.write(json.dumps(job | {"output": str(output)}) + "\n")
        self.process.stdin.flush()
        heard = [self.told()]
        while heard[-1]["kind"] == "frame":
            heard.append(self.told())
        return heard


@contextmanager
def painting(*arguments: str) -> Iterator[Painter]:
    painter = Painter(*arguments)
    try:
        yield painter
    finally:
        painter.process.kill()
        painter.process.wait()


@pytest.fixture(scope="module")
def painter() -> Iterator[Painter]:
    with painting() as one:
        assert one.told()["kind"] == "ready"
        yield one


def test_it_writes_the_picture_that_the_generator_alone_makes(painter, tmp_path):
    *frames, done = painter.paint(tmp_path / "new" / "0.bytes", seed=5)
    assert done["kind"] == "done"
    assert frames[-1]["step"] == frames[-1]["steps"]
    assert frames[-1]["image"]
    entropy = GENERATORS["entropy"]
    alone = list(entropy.load()(entropy.parse({"size": 64}), seed=5))[-1]
    assert alone.image is not None
    assert (tmp_path / "new" / "0.bytes").read_bytes() == to_png(alone.image)
    assert not list(tmp_path.glob("new/*.part"))


def test_it_tells_what_the_bytes_depend_on(painter, tmp_path):
    facts = painter.paint(tmp_path / "0")[-1]["facts"]
    assert facts["version"] == str(GENERATORS["entropy"].version)
    assert facts["device"] == "cpu"
    assert facts["torch"].startswith("2.")


def test_it_writes_texts(painter, tmp_path):
    *frames, done = painter.paint(tmp_path / "0", generator="letters", params={"length": 100})
    assert done["kind"] == "done"
    assert frames[-1]["text"] == (tmp_path / "0").read_text()


def test_a_refusal_is_told_and_the_next_job_is_painted(painter, tmp_path):
    for wrong in ({"generator": "rembrandt"}, {"params": {"size": -1}}):
        told = painter.paint(tmp_path / "0", **wrong)[-1]
        assert told["kind"] == "refused"
        assert told["reason"].endswith(".")
    flat = tmp_path / "flat.txt"
    flat.write_text("not a picture")
    told = painter.paint(tmp_path / "0", generator="inceptionism", content_file=str(flat))[-1]
    assert told["kind"] == "refused"
    assert not (tmp_path / "0").exists()
    assert painter.paint(tmp_path / "0")[-1]["kind"] == "done"


GUIDED = {"size": 64, "octaves": 1, "steps": 2, "layer": "shallow", "network": "random"}


def picture(path: Path, sigma: float) -> str:
    Image.effect_noise((80, 60), sigma).convert("RGB").save(path)
    return str(path)


def test_it_hands_style_works_to_the_generator(painter, tmp_path):
    made = set()
    for sigma in (20, 90):
        job = {"generator": "inceptionism", "params": GUIDED | {"objective": "guide"}}
        guide = picture(tmp_path / f"style {sigma}.png", sigma)
        assert painter.paint(tmp_path / "0", **job, style_files=[guide])[-1]["kind"] == "done"
        made.add((tmp_path / "0").read_bytes())
    assert len(made) == 2


def test_a_style_is_read_at_the_size_of_its_brushwork(tmp_path):
    Image.effect_noise((400, 300), 60).convert("RGB").save(tmp_path / "fine.png")
    params = GENERATORS["deep_style"].parse({"size": 64, "style_scale": 2.0})
    (style,) = read_styles(params, {"style_files": [str(tmp_path / "fine.png")]})
    assert style.shape == (3, 96, 128)


def test_it_paints_one_work_in_the_manner_of_others(painter, tmp_path):
    files = [picture(tmp_path / f"{sigma}.png", sigma) for sigma in (20, 60, 90)]
    job: dict[str, Any] = {"generator": "deep_style", "content_file": files[0]}
    job["params"] = {"size": 64, "steps": 10, "network": "random", "weight_2": 3}
    made: dict[tuple[str, ...], set[bytes]] = {}
    for styles in (files[1:], files[:0:-1], files[1:]):  # the order is that of the weights
        assert painter.paint(tmp_path / "0", **job, style_files=styles)[-1]["kind"] == "done"
        made.setdefault(tuple(styles), set()).add((tmp_path / "0").read_bytes())
    there, back = made.values()
    assert (len(there), len(back)) == (1, 1)
    assert there != back


@pytest.mark.parametrize("wrong", ["missing", "broken"])
def test_a_style_that_cannot_be_read_is_refused_by_its_name(painter, tmp_path, wrong):
    path = tmp_path / "style 2.webp"
    if wrong == "broken":
        path.write_bytes(b"RIFF but no picture")
    files = [picture(tmp_path / "style 1.png", 40), str(path)]
    told = painter.paint(tmp_path / "0", generator="deep_style", params={}, style_files=files)[-1]
    assert told["kind"] == "refused"
    assert "style 2.webp" in told["reason"]
    assert not (tmp_path / "0").exists()


def test_an_accident_is_told_and_ends_the_process(tmp_path):
    with painting() as painter:
        painter.told()
        (tmp_path / "file").touch()
        told = painter.paint(tmp_path / "file" / "0")[-1]
        assert told["kind"] == "failed"
        assert "FileExistsError" in told["reason"]
        assert painter.process.wait(10) != 0


def test_it_imports_no_django(tmp_path):
    code = (
        "import sys, gallery.runs.painter, generators.pictures\n"
        "from generators.catalog import GENERATORS\n"
        "for generator in GENERATORS.values(): generator.load()\n"
        "print([name for name in sys.modules if name.partition('.')[0] == 'django'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_it_ends_when_nobody_talks_to_it_any_more(tmp_path):
    with painting() as painter:
        painter.told()
        assert painter.process.stdin
        painter.process.stdin.close()
        assert painter.process.wait(5) == 0


def test_it_ends_in_the_midst_of_a_picture_when_its_parent_is_killed(tmp_path):
    """The parent here is a shell that started the painter with a stdin that stays open."""
    params = {"size": 512, "network": "random"}
    job = {"generator": "inceptionism", "params": params, "seed": 1, "output": "/dev/null"}
    (tmp_path / "job").write_text(json.dumps(job) + "\n")
    (tmp_path / "out").touch()  # read below before the shell may have made it
    start = (
        f"tail -f {tmp_path / 'job'} | {sys.executable} -m gallery.runs.painter --parent $$"
        f" > {tmp_path / 'out'} & echo $!; wait"
    )
    parent = subprocess.Popen(
        ["bash", "-c", start], cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        wait_until(lambda: '"frame"' in (tmp_path / "out").read_text(), what="the first frame")
        parent.kill()
        wait_until(lambda: not lives(pid), seconds=3, what="the painter's end")
    finally:
        os.killpg(parent.pid, 9)
        parent.wait()


def test_the_web_process_does_not_load_torch(tmp_path):
    code = (
        "import sys, gallery.asgi\n"
        "from django.urls import get_resolver\n"
        "get_resolver().url_patterns\n"
        "print('torch' in sys.modules)"
    )
    environment = {**os.environ, "VAR_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"


def test_it_hands_a_text_to_the_generator(painter, tmp_path):
    job = {"generator": "letters", "params": {"variant": "shuffled words"}}
    told = painter.paint(tmp_path / "0", **job, content_text="one two three four five six\n")[-1]
    assert told["kind"] == "done"
    assert told["facts"]["bits_of_chance"] == "9.5"  # log2 of 6!
    made = (tmp_path / "0").read_text()
    assert sorted(made.split()) == ["five", "four", "one", "six", "three", "two"]
    assert (
        painter.paint(tmp_path / "1", **job)[-1]["reason"] == "This works on a text: give it one."
    )
    short = painter.paint(tmp_path / "1", **job, content_text="too short\n")[-1]
    assert "at least 20 letters" in short["reason"]
    assert not (tmp_path / "1").exists()
