"""Blind studies: their rules, their raters, what was shown and what was answered."""

from gallery.studies.models.items import GuessTiming, Item, Outcome, PairItem
from gallery.studies.models.rater import CODE_LETTERS, SITTING_LASTS, Rater, new_rater_code
from gallery.studies.models.study import (
    SITTING_LENGTHS,
    Arm,
    Ending,
    Role,
    State,
    Study,
    StudyWork,
)
from gallery.studies.models.trial import (
    Choice,
    Guess,
    Kind,
    Rating,
    Recognised,
    SkipReason,
    Trial,
)
from gallery.studies.models.verdict import CareVerdict, Rule

__all__ = [
    "CODE_LETTERS",
    "SITTING_LASTS",
    "SITTING_LENGTHS",
    "Arm",
    "CareVerdict",
    "Choice",
    "Ending",
    "Guess",
    "GuessTiming",
    "Item",
    "Kind",
    "Outcome",
    "PairItem",
    "Rater",
    "Rating",
    "Recognised",
    "Role",
    "Rule",
    "SkipReason",
    "State",
    "Study",
    "StudyWork",
    "Trial",
    "new_rater_code",
]
