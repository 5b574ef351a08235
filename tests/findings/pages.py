"""The findings page as a reader has it."""

import re
from html import unescape

from gallery.findings.models import Finding
from gallery.findings.results import Findings, Guesses
from gallery.findings.services import compute_findings, mark_of
from gallery.findings.services import findings_of as kept_of
from gallery.studies.models import Study

NOTHING = ["quality", "method"]  # by who made a work
BY_ORIGIN = ["coherence", "surprise", "who", "quality", "claims", "limits", "method"]
BY_ORIGIN += ["downloads"]


def findings_of(study: Study) -> Findings:
    """What a worker finds now; nothing is computed twice from the same answers."""
    if Finding.objects.filter(study=study, mark=mark_of(study)).exists():
        return kept_of(study) or compute_findings(study)
    return compute_findings(study)


def page(client, study) -> str:
    """Its words once a worker has counted, after a look that no number has gone astray."""
    findings_of(study)
    response = client.get(f"/studies/{study.slug}/findings/")
    assert response.status_code == 200
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())
    assert not re.search(r"\b(nan|inf|None)\b", text, re.IGNORECASE)
    return text


def sections(client, study) -> list[str]:
    """The names of its sections, in order."""
    findings_of(study)
    return re.findall(r'<section id="(\w+)"', client.get(f"/studies/{study.slug}/findings/").text)


def guesses_of(study: Study) -> Guesses:
    """The guesses that the page shows; fails if it shows none."""
    guesses = findings_of(study).guesses
    assert guesses is not None
    return guesses
