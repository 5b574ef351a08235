"""The first room: what a fresh gallery paints, hangs and asks about by itself."""

from collections.abc import Callable

from django.core.management import call_command
from django.db import transaction
from django.utils.translation import pgettext

from gallery.runs.models import Run, State
from gallery.runs.services import request_run, retry_run
from gallery.studies.blueprints import DEFAULT
from gallery.studies.models import Study
from gallery.studies.services import open_study
from gallery.works.models import Artwork, Medium, Origin

SEED = 1997  # of everything here, so that every fresh gallery opens with the same pictures
TRIALS = 16  # works in a sitting
KEPT_BACK = 2  # works of each origin that are not rated: the preview, and the gallery at once

# What the machines paint first: generator, params. Of noise and plain fields one of each is an
# anchor of the study, and one is there to practise on.
DREAM: dict[str, object] = {"size": 448, "steps": 20}
FIRST_RUNS: list[tuple[str, dict[str, object]]] = [
    ("inceptionism", DREAM | {"units": 2}),
    ("inceptionism", DREAM | {"units": 3}),
    ("inceptionism", DREAM | {"units": 4}),
    ("inceptionism", DREAM | {"layer": "deepest", "units": 2}),
    ("inceptionism", DREAM | {"layer": "deepest", "units": 3}),
    ("inceptionism", DREAM | {"layer": "middle", "units": 2}),
    ("inceptionism", DREAM | {"objective": "direction", "layer": "middle"}),
    ("inceptionism", DREAM | {"network": "random", "network_seed": 3, "units": 3}),
    ("gan", {"size": 448}),
    ("gan", {"size": 448}),
    ("can", {"size": 448, "wish": 0.25}),
    ("can", {"size": 448, "wish": 1.0}),
    ("entropy", {"variant": "uniform noise"}),
    ("entropy", {"variant": "uniform noise"}),
    ("entropy", {"variant": "natural spectrum"}),
    ("entropy", {"variant": "plain field"}),
    ("entropy", {"variant": "plain field"}),
    ("letters", {"variant": "english frequencies"}),
    ("char_rnn", {"temperature": 0.6}),
    ("char_rnn", {"temperature": 1.0}),
    ("char_rnn", {"writer": "tang", "temperature": 0.7, "longest": 200}),
]


def open_first_room(say: Callable[[str], object]) -> None:
    """Commission the first machine works, hang them, and open one study.

    Does nothing where a study exists or an admin has commissioned anything. Goes on where an
    earlier start was interrupted, and tries again what failed then.
    """
    if Study.objects.exists() or Run.objects.exclude(requested_by=None).exists():
        return
    with transaction.atomic():
        if not Run.objects.exists():
            for n, (generator, params) in enumerate(FIRST_RUNS):
                request_run(generator=generator, params=params, seed=SEED + n)
    for run in Run.objects.filter(state=State.FAILED):
        retry_run(run)
    say("The machines paint their first works. This happens once and takes about a minute.")
    call_command("paintworker", until_empty=True)
    for artwork in Artwork.objects.candidates().filter(output__run__requested_by=None):
        artwork.hang()
    works = first_works()
    if len(works) < TRIALS:
        say("Too few works came out for a study; the studio tells why. The next start tries again.")
        return
    # Kept in English, as commands speak; pages translate them. The context keeps out the words of
    # other studies, whose titles may be words of this interface.
    open_study(
        title=pgettext("study", "First light"),
        slug="first-light",
        purpose=pgettext(
            "study",
            "How do pictures by people and by machines compare when nobody knows whose they are?",
        ),
        medium=Medium.IMAGE,
        artwork_ids=works,
        trials_per_rater=TRIALS,
        seed=SEED,
        rules=DEFAULT.rules,
    )
    say("Opened the first study.")


def first_works() -> list[int]:
    """As many pictures of either origin, less those kept back: the oldest first."""
    pictures = Artwork.objects.hung().as_sharp_as_any().filter(medium=Medium.IMAGE).order_by("pk")
    dreams = pictures.filter(origin=Origin.MACHINE).artists_works()
    people = pictures.filter(origin=Origin.HUMAN)
    each = max(0, min(len(people), len(dreams)) - KEPT_BACK)
    return [work.pk for work in [*people[:each], *dreams[:each]]]
