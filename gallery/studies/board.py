"""How an open study goes, for its admins: people and works, and never a result by source."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Max, Q
from django.utils.timezone import now

from gallery.studies.models import CareVerdict, Rater, Study

IDLE = timedelta(hours=1)  # without an answer, after which a sitting counts as abandoned
MOST_ROWS = 60


@dataclass(frozen=True)
class Sitting:
    """One rater as the board shows them: how far they are, and nothing that they answered."""

    number: int
    done: int
    total: int
    flags: list[str]
    excluded_by: str


@dataclass(frozen=True)
class Board:
    """Where everybody stands."""

    in_progress: list[Sitting]
    completed: list[Sitting]
    abandoned: list[Sitting]
    flagged: int
    excluded: dict[str, int]
    funnel: list[tuple[str, int]]  # began, rated one, half, all, finished
    ratings: list[tuple[int, int]]  # how many works have so many ratings
    least: int
    most: int
    target: int

    @property
    def works(self) -> int:
        return sum(works for _ratings, works in self.ratings)

    @property
    def satisfied(self) -> int:
        """Works that have all the ratings that the study wants."""
        return sum(works for ratings, works in self.ratings if ratings >= self.target)


def board_of(study: Study) -> Board:
    """Three queries, however many raters there are."""
    raters = list(
        Rater.objects.filter(study=study)
        .annotate(
            total=Count("trials"),
            done=Count("trials", Q(trials__answered_at__isnull=False)),
            latest=Max("trials__answered_at"),
        )
        .order_by("pk")
        .values_list("pk", "revealed_at", "left_at", "consented_at", "total", "done", "latest")
    )
    verdicts = {
        verdict.rater_id: verdict for verdict in CareVerdict.objects.filter(rater__study=study)
    }
    lists: dict[str, list[Sitting]] = {"progress": [], "completed": [], "abandoned": []}
    steps: Counter[str] = Counter()
    for number, (pk, revealed, left, began, total, done, latest) in enumerate(raters, 1):
        verdict = verdicts.get(pk)
        row = Sitting(
            number,
            done,
            total,
            list(verdict.flags) if verdict else [],
            verdict.get_excluded_by_display() if verdict and verdict.excluded_by else "",
        )
        if revealed and not left:
            lists["completed"].append(row)
        elif left or (latest or began) < now() - IDLE:
            lists["abandoned"].append(row)
        else:
            lists["progress"].append(row)
        reached = {
            "began": True,
            "one": done > 0,
            "half": 2 * done >= total > 0,
            "all": done == total > 0,
            "finished": bool(revealed) and not left,
        }
        steps.update(name for name, there in reached.items() if there)
    counted = Counter(rated for _work, _arm, rated in study.works.completed())
    return Board(
        in_progress=lists["progress"][-MOST_ROWS:],
        completed=lists["completed"][-MOST_ROWS:],
        abandoned=lists["abandoned"][-MOST_ROWS:],
        flagged=sum(bool(verdict.flags) for verdict in verdicts.values()),
        excluded=dict(
            Counter(v.get_excluded_by_display() for v in verdicts.values() if v.excluded_by)
        ),
        funnel=[(name, steps[name]) for name in ("began", "one", "half", "all", "finished")],
        ratings=sorted(counted.items()),
        least=min(counted, default=0),
        most=max(counted, default=0),
        target=study.rules.stopping.ratings_per_work,
    )
