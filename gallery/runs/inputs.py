"""Which works a run may start from."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gallery.runs.refusals import RunRefused
from gallery.works.models import Artwork, State
from generators.catalog import Generator, Params

GUIDE = "guide"  # the objective that needs a style work to look at, and the only one that does


def check_inputs(
    generator: Generator, params: Params, content: Artwork | None, styles: Sequence[Artwork]
) -> None:
    """Raises RunRefused with a sentence at each of "content" and "styles" that will not do."""
    sentences = {
        "content": _wrong_content(generator, params, content),
        "styles": _wrong_styles(generator, params, styles),
    }
    fields = {
        name: sentence % {"generator": generator.title, "most": generator.most_styles}
        for name, sentence in sentences.items()
        if sentence
    }
    if fields:
        raise RunRefused(" ".join(fields.values()), fields=fields)


def _wrong_content(generator: Generator, params: Params, content: Artwork | None) -> str:
    use = generator.content_for(params)
    if content is None:
        if use == "required":
            return _("%(generator)s works on a work that hangs here: choose one.")
        return ""
    if generator.content == "none":
        return _("%(generator)s works from nothing: choose no work for it.")
    if use == "none":
        return _("No work has a part in this: choose none, or ask for what is matched to a work.")
    return _unfit(generator, content)


def _wrong_styles(generator: Generator, params: Params, styles: Sequence[Artwork]) -> str:
    if styles and not generator.most_styles:
        return _("%(generator)s takes no style from other works: choose none for it.")
    if len(styles) > generator.most_styles:
        return ngettext(
            "%(generator)s takes %(most)d such work at most: choose one.",
            "%(generator)s takes %(most)d such works at most: choose fewer.",
            generator.most_styles,
        )
    if len({artwork.pk for artwork in styles}) < len(styles):
        return _("Choose each work once.")
    return _wrong_number(generator, params, styles) or next(
        filter(None, (_unfit(generator, artwork) for artwork in styles)), ""
    )


def _wrong_number(generator: Generator, params: Params, styles: Sequence[Artwork]) -> str:
    """A work that is not looked at would be a parent in the record only."""
    if not generator.most_styles:
        return ""
    if generator.styles_required:
        return "" if styles else _("%(generator)s paints in the manner of others: choose one.")
    guided = getattr(params, "objective", "") == GUIDE
    if guided and not styles:
        return _("To strengthen what a guide shows, choose the guide.")
    if styles and not guided:
        return _("This work is only looked at to strengthen what a guide shows: ask for that.")
    return ""


def _unfit(generator: Generator, artwork: Artwork) -> str:
    if artwork.state != State.HUNG:
        return _("%(generator)s may only work on a work that hangs here.")
    if artwork.medium != generator.medium:
        return _("%(generator)s cannot work on this medium: choose another work.")
    return ""
