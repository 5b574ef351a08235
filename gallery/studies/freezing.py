"""Freezing a study: its document, its hash, and the sealed key of who made what.

The document lists every work under a name that says nothing. Who made them is the key: written at
the same moment, salted so that it cannot be guessed, committed to by its hash in the document, and
told once the study is closed. Anybody can then check that no label was changed meanwhile:
`manage.py verify_study`. Hashes are SHA-256 of what `gallery.studies.protocol.canonical` spells.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from gallery.studies.models import Ending, State, Study
from gallery.studies.protocol import sha256_of
from gallery.studies.questions import words_of
from gallery.works.labels_kept import labels_of
from gallery.works.models import Artwork


def freeze(study: Study) -> bool:
    """Freeze a draft and open it; False if it was no draft any more.

    The version before it, if that is still open, is closed in the same moment. What is stored from
    here on the database itself does not let anybody change.
    """
    with transaction.atomic():
        if not Study.objects.select_for_update().filter(pk=study.pk, state=State.DRAFT).exists():
            return False
        study.opened_at = now()
        study.key = key_of(study)
        study.document = document_of(study)
        study.document_sha256 = sha256_of(study.document)
        study.state = State.OPEN
        if study.previous:
            study.previous.close(Ending.NEXT)
        study.save(
            update_fields=["opened_at", "key", "document", "document_sha256", "state"],
        )
    return True


def document_of(study: Study) -> dict[str, Any]:
    """All of a study but who made its works: ready for JSON, and the whole of what is frozen."""
    works = study.works.order_by("code").values_list("code", "role", "stratum")
    return {
        "study": str(study.code),
        "version": study.version,
        "previous_sha256": study.previous.document_sha256 if study.previous else "",
        "frozen_at": study.opened_at.isoformat() if study.opened_at else "",
        "simulated": study.simulated,
        "title": study.title,
        "purpose": study.purpose,
        "medium": study.medium,
        "works_in_a_sitting": study.trials_per_rater,
        "protocol": study.rules.model_dump(mode="json"),
        "words": words_of(study.rules),
        "works": [
            {"work": str(code), "role": role, "stratum": stratum} for code, role, stratum in works
        ],
        "key_sha256": sha256_of(study.key) if study.key else "",
    }


def key_of(study: Study) -> dict[str, Any]:
    """Who made each work, and what drew the arms and the sittings: ready for JSON."""
    rows = list(study.works.order_by("code").values_list("code", "arm", "artwork_id"))
    labels = labels_of([artwork for _, _, artwork in rows])
    return {
        "study": str(study.code),
        "salt": secrets.token_hex(32),
        "seed": study.seed,
        "works": [
            {"work": str(code), "arm": arm, **labels[artwork]} for code, arm, artwork in rows
        ],
    }


def complaints(document: dict[str, Any], sha256: str, key: dict[str, Any] | None) -> list[str]:
    """What is wrong with a published document and key, in sentences; none if both are as frozen."""
    found = []
    if sha256_of(document) != sha256:
        found.append("The document does not have the hash that was published with it.")
    if key is None:
        return found
    if sha256_of(key) != document.get("key_sha256"):
        found.append("The key is not the one that the document committed to.")
    named = {one["work"] for one in document.get("works", [])}
    if named != {one["work"] for one in key.get("works", [])}:
        found.append("The key does not name the works of the document.")
    return found


def labels_changed(key: dict[str, Any]) -> list[str]:
    """What this gallery's labels say otherwise than the key does, in sentences."""
    codes = [one["artwork"] for one in key["works"]]
    today = {
        label["artwork"]: label
        for label in labels_of(
            Artwork.objects.filter(code__in=codes).order_by().values_list("pk", flat=True)
        ).values()
    }
    changed = [
        one["artwork"]
        for one in key["works"]
        if {name: value for name, value in one.items() if name not in {"work", "arm"}}
        != today.get(one["artwork"])
    ]
    return [f"The label of work {code} is another than in the key." for code in changed]
