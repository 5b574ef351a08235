"""What the addresses of licences and rights statements allow.

IIIF documents state rights as an address of creativecommons.org or rightsstatements.org
(https://iiif.io/api/presentation/3.0/#rights). This gallery shows changed copies (smaller, cropped
by a few pixels, encoded anew), and machines work over what hangs: what allows no changes is not for
it.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.utils.translation import gettext as _

LICENCES = {"by", "by-sa", "by-nc", "by-nc-sa"}
PUBLIC_DOMAIN = {"zero": "CC0", "mark": "Public Domain Mark"}
STATEMENTS = {  # https://rightsstatements.org/page/1.0/
    "NoC-US": "No copyright in the United States",
    "NoC-NC": "No copyright, non-commercial use only",
    "NKC": "No known copyright",
}


def allowed(statements: list[str]) -> tuple[str, str]:
    """The licence's plain name and why it does not do: one of the two is empty.

    Of several statements, on the parts of one thing, each must allow it.
    """
    if not statements:
        return "", _("No licence is stated.")
    names = {statement: _name(statement) for statement in statements}
    if refused := [statement for statement, name in names.items() if not name]:
        return "", _("Its rights do not allow it, or are not known here: %(statement)s") % {
            "statement": refused[0][:200]
        }
    return "; ".join(dict.fromkeys(names.values())), ""


def _name(statement: str) -> str:
    """The plain name of what allows changed copies; empty for anything else."""
    try:
        address = urlsplit(statement)
    except ValueError:
        return ""
    match address.netloc.lower().removeprefix("www."), address.path.strip("/").split("/"):
        case "creativecommons.org", ["licenses", kind, version, *_rest] if kind in LICENCES:
            return f"CC {kind.upper()} {version}"[:40]
        case "creativecommons.org", ["publicdomain", kind, "1.0", *_rest] if kind in PUBLIC_DOMAIN:
            return f"{PUBLIC_DOMAIN[kind]} 1.0"
        case "rightsstatements.org", ["vocab" | "page", code, "1.0", *_rest]:
            return STATEMENTS.get(code, "")
    return ""
