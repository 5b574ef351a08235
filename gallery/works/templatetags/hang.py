"""What templates ask about a work on the wall."""

from django import template

from gallery.works import wall
from gallery.works.models import Artwork

register = template.Library()


@register.filter
def wall_class(artwork: Artwork) -> str:
    """The class that hangs this work in its true proportion."""
    return wall.wall_class(artwork.medium, artwork.width, artwork.height)


@register.filter
def opening(text: str, lines: int) -> str:
    """The first lines of a text, for a leaf on the wall."""
    return "\n".join(text.split("\n", lines)[:lines])
