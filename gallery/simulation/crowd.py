"""Many simulated raters at once, and a ledger of what they sent and what was taken."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import sleep

from gallery.simulation.answering import Rater, Truth, Work
from gallery.simulation.visitor import Lost, Step, Visitor

Oracle = Callable[[str], list[Work]]  # the works behind a trial's alias: one, or left and right


@dataclass(frozen=True)
class Crowd:
    """Who comes, how fast, and how often they skip or leave."""

    url: str
    slug: str
    truth: Truth
    oracle: Oracle
    raters: int
    at_once: int = 4
    speed: float = 0.0  # times a person's pace; 0 does not wait at all
    leave: float = 0.0  # share of raters who go before the end
    skip: float = 0.0  # share of works that are passed over


@dataclass
class Ledger:
    """What became of one rater's sitting."""

    sent: int = 0
    taken: int = 0
    skipped: int = 0
    left: bool = False
    lost: str = ""  # why, where the server gave up
    care: str = "careful"
    seconds: float = 0.0  # of a person, without the speed
    waits: list[float] = field(default_factory=list)


def sit_all(crowd: Crowd) -> list[Ledger]:
    """All sittings, `at_once` at a time, in the order of the raters."""
    with ThreadPoolExecutor(crowd.at_once) as pool:
        return list(pool.map(lambda number: sit(crowd, number), range(crowd.raters)))


def sit(crowd: Crowd, number: int) -> Ledger:
    """One rater's sitting from consent to reveal."""
    rater, visitor = Rater(number, crowd.truth), Visitor(crowd.url, crowd.slug)
    ledger = Ledger(care=rater.care)
    leaves_after = rater.chance.randint(1, 12) if rater.happens(crowd.leave) else None
    try:
        step = visitor.begin()
        while step is not None:
            if leaves_after is not None and ledger.taken >= leaves_after and not step.guessing:
                visitor.leave(step)
                ledger.left, leaves_after = True, None
                step = visitor.step()
                continue
            step = _answer(crowd, rater, visitor, step, ledger)
    except Lost as lost:
        ledger.lost = str(lost)
    ledger.waits = visitor.waits
    return ledger


def _answer(
    crowd: Crowd, rater: Rater, visitor: Visitor, step: Step, ledger: Ledger
) -> Step | None:
    works = crowd.oracle(step.alias) if step.alias else []
    if works and not step.guessing and rater.happens(crowd.skip):
        ledger.skipped += 1
        return visitor.skip(step, rater.choice(["cannot_see", "cannot_judge", "unwell"]))
    progress = min(1.0, ledger.taken / 20)
    ms = rater.ms(progress)
    ledger.seconds += ms / 1000
    if crowd.speed:
        sleep(ms / 1000 / crowd.speed)
    ledger.sent += 1
    following = visitor.send(step, filled(rater, step, works, progress, ms))
    ledger.taken += 1
    return following


def filled(rater: Rater, step: Step, works: list[Work], progress: float, ms: int) -> dict[str, str]:
    """What this rater puts into the fields of a page."""
    values = {name: rater.choice(options) for name, options in step.form.selects.items()}
    for name, options in step.form.radios.items():
        if name == "recognised":
            values[name] = "yes" if rater.happens(0.01) else "no"
        elif name == "instructed":
            values[name] = str(rater.named(step.form.named or 1, progress))
        elif name == "guess":
            values[name] = str(rater.guess(works[0], progress))
        elif len(works) > 1:
            values[name] = rater.side(name, works[0], works[1], progress)
        else:
            values[name] = str(rater.mark(name, works[0], len(options), progress))
    if "rt_ms" in step.form.hidden:
        values["rt_ms"] = str(ms)
    return values
