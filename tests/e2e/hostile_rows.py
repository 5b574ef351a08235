"""A gallery in which every field that people can write holds every payload.

Rows, where forms would refuse or clean them: a form is one way in of several.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.utils.timezone import now

from gallery.accounts.forms import InvitationForm
from gallery.accounts.models import Invitation
from gallery.findings.services import compute_findings
from gallery.runs.models import Checkpoint, Output, Run
from gallery.simulation.answering import Truth
from gallery.simulation.in_bulk import sit_in_bulk, works_of
from gallery.studies.blueprints import BLUEPRINTS
from gallery.studies.identity import remember
from gallery.studies.models import Study
from gallery.studies.services import draft_study, open_draft, open_study
from gallery.works.forms import WorkForm
from gallery.works.models import Artwork, Collection, Description
from gallery.works.services import take_in
from tests.e2e.payloads import PAYLOADS, words
from tests.factories import make_artwork, make_maker, make_rater, make_run, make_user

LABEL = ("title", "year", "licence", "credit", "source")


def fill() -> None:
    """Make everything, and print as JSON what addresses need to know."""
    admin = make_user("ada", admin=True)
    shown = _works()
    studies = [_told(), _asking(), _drafted()]
    runs = _runs(admin)
    _people(admin)
    closed, asking, _draft = studies
    cookies = HttpResponse()
    remember(cookies, make_rater(closed, revealed_at=now()))
    print(
        json.dumps(
            {
                "slug": [study.slug for study in studies] + ["entropy"],
                "str": ["entropy", "gan", "ada"],
                "path": ["gan"],
                "int": ["1"],
                "uuid": [str(one.code) for one in [*shown, *runs]],
                "cookies": {name: morsel.value for name, morsel in cookies.cookies.items()},
                "asking": asking.slug,
            }
        )
    )


def _everything(origin: str = "human", **kw: Any) -> Artwork:
    """A picture whose whole label is hostile; makers are named once, so that one is not."""
    label: dict[str, Any] = {name: words(name) for name in LABEL}
    return make_artwork(origin, **label, **kw)


def _works() -> list[Artwork | Collection]:
    for number, payload in enumerate(PAYLOADS):
        label = dict.fromkeys(LABEL, payload)
        maker = make_maker(name=payload)
        make_artwork(maker=maker, medium="text", text=payload, hung=number % 9 > 0, **label)
        form = WorkForm(label | {"maker": payload, "text": f"{payload} {number}", "year": "1999"})
        if form.is_valid():
            take_in(*form.work(), form.label()).hang("CC0 1.0")
    consent = {"consent": "given", "consent_note": words("consent note")}
    person = _everything(maker=make_maker(name=words("maker")), **consent)
    machine = _everything(
        "machine",
        maker=make_maker("machine", name=words("machine")),
        recipe={
            "generator": words("generator"),
            words("recipe key"): words("recipe value"),
            "params": {words("param key"): words("param value")},
            "inputs": [{"role": "content", "code": str(person.code)}],
            "torch": words("torch"),
        },
    )
    text = _everything(medium="text", text=words("text"))
    waiting = _everything(hung=False)
    together = Collection.objects.create(name=words("collection"), about=words("about"))
    together.put_in([person, machine, text, waiting])
    return [person, machine, text, waiting, together]


def _study(how: Callable[..., Study], slug: str, *, described: bool = False, **kw: Any) -> Study:
    written = {"hypothesis": "hypothesis", "meaning": "meaning", "primary_analysis": "analysis"}
    update: dict[str, Any] = {name: words(mark)[:2000] for name, mark in written.items()}
    rules = BLUEPRINTS["coherence-surprise"].rules
    session = rules.session.model_copy(update={"preview": 2, "facts": True})
    update |= {"session": session, "descriptions": described}
    return how(
        slug=slug,
        title=words(f"{slug} title"),
        purpose=words("purpose"),
        medium="image",
        artwork_ids=[_everything(side).pk for side in ("human", "machine") for _ in range(6)],
        trials_per_rater=6,
        seed=5,
        rules=rules.model_copy(update=update),
        **kw,
    )


def _told() -> Study:
    study = _study(open_study, "told", simulated=True)
    sit_in_bulk(study, Truth(effects={"coherence": 0.8}), 32, works_of(study))
    study.raters.update(facts={"training": words("fact")}, facts_at=now())
    study.close()
    compute_findings(study)
    return study


def _asking() -> Study:
    study = _study(draft_study, "asking", described=True)
    for one in study.works.all():
        Description.objects.create(artwork_id=one.artwork_id, text=words("description"))
    open_draft(study)
    make_rater(study, facts={"training": words("fact")}, facts_at=now())
    return study


def _drafted() -> Study:
    return _study(draft_study, "drafted")


def _runs(admin: User) -> list[Run | Checkpoint]:
    params = {"size": 64, words("run key"): words("run value")}
    failed = make_run(
        params=params, state="failed", error=words("error"), finished=now(), note=words("note")
    )
    queued = make_run(params=params, requested_by=admin, note=words("waiting note"))
    Output.objects.create(run=failed, index=0, artwork=_everything("machine", hung=False))
    training = make_run(
        generator="gan", task="train", name=words("training"), state="done", finished=now()
    )
    facts = {"works": 2, "makers": 2, "licences": {}, words("learnt key"): words("learnt value")}
    checkpoint = Checkpoint.objects.create(
        run=training, file=ContentFile(b"?", "w.safetensors"), sha256="0" * 64, size=1, facts=facts
    )
    return [failed, queued, training, checkpoint]


def _people(admin: User) -> None:
    """A slash in a name would be part of its address, and no form lets one in."""
    for payload in PAYLOADS:
        User.objects.create(username=payload.replace("/", "\u2044"))
        form = InvitationForm({"name": payload, "role": "curator"})
        if form.is_valid():
            form.instance.invited_by = admin
            form.instance.draw_secret()
            form.save()
    User.objects.create(username=words("username").replace("/", "\u2044"))
    invitation = Invitation(name=words("invitation"), role="admin", invited_by=admin)
    invitation.draw_secret()
    invitation.save()
