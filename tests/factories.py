"""Rows for tests, made the short way: no files, no child processes."""

import itertools
import random
from datetime import timedelta
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.http import HttpRequest
from django.test import Client
from django.utils.timezone import now

from gallery.calls.models import Call
from gallery.calls.services import make_call
from gallery.roles import CURATORS, SECOND_FACTORS
from gallery.runs.models import Run, Schedule
from gallery.studies.freezing import freeze
from gallery.studies.models import Arm, Item, Rater, Study, StudyWork, Trial
from gallery.studies.models import State as StudyState
from gallery.works.models import Artwork, Kind, Maker, Medium, Origin, Rendition
from gallery.works.models import State as WorkState

_number = itertools.count(1)
# The smallest lossy WebP: one grey pixel. Renditions that nobody looks at need no more.
ONE_PIXEL = bytes.fromhex(
    "52494646240000005745425056503820180000003001009d012a0100010001402625a400037000fee0940000"
)


def make_user(
    name: str = "", *, curator: bool = False, admin: bool = False, second_factor: bool = True
) -> User:
    """An admin comes with an authenticator app: without one they would not be let in."""
    user = User.objects.create_user(
        name or f"user{next(_number)}", password="correct horse", is_staff=admin, is_superuser=admin
    )
    if curator:
        user.groups.add(Group.objects.get_or_create(name=CURATORS)[0])
    if admin and second_factor:
        TOTP.activate(user, generate_totp_secret())
    return user


def sign_in(browser: Client, user: User) -> None:
    """Without the sign-in page, with what it leaves in the session: also the second factor was
    shown, where there is one."""
    browser.force_login(user)
    shown = Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).first()
    if shown:
        request = HttpRequest()
        request.session = browser.session
        record_authentication(request, user, "mfa", id=shown.pk, type=shown.type)
        request.session.save()


def make_maker(origin: str = Origin.HUMAN, **kw: Any) -> Maker:
    kw.setdefault("name", f"Maker {next(_number)}")
    return Maker.objects.create(origin=origin, **kw)


def make_artwork(
    origin: str = Origin.HUMAN, *, medium: str = Medium.IMAGE, hung: bool = True, **kw: Any
) -> Artwork:
    """A work with its three renditions of one pixel, or a text of one line."""
    n = next(_number)
    kw.setdefault("maker", None)
    kw["maker"] = kw["maker"] or make_maker(origin)
    kw.setdefault("title", f"Secret title {n}")
    kw.setdefault("licence", "CC0 1.0")
    kw.setdefault("sha256", f"{n:064x}")
    kw.setdefault("recipe", {"generator": "entropy", "seed": n} if origin == "machine" else None)
    kw.setdefault("source_class", "sampler" if origin == "machine" else "human")
    if medium == Medium.IMAGE:
        kw = {"width": 640, "height": 480} | kw
    else:
        kw.setdefault("text", f"A line of words, number {n}.\n")
    if hung:
        kw = {"state": WorkState.HUNG, "hung_at": now()} | kw
    artwork = Artwork.objects.create(origin=origin, medium=medium, **kw)
    if medium == Medium.IMAGE:
        for kind in Kind.values:
            rendition = Rendition(artwork=artwork, kind=kind, width=1, height=1)
            rendition.file.save(f"{random.getrandbits(64):016x}.webp", ContentFile(ONE_PIXEL))
    return artwork


def make_run(**kw: Any) -> Run:
    kw.setdefault("generator", "entropy")
    kw.setdefault("version", 1)
    kw.setdefault("params", {"size": 64})
    kw.setdefault("seed", next(_number))
    return Run.objects.create(**kw)


def make_schedule(**kw: Any) -> Schedule:
    """One that is due tomorrow."""
    kw = {"name": f"Schedule {next(_number)}", "generator": "entropy", "hour": 3} | kw
    return Schedule.objects.create(**{"next_at": now() + timedelta(days=1)} | kw)


def make_call_to_draw(**kw: Any) -> tuple[Call, str]:
    """An open call to draw, and the path of its link."""
    kw = {"brief": f"Brief {next(_number)}", "licence": "CC BY 4.0", "by": None} | kw
    return make_call(**kw)


def make_study(works: int = 8, *, state: str = StudyState.OPEN, **kw: Any) -> Study:
    """A study of `works` works by people (arm A) and as many by machines (arm B), frozen and open,
    or closed; `rules` are values of its protocol."""
    n = next(_number)
    kw = {"slug": f"study-{n}", "title": f"Study {n}", "medium": Medium.IMAGE, "seed": n} | kw
    kw.setdefault("trials_per_rater", min(16, 2 * works))
    kw["protocol"] = kw.pop("rules", {})
    study = Study.objects.create(**kw)
    for origin, arm in ((Origin.HUMAN, Arm.A), (Origin.MACHINE, Arm.B)):
        for _ in range(works):
            StudyWork.objects.create(
                study=study, artwork=make_artwork(origin, medium=study.medium), arm=arm
            )
    if state != StudyState.DRAFT:
        freeze(study)
    if state == StudyState.CLOSED:
        study.close()
    return study


def add_works(study: Study, **roles: int) -> list[StudyWork]:
    """So many further works in each role, before or after the study is frozen."""
    return [
        StudyWork.objects.create(
            study=study,
            artwork=make_artwork("machine", medium=study.medium, source_class=source_class),
            role=role,
        )
        for role, count in roles.items()
        for source_class in [role if role in {"noise", "plain"} else "control"]
        for _ in range(count)
    ]


def make_rater(study: Study, **kw: Any) -> Rater:
    """A rater with one trial for each work of a small study, in the order of the rows; all of them
    answered where the rater has had the reveal."""
    kw = {"seed": next(_number), "first_item": Item.COHERENCE, "language": "en"} | kw
    rater = Rater.objects.create(study=study, **kw)
    works = list(study.works.order_by("pk"))[: study.trials_per_rater]
    Trial.objects.bulk_create(
        Trial(rater=rater, study_work=work, position=i, answered_at=rater.revealed_at)
        for i, work in enumerate(works, 1)
    )
    return rater
