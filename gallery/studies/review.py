"""What an admin should know of a draft before it is frozen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import unified_diff
from statistics import median
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gallery.studies.freezing import document_of
from gallery.studies.models import Role, Study

FAR = 1.25  # times as large or long: raters would see a difference that is no difference in making
KNOWN_SHARE = 0.5
ASIDE = {"frozen_at", "key_sha256", "previous_sha256", "study", "version", "works"}


def warnings_of(study: Study) -> list[str]:
    """Sentences about what weakens this draft; none where nothing does."""
    works = list(
        study.works.filter(role=Role.RATED).values_list(
            "arm", "artwork__width", "artwork__height", "artwork__text", "artwork__hung_at"
        )
    )
    found = [*_too_few(study, Counter(arm for arm, *_rest in works))]
    found += _missing_roles(study)
    by_arm: dict[str, list[float]] = {}
    for arm, width, height, text, _hung in works:
        by_arm.setdefault(arm, []).append(len(text) if text else width / height)
    if len(by_arm) > 1:
        middles = sorted(median(sizes) for sizes in by_arm.values())
        if middles[-1] > FAR * middles[0]:
            found.append(
                _("The groups differ in their usual length. Match them if you can.")
                if study.medium == "text"
                else _("The groups differ in their usual proportions. Match them if you can.")
            )
    known = sum(hung is not None for *_rest, hung in works)
    if works and known > KNOWN_SHARE * len(works):
        found.append(
            ngettext(
                "%(known)d work has hung in the gallery with its label: whoever read it there may "
                "know it.",
                "%(known)d works have hung in the gallery with their labels: whoever read them "
                "there may know them.",
                known,
            )
            % {"known": known}
        )
    return found


def _too_few(study: Study, counted: Counter[str]) -> Iterator[str]:
    least = study.rules.minimum.works_per_arm
    few = min(counted.values(), default=0)
    if few < least:
        yield _(
            "The smallest group has %(few)d works and %(least)d are advised. However many visitors "
            "come, so few works cannot tell small differences: see the table."
        ) % {"few": few, "least": least}
    if len(set(counted.values())) > 1:
        yield _("The groups are of different sizes; the smaller one limits what can be told.")


def _missing_roles(study: Study) -> Iterator[str]:
    """Session parts that were asked for and have no works to show."""
    session, roles = study.rules.session, Counter(study.works.values_list("role", flat=True))
    if session.anchors and not (roles[Role.NOISE] and roles[Role.PLAIN]):
        yield _(
            "There are no anchors: hang some noise and some plain fields (Entropy or Letters in "
            "the studio). Without them one rule that finds careless raters is idle."
        )
    if session.practice and not roles[Role.PRACTICE]:
        yield _("There is nothing to practise on: hang one more noise and one more plain field.")
    if session.preview > roles[Role.PREVIEW]:
        yield ngettext(
            "The preview shows %(found)d work: the others are all rated.",
            "The preview shows %(found)d works: the others are all rated.",
            roles[Role.PREVIEW],
        ) % {"found": roles[Role.PREVIEW]}


def changes_since(study: Study) -> list[str]:
    """The lines in which a later version differs from the one before it."""
    if study.previous is None:
        return []
    before = _lines(study.previous.document or {})
    after = _lines(study.document or document_of(study))
    return [line for line in unified_diff(before, after, n=0, lineterm="") if line[:2] != "@@"][2:]


def _lines(document: dict[str, Any]) -> list[str]:
    kept = {name: value for name, value in document.items() if name not in ASIDE}
    works = {"works": dict(Counter(one["role"] for one in document.get("works", [])))}
    return sorted(_flat(kept | works))


def _flat(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _flat(inner, f"{path}[{number}]")
    else:
        yield f"{path}: {value}"
