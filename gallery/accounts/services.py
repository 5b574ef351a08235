"""Who gets an account, which role, and how one comes back in."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from gallery.accounts.models import CLOSED, Invitation, Role
from gallery.roles import CURATORS


class TakenAlready(Exception):
    """The invitation let somebody in before, or has run out."""


def invite(role: str, name: str, *, by: User) -> tuple[Invitation, str]:
    """An invitation, and the path of its link, which nobody can find out later."""
    invitation = Invitation(role=role, name=name, invited_by=by)
    secret = invitation.draw_secret()
    invitation.save(force_insert=True)
    return invitation, reverse("invitation", args=[secret])


def accept(invitation: Invitation, user: User) -> None:
    """Save a new person with the invitation's role. Raises TakenAlready, and nothing is saved."""
    with transaction.atomic():
        if not invitation.take():
            raise TakenAlready
        user.save()
        set_role(user, invitation.role)


def set_role(user: User, role: str) -> None:
    """Make somebody a curator or an admin and nothing else; "" takes every role away."""
    with transaction.atomic():
        user.is_staff = user.is_superuser = role == Role.ADMIN
        user.save(update_fields=["is_staff", "is_superuser"])
        curators, _made = Group.objects.get_or_create(name=CURATORS)
        if role == Role.CURATOR:
            user.groups.add(curators)
        else:
            user.groups.remove(curators)


def set_standing(user: User, standing: str) -> None:
    """A role, or CLOSED: who has a closed account keeps what they made and cannot sign in."""
    with transaction.atomic():
        set_role(user, "" if standing == CLOSED else standing)
        user.is_active = standing != CLOSED
        user.save(update_fields=["is_active"])


def password_link(user: User) -> str:
    """The path at which this person may set a new password, until they do or sign in again."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("new-password", args=[uid, default_token_generator.make_token(user)])


def forget_second_factors(user: User) -> None:
    """For who lost their device and their recovery codes: they sign in by password once more."""
    Authenticator.objects.filter(user=user).delete()
