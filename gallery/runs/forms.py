"""The form that requests a run, made from the generator's own declaration of its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gallery.runs.fields import StylesField, field_for
from gallery.runs.inputs import check_inputs
from gallery.runs.ladders import in_words, values_in
from gallery.runs.models import LARGEST_SEED, MOST_OUTPUTS, Role, Run
from gallery.runs.refusals import RunRefused
from gallery.runs.services import Request, check_request, request_run
from gallery.runs.weights import weights_field
from gallery.works.models import Artwork
from gallery.works.querysets import ArtworkQuerySet
from generators.catalog import Generator

OFFERED_WORKS = 60  # the newest hung ones; a longer list of radio buttons serves nobody
FEW_PARAMS = 6  # so many are shown together
# Where there are more, these come first and the others wait behind “More settings”.
FIRST = ["bits", "symmetry", "code", "writer", "temperature", "artist", "wish", "truncation"]
FIRST += ["network", "method", "layer", "objective", "strength", "content_weight", "style_scale"]
FIRST += ["size", "count", "ladder"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A work that may be chosen, and whether it is."""

    artwork: Artwork
    chosen: bool


class RunForm(forms.Form):
    """Parses text into values of the right kind; whether they will do is for the generator to say.

    An empty parameter means the generator's default, and an empty aspect the proportions of works
    by people. `find` is not asked for: it narrows the works that are offered.
    """

    count = forms.IntegerField(
        label=_("Number of works"),
        help_text=_("Each with a seed of its own, drawn from the run's seed."),
        min_value=1,
        max_value=MOST_OUTPUTS,
        initial=1,
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        help_text=_("The same seed makes the same works again. Leave empty to draw one."),
        min_value=0,
        max_value=LARGEST_SEED,
        required=False,
    )

    def __init__(
        self,
        generator: Generator,
        data: Mapping[str, Any] | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), label_suffix="")
        self.generator = generator
        self.words = " ".join(str((data or initial or {}).get("find") or "").split())[:100]
        schema = generator.params.model_json_schema()["properties"]
        if generator.content == "required":
            schema.pop("aspect", None)  # the content always keeps its own shape
        self.fields |= {name: field_for(name, told) for name, told in schema.items()}
        self.param_names = list(schema)
        if generator.knob:
            self.fields["ladder"] = _ladder_field(schema[generator.knob]["title"])
        if generator.weights:
            self.fields[generator.weights] = weights_field(generator, schema[generator.weights])
        self.works = Artwork.objects.hung().filter(medium=generator.medium)
        if generator.content != "none":
            self.fields["content"] = forms.ModelChoiceField(
                self.works,
                to_field_name="code",
                label=_("Work to start from"),
                required=generator.content == "required",
                error_messages={"required": _("Choose a work to start from.")},
            )
        if generator.most_styles:
            self.fields["styles"] = _styles_field(generator, self.works)

    @classmethod
    def reopened(cls, generator: Generator, sent: QueryDict) -> RunForm:
        """The form with what was sent in it and no verdict on it."""
        empty = dict.fromkeys(generator.params.model_fields)
        return cls(generator, initial=empty | sent.dict() | {"styles": sent.getlist("styles")})

    @classmethod
    def like(cls, generator: Generator, run: Run) -> RunForm:
        """The form with what a run asked for in it, save the seed: that one is drawn."""
        used = [(one.role, str(one.artwork.code)) for one in run.inputs.with_artworks()]
        asked = {"aspect": None} | run.asked_params | {"count": run.count}
        asked["content"] = next((code for role, code in used if role == Role.CONTENT), "")
        if asked["content"]:
            asked["aspect"] = None  # it kept the content's own shape, whatever the params said
        asked["styles"] = [code for role, code in used if role == Role.STYLE]
        asked["ladder"] = in_words(run.ladder)
        return cls(generator, initial=asked)

    @classmethod
    def filled(cls, generator: Generator, asked: Mapping[str, str]) -> RunForm:
        """The form with what an address names in it, unjudged; what cannot be read is left out."""
        form, initial = cls(generator), dict[str, Any]()
        for name in {*form.param_names, "count", "ladder"} & asked.keys() & form.fields.keys():
            with suppress(forms.ValidationError):
                initial[name] = form.fields[name].to_python(asked[name])
        form.initial = {name: value for name, value in initial.items() if value is not None}
        return form

    @property
    def offered_contents(self) -> list[Offer]:
        return self._offers("content")

    @property
    def offered_styles(self) -> list[Offer]:
        return self._offers("styles")

    @property
    def takes_several(self) -> bool:
        return self.generator.most_styles > 1

    @property
    def found(self) -> int:
        """How many works may be chosen from, of which only the newest are shown."""
        return self.works.named(self.words).count()

    @property
    def most_shown(self) -> int:
        return OFFERED_WORKS

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """All but the works, which the page shows as pictures, and what can wait."""
        if len(self.param_names) <= FEW_PARAMS:
            ladder = ["ladder"] if "ladder" in self.fields else []
            return [self[name] for name in (*self.param_names, *ladder, "count", "seed")]
        return [self[name] for name in FIRST if name in self.fields]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        if len(self.param_names) <= FEW_PARAMS:
            return []
        return [self[name] for name in (*self.param_names, "seed") if name not in FIRST]

    @property
    def more_is_open(self) -> bool:
        """Whether something that can wait is wrong, or is not as it was."""
        return any(
            field.errors or field.field.has_changed(field.field.initial, field.value())
            for field in self.more_fields
        )

    @property
    def complaints(self) -> list[tuple[str, str]]:
        """Label and first sentence for each field that will not do."""
        together = _("Together")
        labels = {name: field.label for name, field in self.fields.items()}
        return [
            (str(labels.get(name, together)), str(sentences[0]))
            for name, sentences in self.errors.items()
        ]

    def opening(self) -> Request:
        """What the form asks for as it opens, or would with nothing filled in."""
        filled = {name: self.initial.get(name) for name in self.param_names}
        params = {name: value for name, value in filled.items() if value not in (None, "")}
        with suppress(RunRefused, ValueError):
            return check_request(self.generator.name, params, int(self.initial.get("count", 1)))
        return check_request(self.generator.name, {}, 1)

    def request(self) -> Request | None:
        """What is asked for, checked but not stored; None, with errors at the fields, if it
        will not do."""
        if not self.is_valid():
            return None
        asked = self.cleaned_data
        try:
            request = check_request(
                self.generator.name, self._params(), asked["count"], self._ladder()
            )
            styles = asked.get("styles", [])
            check_inputs(self.generator, request.params, asked.get("content"), styles)
            return request
        except RunRefused as refused:
            self._show(refused)
            return None

    def save(self, user: Any) -> Run | None:
        """Queue the run for `user`; None, with errors at the fields, if it is refused."""
        if not self.is_valid():
            return None
        asked = self.cleaned_data
        try:
            return request_run(
                generator=self.generator.name,
                params=self._params(),
                seed=asked["seed"],
                count=asked["count"],
                ladder=self._ladder(),
                content=asked.get("content"),
                styles=asked.get("styles", []),
                requested_by=user,
            )
        except RunRefused as refused:
            self._show(refused)
            return None

    def _params(self) -> dict[str, Any]:
        asked = ((name, self.cleaned_data.get(name)) for name in self.param_names)
        return {name: value for name, value in asked if value not in (None, "")}

    def _ladder(self) -> list[str]:
        return values_in(self.cleaned_data.get("ladder", ""))

    def _offers(self, name: str) -> list[Offer]:
        """What is chosen, in its order, and then the newest of what the words find."""
        codes = self._codes(name)
        works = self.works.select_related("maker")
        known = {str(artwork.code): artwork for artwork in works.filter(code__in=codes)}
        chosen = [Offer(known[code], True) for code in codes if code in known]
        others = works.named(self.words).exclude(code__in=list(known))[:OFFERED_WORKS]
        return chosen + [Offer(artwork, False) for artwork in others]

    def _codes(self, name: str) -> list[str]:
        value = self[name].value()
        codes = {}
        for code in value if isinstance(value, list) else [value]:
            with suppress(ValueError):
                codes[str(UUID(str(code)))] = True
        return list(codes)

    def _show(self, refused: RunRefused) -> None:
        for name, sentence in refused.fields.items():
            self.add_error(name if name in self.fields else None, sentence)


def _ladder_field(knob: str) -> forms.CharField:
    return forms.CharField(
        label=_("Ladder: several values of “%(knob)s”") % {"knob": _(knob)},
        help_text=_(
            "Separated by commas, in place of the one value. Each is painted equally often, in an "
            "order that the seed draws."
        ),
        max_length=600,
        required=False,
    )


def _styles_field(generator: Generator, works: ArtworkQuerySet) -> StylesField:
    """More than one is painted after; a single one that may be missing is a guide."""
    told: dict[str, Any] = {
        "label": _("Guide"),
        "help_text": _("Only for strengthening what a guide shows."),
    }
    if generator.most_styles > 1:
        told = {
            "label": _("Works whose manner to take"),
            "help_text": _("Choose at most %(most)d. Their weights follow the numbers here.")
            % {"most": generator.most_styles},
        }
    return StylesField(
        works,
        to_field_name="code",
        required=generator.styles_required,
        error_messages={"required": _("Choose a work whose manner to take.")},
        **told,
    )
