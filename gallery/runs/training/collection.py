"""Which works a generator learns from: those by people that hang here and that the words find."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Sum
from django.db.models.functions import Length
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gallery.runs.models import MOST_LESSONS, Input, Run
from gallery.runs.refusals import RunRefused
from gallery.works.collections import Collection as Curated
from gallery.works.models import Artwork
from gallery.works.querysets import ArtworkQuerySet
from generators.training.trainers import Trainer

GLIMPSES = 6  # works that a page shows of a collection


@dataclass(frozen=True)
class Collection:
    """A choice of works, read from the database when asked for its numbers."""

    trainer: Trainer
    words: str = ""
    chosen: ArtworkQuerySet | None = field(default=None, compare=False)  # in place of the words
    within: Curated | None = None

    @cached_property
    def works(self) -> ArtworkQuerySet:
        """Only hung works by people: whoever sees what was learnt may see what from."""
        works = Artwork.objects.all() if self.chosen is None else self.chosen
        if self.within:
            works = works.filter(placings__collection=self.within)
        return works.hung().by_people().filter(medium=self.trainer.medium).named(self.words)

    @cached_property
    def count(self) -> int:
        return self.works.count()

    @cached_property
    def amount(self) -> int:
        """Characters of texts, or pictures."""
        if self.trainer.medium == "image":
            return self.count
        found = self.works.order_by().aggregate(characters=Sum(Length("text")))
        return int(found["characters"] or 0)

    @property
    def amount_in_words(self) -> str:
        if self.trainer.medium == "image":
            return ngettext("%(n)s picture", "%(n)s pictures", self.amount) % {
                "n": f"{self.amount:,}"
            }
        return ngettext("%(n)s character", "%(n)s characters", self.amount) % {
            "n": f"{self.amount:,}"
        }

    @cached_property
    def glimpses(self) -> list[Artwork]:
        """The newest of them."""
        return list(self.works.select_related("maker")[:GLIMPSES])

    @property
    def more(self) -> int:
        """Works beyond the glimpses."""
        return self.count - len(self.glimpses)

    @property
    def complaint(self) -> str:
        """A sentence that says why nothing can be learnt from it, or ""."""
        needed = {"least": f"{self.trainer.least:,}", "most": f"{self.trainer.most:,}"}
        needed |= {"amount": self.amount_in_words, "works": f"{MOST_LESSONS:,}"}
        picture = self.trainer.medium == "image"
        if not self.count:
            sentence = _("No work by a person that hangs here has these words: search for others.")
            if self.within:
                sentence = _("No such work by a person hangs in this collection: choose another.")
            elif not self.words:
                sentence = _("No such work by a person hangs here yet: hang some first.")
        elif self.amount < self.trainer.least:
            sentence = _(
                "This is too little to learn from: %(amount)s, and at least %(least)s are needed. "
                "Search for fewer words, or hang more works."
            )
        elif self.count > MOST_LESSONS or (picture and self.amount > self.trainer.most):
            sentence = _("These are too many works to learn from at once: search for more words.")
        elif self.amount > self.trainer.most:
            sentence = _(
                "This is too much to learn from at once: %(amount)s, and at most %(most)s. Search "
                "for more words."
            )
        else:
            return ""
        return sentence % needed

    def check(self) -> None:
        """Raises RunRefused, at "find"."""
        if self.complaint:
            raise RunRefused(self.complaint, fields={"find": self.complaint})


@dataclass(frozen=True)
class Lessons:
    """What a training learns from or learnt from, as its page shows it."""

    glimpses: list[Input]
    works: int
    makers: int
    licences: dict[str, int]

    @property
    def more(self) -> int:
        """Works beyond the glimpses."""
        return self.works - len(self.glimpses)

    @property
    def usual_licences(self) -> list[tuple[str, int]]:
        """The most frequent, each with the number of its works."""
        return list(self.licences.items())[:GLIMPSES]

    @property
    def rarer_licences(self) -> list[tuple[str, int]]:
        """All others: a collection from many sources can have a hundred."""
        return list(self.licences.items())[GLIMPSES:]


def lessons_of(run: Run) -> Lessons | None:
    """None for a run that does not train."""
    if not run.trains:
        return None
    lessons = run.inputs.lessons()
    return Lessons(list(lessons.with_artworks()[:GLIMPSES]), **lessons.told())
