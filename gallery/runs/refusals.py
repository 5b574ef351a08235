"""Why a request for a run is refused, in sentences at the fields they are about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError
from pydantic_core import ErrorDetails


class RunRefused(ValueError):
    """The message is a sentence for the person who asked. `fields` has one for each wrong field;
    the key "" is for the request as a whole."""

    def __init__(self, sentence: str, *, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.fields = dict(fields or {"": sentence})


def wrong_params(error: ValidationError) -> RunRefused:
    """One sentence for each parameter that pydantic would not take."""
    problems = error.errors(include_url=False, include_input=False)
    fields = {".".join(map(str, problem["loc"])): _sentence(problem) for problem in problems}
    told = (f"{name}: {sentence}" if name else sentence for name, sentence in fields.items())
    return RunRefused(" ".join(told), fields=fields)


def _sentence(problem: ErrorDetails) -> str:
    limits: dict[str, Any] = problem.get("ctx", {})
    sentence = {
        "greater_than_equal": _("Enter %(ge)s or more."),
        "less_than_equal": _("Enter %(le)s or less."),
        "greater_than": _("Enter more than %(gt)s."),
        "less_than": _("Enter less than %(lt)s."),
        "literal_error": _("Choose one of %(expected)s."),
        "extra_forbidden": _("This generator has no such parameter."),
        "missing": _("This is needed."),
        "int_type": _("Enter a whole number."),
        "int_parsing": _("Enter a whole number."),
        "int_parsing_size": _("Enter a smaller number."),
        "int_from_float": _("Enter a whole number."),
        "float_type": _("Enter a number."),
        "float_parsing": _("Enter a number."),
        "finite_number": _("Enter a number."),
    }.get(problem["type"])
    if sentence is None:
        return _("This cannot be used: %(reason)s.") % {"reason": problem["msg"]}
    return sentence % limits if limits else sentence
