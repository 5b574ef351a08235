"""Conditions that several apps' constraints share."""

from typing import Any

from django.db import models
from django.db.models import Q


def is_known(field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    """The database refuses a value outside the choices; `choices=` alone binds only forms."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": choices.values}), name=f"%(class)s_{field}_is_known"
    )


class ListLength(models.Func):
    """How many items a JSON field's list holds."""

    function = "JSON_ARRAY_LENGTH"
    output_field = models.IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSONB_ARRAY_LENGTH", **context)


def both_or_neither(one: Q, other: Q) -> Q:
    """True where `one` and `other` hold together or fail together."""
    return (one & other) | (~one & ~other)
