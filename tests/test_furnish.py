"""A fresh gallery makes itself ready, whatever happens on the way."""

import json
import signal
import subprocess
import sys
import time

import pytest

from tests.servers import ROOT, Gallery, wait_until

LOOK = """
import json
from gallery.runs.models import Output, Run
from gallery.studies.models import Study, StudyWork
from gallery.works.models import Artwork
print(json.dumps({
    "runs": Run.objects.count(),
    "outputs": Output.objects.count(),
    "states": sorted(set(Artwork.objects.values_list("state", flat=True))),
    "people": Artwork.objects.hung().filter(origin="human").count(),
    "studies": list(Study.objects.values_list("slug", "state")),
    "studied": StudyWork.objects.count(),
    "hung": sorted(str(at) for at in Artwork.objects.values_list("hung_at", flat=True)),
}))
"""


# The same with works that take their machines no time.
IN_A_HURRY = """
import django
django.setup()
from django.core.management import call_command
from gallery import opening
for generator, params in opening.FIRST_RUNS:
    if generator == "inceptionism":
        params |= {"steps": 1, "octaves": 1}
call_command("furnish")
"""


@pytest.mark.any_database
@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    "furnish",
    [
        pytest.param(["-c", IN_A_HURRY], id="in a hurry"),
        pytest.param(["manage.py", "furnish"], marks=pytest.mark.soak, id="as it is"),
    ],
)
def test_a_fresh_gallery_opens_even_if_its_first_start_was_interrupted(tmp_path, furnish):
    gallery = Gallery(tmp_path / "gallery")
    first = subprocess.Popen(
        [sys.executable, *furnish],
        cwd=ROOT,
        env=gallery.environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    log = first.stderr
    assert log
    wait_until(lambda: "work 1 of 1 made" in log.readline(), seconds=120)
    first.send_signal(signal.SIGINT)
    assert first.wait(30) != 0
    assert json.loads(gallery.python(LOOK))["studies"] == []

    gallery.manage("furnish")
    furnished = json.loads(gallery.python(LOOK))
    assert furnished["runs"] == furnished["outputs"] == 21
    assert furnished["states"] == ["hung"]
    assert furnished["studies"] == [["first-light", "open"]]
    # Eleven of people's pictures are large enough, two are kept back; anchors, practice, preview.
    rated, beside = 2 * (11 - 2), 2 + 2 + 4
    assert furnished["studied"] == rated + beside

    began = time.monotonic()
    gallery.manage("furnish")
    assert time.monotonic() - began < 5
    assert json.loads(gallery.python(LOOK)) == furnished
    assert (gallery.folder / "secret_key").stat().st_mode & 0o077 == 0


def test_starting_never_hangs_what_an_admin_has_not_decided_on(db, capsys):
    from gallery.opening import open_first_room
    from tests.factories import make_artwork, make_run, make_user

    run = make_run(requested_by=make_user(admin=True))
    candidate = make_artwork("machine", hung=False)
    run.outputs.create(index=0, artwork=candidate)
    open_first_room(print)
    candidate.refresh_from_db()
    assert candidate.state == "candidate"
    assert not capsys.readouterr().out
