"""Attack a whole gallery and say how blind it is.

    python -m tests.blindness [--human FOLDER] [--out FILE] [--works N] [--histories]

Hangs at least N works by people, from FOLDER through `import_works`, and as many by real runs of
every machine that paints; opens a study of them; serves it as `make run` does; sits it as raters
would; and tries to tell the two sides apart (see `tests.blindness.attack`):

(a) by everything but the picture: must be guessing;
(b) by what the pixels tell of how the files were made, on paintings that are given two histories
    each, one as people upload and one as machines leave pictures of 448 and 400 px: must be
    guessing too; of 320 and 256 px, which no study takes, for comparison (`--histories` does this
    part alone);
(c) by the same pixel statistics on the works themselves, where what was painted shows as well;
(d) by everything but the picture on a naive server, for contrast;
(e) by each of the seeded leaks: each must be caught.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from PIL import Image

from gallery.works.blinding import WORKING, blind
from tests.blindness.attack import Verdict, attack
from tests.blindness.forensics import encoding, everything
from tests.blindness.letters import shares
from tests.blindness.walk import Walked, judged, seen_by, truth_of
from tests.conftest import ROOT
from tests.servers import Gallery

PAINTINGS = Path(os.environ.get("UNSIGNED_DATA", ROOT.parent / "shared" / "data")) / "paintings"
MINIMUM = 200
QUALITIES = [75, 80, 85, 90]
SIDES = (448, 400, 320, 256)  # px, long sides of machines' pictures
PAIRED = 240  # paintings

# Every machine that paints, the quick ones more often; deep style starts from people's works.
PAINT = """
from django.core.management import call_command
from gallery.runs.services import request_run
from gallery.works.models import Artwork
people = list(Artwork.objects.hung().by_people().filter(medium="image").order_by("pk"))
def ask(generator, share, **params):
    each = max(10 if generator == "char_rnn" else 1, round(share * {works}))
    for n in range(0, each, 20):
        request_run(generator=generator, params=params, seed=n, count=min(20, each - n))
ask("gan", 0.35, size=448)
ask("can", 0.3, size=448)
ask("inceptionism", 0.2, size=448, steps=8, octaves=2)
ask("low_complexity", 0.05, size=448)
for n in range(max(1, round(0.12 * {works}))):
    request_run(generator="deep_style", params=dict(size=448, steps=20), seed=n, count=1,
                content=people[2 * n % len(people)], styles=[people[(2 * n + 1) % len(people)]])
ask("entropy", 0.01, variant="uniform noise")
ask("entropy", 0.01, variant="plain field")
ask("char_rnn", 0.2, temperature=0.8)
call_command("paintworker", until_empty=True)
for artwork in Artwork.objects.candidates():
    artwork.hang()
"""
OPEN = """
from gallery.studies.services import open_study, sample, available
for medium, slug in (("image", "attacked"), ("text", "texts")):
    works = sample(available(medium), per_arm={works}, seed=1)
    study = open_study(title=slug, slug=slug, purpose="", medium=medium, artwork_ids=works,
                       trials_per_rater=16, seed=1)
    print(medium, study.works.filter(arm="a").count(), study.works.filter(arm="b").count())
"""


NAMES = "import json; from tests.blindness.leaky import LEAKS; print(json.dumps(LEAKS))"


def main() -> int:
    asked = _arguments()
    if asked.histories:
        histories = _histories(asked.human)
        told = json.loads(asked.out.read_text()) | histories
        told["blind"] = (
            _hidden(histories) and told["bare"]["low"] <= 0.5 and told["bare"]["high"] < 0.6
        )
        asked.out.write_text(json.dumps(told, indent=1) + "\n")
        return 0
    with tempfile.TemporaryDirectory(prefix="blindness-") as folder:
        gallery = furnished(Path(folder), asked.human, asked.works)
        gallery.start()
        clean = judged(seen_by(gallery, "attacked", raters=asked.works // 4), truth_of(gallery))
        texts = judged(seen_by(gallery, "texts", raters=8, seed=2), truth_of(gallery))
        gallery.stop()
        leaky = _leaky(Path(folder))
        leaks = json.loads(leaky.python(NAMES))
        seen = {leak: seen_by(leaky, "attacked", raters=6, leak=leak) for leak in [*leaks, "naive"]}
        truth = truth_of(leaky)
        leaky.stop()
    told = tell(clean, texts, {leak: judged(found, truth) for leak, found in seen.items()}, asked)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(json.dumps(told, indent=1) + "\n")
    print(f"Written to {asked.out}")
    return 0 if told["blind"] and told["caught"] == told["leaks"] else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How blind is this gallery?")
    parser.add_argument("--human", type=Path, default=PAINTINGS, help="a folder of pictures")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "blindness.json")
    parser.add_argument("--works", type=int, default=MINIMUM, help="works of each side")
    parser.add_argument("--histories", action="store_true", help="do part (b) alone, anew")
    asked = parser.parse_args()
    if not asked.human.is_dir():
        sys.exit(
            f"There is no folder {asked.human}. Name one with pictures: make blindness HUMAN=…"
        )
    return asked


def furnished(folder: Path, human: Path, works: int) -> Gallery:
    """A gallery with that many works of each side in an open study, and one of texts."""
    gallery = Gallery(folder / "gallery").furnish()
    catalogue = human.parent / "CATALOGUE.csv"
    options = ["--catalogue", str(catalogue)] if catalogue.exists() else []
    print(gallery.manage("import_works", str(human), *options).stdout.strip().splitlines()[-1:])
    gallery.python("from gallery.works.starter import hang_starter; hang_starter()")
    gallery.python(PAINT.format(works=works))
    print(gallery.python(OPEN.format(works=works)))
    return gallery


def _leaky(folder: Path) -> Gallery:
    gallery = Gallery(folder / "gallery", DJANGO_SETTINGS_MODULE="tests.blindness.settings")
    gallery.application = "tests.blindness.asgi:application"
    return gallery.start()


def tell(
    clean: Walked, texts: Walked, leaks: dict[str, Walked], asked: argparse.Namespace
) -> dict[str, object]:
    """Print every verdict and return what is kept."""
    print(f"\n{len(set(clean.works))} works seen {len(clean.works)} times")
    bare = _print("(a) everything but the picture", clean.attacked())
    histories = _histories(asked.human)
    pixels = [everything(one.picture.body) for one in clean.seen if one.picture]
    shown = _print("(c) pixel statistics of the works", _attack(pixels, clean))
    traces = [encoding(one.picture.body) for one in clean.seen if one.picture]
    coded = _print("    of these, traces of encoding alone", _attack(traces, clean))
    naive = _print("(d) a naive server", leaks.pop("naive").attacked())
    letters = _print("    texts, by their letters", _attack(shares(texts.seen), texts))
    caught = [name for name, walk in leaks.items() if any(v.caught for v in walk.attacked(200))]
    print(f"(e) leaks caught: {len(caught)} of {len(leaks)}", set(leaks) - set(caught) or "")
    return {
        "date": date.today().isoformat(),
        "works": len(set(clean.works)),
        "observations": len(clean.works),
        "blind": all(v.blind for v in bare) and _hidden(histories),
        "bare": _kept(bare),
        **histories,
        "pixels": _kept(shown),
        "encoding": _kept(coded),
        "naive": _kept(naive),
        "letters": _kept(letters),
        "caught": len(caught),
        "leaks": len(leaks),
    }


def _hidden(histories: Mapping[str, Mapping[str, float]]) -> bool:
    """Whether files of the sizes that a study takes have no history that shows."""
    return all(found["auc"] <= 0.6 for name, found in histories.items() if _taken(name))


def _taken(name: str) -> bool:
    return int(name.split()[1]) >= WORKING


def _attack(rows: Sequence[dict[str, float | str]], walk: Walked) -> list[Verdict]:
    return attack(rows, walk.by_machine, walk.works)


def _print(name: str, verdicts: list[Verdict]) -> list[Verdict]:
    print(f"{name:42}", "; ".join(map(str, verdicts)), flush=True)
    return verdicts


def _kept(verdicts: list[Verdict]) -> dict[str, float]:
    """The stronger attacker's."""
    best = max(verdicts, key=lambda verdict: verdict.auc)
    return {name: round(getattr(best, name), 3) for name in ("auc", "low", "high")}


def _histories(folder: Path) -> dict[str, dict[str, float]]:
    """By the long side of a machine's picture, in words."""
    return {
        f"histories {side} px": _kept(
            _print(f"(b) two histories, a machine's of {side} px", two_histories(folder, side))
        )
        for side in SIDES
    }


def two_histories(folder: Path, side: int) -> list[Verdict]:
    """Paintings as people's files, and the same as machines leave pictures: scaled to `side` px,
    never coded. What tells them apart after the blind rendition is history alone. Both files of a
    painting stay in one fold."""
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in {".jpg", ".png"}]
    rows, truth, works = [], [], []
    for path in random.Random(3).sample(paths, min(PAIRED, len(paths))):
        picture = Image.open(path).convert("RGB")
        small = picture.copy()
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        for by_machine, one in ((False, picture), (True, small)):
            file = io.BytesIO()
            blind(one, QUALITIES * 5).save(file, "WEBP", quality=90)
            rows.append(everything(file.getvalue()))
            truth.append(by_machine)
            works.append(path.name)
    return attack(rows, truth, works)


if __name__ == "__main__":
    sys.exit(main())
