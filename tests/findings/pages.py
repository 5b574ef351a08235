"""The findings page as a reader has it."""

import re
from html import unescape

from gallery.findings.results import Guesses
from gallery.findings.services import findings_of
from gallery.studies.models import Study

BY_ORIGIN = ["coherence", "surprise", "who", "limits"]


def page(client, study) -> str:
    """Its words, after a look that no number has gone astray."""
    response = client.get(f"/studies/{study.slug}/findings/")
    assert response.status_code == 200
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())
    assert not re.search(r"\b(nan|inf|None)\b", text, re.IGNORECASE)
    return text


def sections(client, study) -> list[str]:
    """The names of its sections, in order."""
    return re.findall(r'<section id="(\w+)"', client.get(f"/studies/{study.slug}/findings/").text)


def guesses_of(study: Study) -> Guesses:
    """The guesses that the page shows; fails if it shows none."""
    guesses = findings_of(study).guesses
    assert guesses is not None
    return guesses
