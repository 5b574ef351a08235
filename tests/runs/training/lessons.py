"""Texts that a gallery learns from, and the smallest training there is."""

from __future__ import annotations

import json
from typing import Any

from tests.generators.char_rnn.writers import TEXT
from tests.servers import Gallery

PARAMS = {"steps": 30, "units": 32, "dropout": 0.2}

HANG = """
from gallery.works.ingest import prepare
from gallery.works.services import accession, person

def hang(text, title, maker, hung=True):
    work = accession(prepare("text", text.encode()), maker=person(maker), title=title,
                     licence="CC0 1.0")
    if hung:
        work.hang()
    return work
"""
TRAIN = """
from gallery.runs.training.collection import Collection
from gallery.runs.training.services import request_training
from generators.training.trainers import TRAINERS

def train(words="", **asked):
    asked = {"generator": "char_rnn", "params": PARAMS, "name": "Cats", "seed": 5} | asked
    return request_training(collection=Collection(TRAINERS["char_rnn"], words), **asked)
"""


def hang_texts(gallery: Gallery, texts: dict[str, str] | None = None) -> None:
    """Hang texts by Ada, by their titles; without any, the two halves of a longer one."""
    half = len(TEXT) // 2
    texts = texts or {"Cats, part one": TEXT[:half], "Cats, part two": TEXT[half:]}
    gallery.python(f"{HANG}\nfor title, text in {texts!r}.items(): hang(text, title, 'Ada')")


def request(gallery: Gallery, **asked: Any) -> str:
    """Queue a training, as another process would; return the run's code."""
    asked = {"params": PARAMS, **asked}
    code = f"PARAMS = {PARAMS!r}\n{TRAIN}\nprint(train(**{asked!r}).code)"
    return gallery.python(code).strip()


TELL = """
import hashlib, json
from gallery.runs.models import Run
run = Run.objects.get(code=CODE)
left = run.learnt
told = {"state": run.state, "error": run.error, "attempt": run.attempt, "left": None,
        "bookmarked": hasattr(run, "bookmark"),
        "lessons": run.inputs.lessons().count()}
if left:
    with left.file.open("rb") as file:
        found = hashlib.sha256(file.read()).hexdigest()
    told["left"] = {"sha256": left.sha256, "found": found, "size": left.size,
                    "facts": left.facts, "source": left.source}
print(json.dumps(told))
"""


def told(gallery: Gallery, code: str) -> dict[str, Any]:
    """How a training stands, and what it left."""
    answer: dict[str, Any] = json.loads(gallery.python(f"CODE = {code!r}\n{TELL}"))
    return answer
