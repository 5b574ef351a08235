"""Kill what learns: it goes on from its last state and leaves what an undisturbed training does."""

import hashlib
import json

import torch

from generators.char_rnn.params import WriterTrainingParams
from generators.training.read import learn
from tests.faults.test_killed import QUICK, working
from tests.faults.witness import ask, kill, wait_for, wait_for_painter
from tests.servers import wait_until

TEXTS = [
    "\n".join(f"{n} hills, {n * n % 97} moons and {n * 7 % 13} long roads." for n in some)
    for some in (range(at, at + 90) for at in range(0, 900, 90))
]
PARAMS = {"steps": 700, "units": 48}
ASK = f"""
import json
from gallery.runs.training import request_training
from tests.factories import make_artwork
for text in {TEXTS!r}:
    make_artwork(medium="text", text=text)
print(request_training(generator="char_rnn", params={PARAMS!r}, name="Roads", seed=3).code)
"""
SAMPLE = """
import json
from gallery.runs.models import Checkpoint, Run
from gallery.runs.services import request_run
from django.core.management import call_command
left = Checkpoint.objects.get()
run = request_run(generator="char_rnn", params={"longest": 200, "shortest": 20}, checkpoint=left)
call_command("paintworker", until_empty=True)
run.refresh_from_db()
work = run.outputs.get().artwork
print(json.dumps([run.state, run.error, work.recipe, left.facts, left.sha256, work.text]))
"""


def undisturbed(folder) -> str:
    """The hash of what the same training leaves without a gallery."""
    (folder / "texts").mkdir()
    for number, text in enumerate(TEXTS):
        (folder / "texts" / f"{number:05}.txt").write_text(text)
    output = folder / "weights.safetensors"
    paths = {"collection": folder / "texts", "checkpoint": folder / "state.safetensors"}
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    list(learn(WriterTrainingParams(**PARAMS), **paths, output=output, seed=3))
    torch.set_num_threads(threads)
    return hashlib.sha256(output.read_bytes()).hexdigest()


def test_a_killed_training_leaves_what_an_undisturbed_one_does_and_runs_sample_from_it(
    gallery, tmp_path
):
    shared = gallery(**QUICK)
    code = shared.python(ASK).strip()
    with working(shared) as first:
        wait_until(lambda: ask(shared, "select 1 from runs_interim"), what="a first state")
        kill(wait_for_painter(first.pid))  # what learns
        wait_for(shared, code, attempt=2)
        wait_until(
            lambda: ask(shared, "select 1 from runs_preview where text != ''"), what="a sample"
        )
        first.kill()  # and then who looks after it
        first.wait()
    with working(shared):
        wait_for(shared, code, state="done")
    ((sha256, name),) = ask(shared, "select sha256, name from runs_checkpoint")
    assert name == "Roads"
    assert not ask(shared, "select 1 from runs_interim")
    assert sha256 == undisturbed(tmp_path)
    state, error, recipe, facts, hashed, text = json.loads(shared.python(SAMPLE).splitlines()[-1])
    assert (state, error) == ("done", "")
    assert recipe["checkpoint"]["sha256"] == hashed == recipe["weights_sha256"]
    assert recipe["params"]["writer"] == "checkpoint: Roads"
    assert float(facts["held_out_nats"]) < 3
    assert len(text) >= 20


def test_a_cancelled_training_leaves_nothing(gallery):
    shared = gallery(**QUICK)
    code = shared.python(ASK).strip()
    with working(shared):
        wait_for(shared, code, state="running")
        wait_until(lambda: ask(shared, "select 1 from runs_run where step > 0"), what="a step")
        shared.python(
            f"from gallery.runs.models import Run\nRun.objects.get(code='{code}').cancel()"
        )
        spool = shared.folder / "media" / "spool"
        wait_until(lambda: not any(spool.iterdir()), what="the clearing of the spool")
    assert not ask(shared, "select 1 from runs_checkpoint")


def test_texts_of_one_repeated_character_are_refused_with_a_reason(gallery):
    shared = gallery(**QUICK)
    repeated = ASK.replace(repr(TEXTS), repr(["a" * 3000]))
    code = shared.python(repeated).strip()
    shared.manage("paintworker", "--until-empty")
    ((state, error),) = ask(shared, "select state, error from runs_run")
    assert state == "failed"
    assert "repeats one character" in error
    assert code
