"""Which passages of the texts that a catalogue names are works to bring in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from gallery.works.catalogue import TEXTS, Entry, RowRefused, label
from gallery.works.importing import contents
from gallery.works.ingest import IngestRefused
from gallery.works.passages import RULES, Layout, Left, passages
from gallery.works.texts import TextRefused, decoded

HEADINGS = ("title", "maker", "")
LARGEST_GAP = 20  # empty lines
UNLIMITED = 2**31  # characters: what may hang at all is for ingest to say


class NoSplit(ValueError):
    """The message says what is wrong with how a text is to be split."""


@dataclass(frozen=True, slots=True)
class Split:
    """How a text is split, and how many characters a passage must and may have."""

    rule: str = "whole"
    layout: Layout = field(default_factory=Layout)
    shortest: int = 0
    longest: int = UNLIMITED

    def changed(self, told: dict[str, str]) -> Split:
        """The same save for what is told, by the names “split”, “gap”, “headings”, “shortest” and
        “longest”; empty words tell nothing. Raises NoSplit."""
        told = {name: words.strip() for name, words in told.items() if words and words.strip()}
        headings = self.layout.headings
        if "headings" in told:
            headings = tuple(one.strip() for one in told["headings"].split(","))
        split = replace(
            self,
            rule=told.get("split", self.rule),
            layout=Layout(_number(told, "gap", self.layout.gap), headings),
            shortest=_number(told, "shortest", self.shortest),
            longest=_number(told, "longest", self.longest),
        )
        split.check()
        return split

    def check(self) -> None:
        """Raises NoSplit."""
        if self.rule not in RULES:
            raise NoSplit(f"there is no rule “{self.rule}”: split by {', '.join(RULES)}")
        if not 1 <= self.layout.gap <= LARGEST_GAP:
            raise NoSplit(f"a gap is 1 to {LARGEST_GAP} empty lines")
        if not set(self.layout.headings) <= set(HEADINGS):
            raise NoSplit("headings are “title”, “maker” or nothing, parted by commas")
        if not 0 <= self.shortest <= self.longest:
            raise NoSplit("the shortest passage may not be longer than the longest")


def _number(told: dict[str, str], name: str, otherwise: int) -> int:
    if name not in told:
        return otherwise
    if not told[name].isdecimal() or len(told[name]) > 9:
        raise NoSplit(f"{name} is a whole number, not “{told[name][:20]}”")
    return int(told[name])


def works_in(entry: Entry, row: dict[str, str], split: Split) -> Iterator[Entry | Left]:
    """The work of an entry, or those of a text's passages, and why parts of it are none.

    The row may tell otherwise than `split`. A passage's label is the text's, with the part's name
    in the title, and with the part's own maker where it names one. Raises RowRefused.
    """
    if entry.path.suffix.lower() not in TEXTS:
        if row.get("split"):
            raise RowRefused("only a text can be split")
        yield entry
        return
    try:
        split = split.changed(row)
        if split == replace(Split(), layout=split.layout):
            yield entry
            return
        text = decoded(contents(entry.path))
    except (NoSplit, IngestRefused, TextRefused) as refused:
        raise RowRefused(str(refused)) from None
    for found in passages(text, split.rule, split.layout):
        if isinstance(found, Left):
            yield found
        elif not split.shortest <= len(found.text) <= split.longest:
            yield Left(found.where, _wrong_length(len(found.text), split))
        else:
            yield _part(entry, row, found.where, found.maker, found.text)


def _wrong_length(count: int, split: Split) -> str:
    if count < split.shortest:
        return f"it has {count} characters, and at least {split.shortest} are wanted"
    return f"it has {count} characters, and at most {split.longest} are wanted"


def _part(entry: Entry, row: dict[str, str], where: str, maker: str, text: str) -> Entry | Left:
    if not where:
        return entry  # the whole text, byte for byte, as if it had no rule
    title = ", ".join((entry.label["title"] or entry.path.stem, where))
    told = row | {"title": title} | ({"creator": maker} if maker else {})
    try:
        return Entry(entry.path, label(told), text, where)
    except RowRefused as refused:
        return Left(where, str(refused))
