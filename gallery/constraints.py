"""Conditions that several apps' constraints share."""

from django.db import models
from django.db.models import Q


def is_known(field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    """The database refuses a value outside the choices; `choices=` alone binds only forms."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": choices.values}), name=f"%(class)s_{field}_is_known"
    )


def both_or_neither(one: Q, other: Q) -> Q:
    """True where `one` and `other` hold together or fail together."""
    return (one & other) | (~one & ~other)
