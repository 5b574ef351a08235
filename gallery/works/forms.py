"""What curators type and catalogues say, checked the same way."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from gallery.works.consent import Consent
from gallery.works.decoding import is_picture
from gallery.works.fields import (
    ConsentField,
    LabelField,
    SeveralFilesField,
    SeveralFilesInput,
    column,
)
from gallery.works.framing import MOST_CUT, Framing
from gallery.works.models import Artwork, Change, Maker, Medium
from gallery.works.services import Label
from gallery.works.texts import one_line

ACCEPTED = "image/jpeg,image/png,image/webp,image/avif,text/plain,.txt"
SIDES = {"top": _("above"), "right": _("right"), "bottom": _("below"), "left": _("left")}
UNNOTED = _("Say by whom, when and how the artist consented.")
USUAL_LICENCES = (
    "CC0 1.0",
    "Public domain",
    "CC BY 4.0",
    "CC BY-SA 4.0",
    "CC BY-NC 4.0",
    "By permission of the maker",
)


class PlainForm(forms.Form):
    """Labels without a colon, as everywhere on this site."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class LabelForm(PlainForm):
    """A label as a catalogue gives it: all but the maker may be missing."""

    maker = LabelField(column(Maker, "name"), label=_("Maker"))
    title = LabelField(column(Artwork, "title"), label=_("Title"), required=False)
    year = LabelField(
        column(Artwork, "year"),
        label=_("Year"),
        required=False,
        help_text=_("As it shall read: 1889, or c. 1503–1506."),
    )
    licence = LabelField(
        column(Artwork, "licence"),
        label=_("Licence"),
        required=False,
        widget=forms.TextInput(attrs={"list": "licences"}),
        help_text=_("What allows this gallery to show the work. Without one it can't be hung."),
    )
    credit = LabelField(
        column(Artwork, "credit"),
        label=_("Credit"),
        required=False,
        help_text=_("Whom to thank, or what the licence asks to name."),
    )
    source = LabelField(
        column(Artwork, "source"),
        label=_("Source"),
        required=False,
        help_text=_("Where the work came from: an address or a collection."),
    )
    consent = ConsentField(
        help_text=_("While the artist lives and has not said yes, the work can't be hung."),
    )
    consent_note = LabelField(
        column(Artwork, "consent_note"),
        label=_("Consent: by whom, when, how"),
        required=False,
        help_text=_("By letter of 3 May 2024, from the painter. Visitors are not shown this."),
    )

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("consent") == Consent.GIVEN and not values.get("consent_note", "-"):
            self.add_error("consent_note", UNNOTED)
        return values

    def label(self) -> Label:
        """The checked label of a valid form."""
        values = self.cleaned_data
        return Label(
            maker=values["maker"],
            title=values["title"],
            year=values["year"],
            licence=values["licence"],
            credit=values["credit"],
            source=values["source"],
            consent=values["consent"],
            consent_note=values["consent_note"],
        )


class HangForm(PlainForm):
    """What a work still lacks before it may hang; most lack nothing."""

    licence = LabelField(
        column(Artwork, "licence"),
        label=_("Licence"),
        widget=forms.TextInput(attrs={"list": "licences"}),
        help_text=_("This work came without one. What allows this gallery to show it?"),
    )
    consent_note = LabelField(
        column(Artwork, "consent_note"),
        label=_("The artist has said yes: by whom, when, how"),
        help_text=_("The artist lives, so this work waits for their consent. It stays on record."),
    )

    def __init__(self, artwork: Artwork, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if artwork.licence:
            del self.fields["licence"]
        if artwork.consent != Consent.AWAITED:
            del self.fields["consent_note"]


class FramingForm(PlainForm):
    """How a picture is turned and cut: margins in per cent of its sides."""

    turn = forms.TypedChoiceField(
        label=_("Turn"),
        coerce=int,
        choices=[
            (0, _("not at all")),
            (90, _("a quarter clockwise")),
            (180, _("upside down")),
            (270, _("a quarter the other way")),
        ],
    )

    def __init__(self, framing: Framing, *args: Any, **kwargs: Any) -> None:
        initial: dict[str, int] = {"turn": framing.turn}
        for part in ("margins", "hidden"):
            cuts = dict(zip(SIDES, getattr(framing, part), strict=True))
            initial |= {f"{part}_{side}": cut for side, cut in cuts.items()}
        super().__init__(*args, initial=initial, **kwargs)
        for part in ("margins", "hidden"):
            for side, name in SIDES.items():
                self.fields[f"{part}_{side}"] = forms.IntegerField(
                    label=name,
                    min_value=0,
                    max_value=MOST_CUT,
                    widget=forms.NumberInput(attrs={"type": "range"}),
                )

    def cuts(self, part: str) -> list[forms.BoundField]:
        return [self[f"{part}_{side}"] for side in SIDES]

    @property
    def margins(self) -> list[forms.BoundField]:
        return self.cuts("margins")

    @property
    def hidden(self) -> list[forms.BoundField]:
        return self.cuts("hidden")

    def framing(self) -> Framing:
        """Of a valid form."""
        values = self.cleaned_data
        top, right, bottom, left = (values[f"margins_{side}"] for side in SIDES)
        above, beside, below, before = (values[f"hidden_{side}"] for side in SIDES)
        return Framing(values["turn"], (top, right, bottom, left), (above, beside, below, before))


class WithdrawalForm(PlainForm):
    """Why a work hangs no more."""

    reason = LabelField(
        column(Change, "reason"),
        label=_("Why it is withdrawn"),
        help_text=_("It stays on record with the work."),
    )


def medium_of(name: str, data: bytes) -> Medium:
    """Text is what is named so and does not begin like a picture: only pictures have signatures."""
    is_text = name.lower().endswith(".txt") and not is_picture(data)
    return Medium.TEXT if is_text else Medium.IMAGE


class ManyForm(LabelForm):
    """Works by people that share a label; each is called as its file is."""

    chosen = SeveralFilesField(
        label=_("Files"),
        allow_empty_file=True,
        max_length=1000,
        help_text=_(
            "JPEG, PNG, WebP or AVIF pictures, and text files (.txt). Drop them on this page, or "
            "choose."
        ),
        widget=SeveralFilesInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": _("Choose at least one file.")},
    )
    field_order = ["chosen", "maker", "licence", "credit", "source", "year"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["title"]
        for line in ("licence", "credit"):
            self.fields[line].required = True

    def label_of(self, file: UploadedFile[Any]) -> Label:
        """The shared label with a title from the file's name."""
        title = one_line(PurePath(file.name or "").stem.replace("_", " "))
        self.cleaned_data["title"] = title[: column(Artwork, "title").max_length]
        return self.label()


class ChangedLabelForm(LabelForm):
    """What to change in the labels of several works: an empty line changes nothing."""

    consent = ConsentField(unsaid="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["maker"].required = False

    def clean(self) -> dict[str, Any]:
        """Each work may have a note already: whether one is missing shows when it is changed."""
        return self.cleaned_data

    def changed(self) -> dict[str, str]:
        """The lines that were filled in."""
        return {line: text for line, text in self.cleaned_data.items() if text}


class WorkForm(LabelForm):
    """A work by a person: one picture file, or a text as a file or typed."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("A JPEG, PNG, WebP or AVIF picture, or a plain text file (.txt)."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
    text = forms.CharField(
        label=_("Or a text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("At most 20 kB. Quotes, dashes and spaces are made plain."),
    )
    field_order = ["file", "text", "maker", "title", "year", "licence", "credit", "source"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["licence"].required = True

    def clean_file(self) -> UploadedFile[Any] | None:
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file and (file.size or 0) > settings.UPLOAD_LIMIT_BYTES:
            raise forms.ValidationError(
                _("This file is larger than %(limit)d MB. Save it smaller and try again."),
                params={"limit": settings.UPLOAD_LIMIT_BYTES // 2**20},
            )
        return file

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        given = [name for name in ("file", "text") if values.get(name)]
        if not given and not self.errors:
            self.add_error("file", _("Choose a file, or type a text below."))
        if len(given) == 2:
            self.add_error("text", _("Send a file or a text, not both."))
        return values

    @property
    def given_field(self) -> str:
        """Which field holds the work, and so where a refusal belongs."""
        return "file" if self.cleaned_data.get("file") else "text"

    def work(self) -> tuple[Medium, bytes]:
        """The bytes of a valid form's work, and what they are: only pictures have signatures."""
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file is None:
            return Medium.TEXT, self.cleaned_data["text"].encode()
        data = file.read()
        return medium_of(file.name or "", data), data
