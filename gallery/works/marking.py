"""What a file says of itself once it has left the gallery: its label, and how it came about.

An XMP packet (ISO 16684-1) with properties of the IPTC Photo Metadata Standard. How it came about
is a term of https://cv.iptc.org/newscodes/digitalsourcetype/, by its definitions of 2024.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from gallery.works.models import Artwork, SourceClass
from gallery.works.recipes import role_and_code
from gallery.works.texts import fit_for_xml

TERMS = "http://cv.iptc.org/newscodes/digitalsourcetype/"
ALGORITHM = TERMS + "algorithmicMedia"  # purely by an algorithm, without any training data
TRAINED = TERMS + "trainedAlgorithmicMedia"  # created with a model made from sampled content
WORKED_OVER = TERMS + "compositeWithTrainedAlgorithmicMedia"  # changed with such a model

NAMESPACES = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# By the wrapper, a reader that knows no WebP finds the packet; r: it is not to be edited in place.
BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'.encode()
END = b'<?xpacket end="r"?>'

CC_LICENCE = re.compile(r"CC (BY|BY-SA|BY-NC|BY-ND|BY-NC-SA|BY-NC-ND) (2\.0|2\.5|3\.0|4\.0)")
CC_PUBLIC = {"CC0 1.0": "zero/1.0", "Public Domain Mark 1.0": "mark/1.0"}

for _prefix, _address in NAMESPACES.items():
    ET.register_namespace(_prefix, _address)


def source_type(artwork: Artwork) -> str:
    """The term's address; empty where none is known to be true.

    That is so for every work by a person: nobody was asked whether it was painted, photographed or
    drawn on a screen, and by which way it came into a file.
    """
    recipe = artwork.recipe or {}
    untrained = "program" in recipe or recipe.get("params", {}).get("network") == "random"
    roles = {role_and_code(given)[0] for given in recipe.get("inputs", [])}
    match artwork.source_class:
        case SourceClass.NOISE | SourceClass.PLAIN | SourceClass.CONTROL:
            return ALGORITHM
        case SourceClass.SAMPLER | SourceClass.FILTER if untrained:
            return ALGORITHM
        case SourceClass.SAMPLER if "content" not in roles:
            return TRAINED
        case SourceClass.SAMPLER | SourceClass.FILTER:
            return WORKED_OVER
    return ""


def licence_address(licence: str) -> str:
    """Where Creative Commons states a licence that is written as it names it; empty for others."""
    if public := CC_PUBLIC.get(licence):
        return f"https://creativecommons.org/publicdomain/{public}/"
    if found := CC_LICENCE.fullmatch(licence):
        return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/"
    return ""


def packet(artwork: Artwork) -> bytes:
    """The XMP packet; what the label leaves empty is left out."""
    root = ET.Element(_named("x:xmpmeta"))
    about = ET.SubElement(
        ET.SubElement(root, _named("rdf:RDF")),
        _named("rdf:Description"),
        {_named("rdf:about"): ""},
    )
    _list(about, "dc:creator", "rdf:Seq", artwork.maker.name)
    _list(about, "dc:title", "rdf:Alt", artwork.title)
    _list(about, "dc:rights", "rdf:Alt", artwork.licence)
    _line(about, "xmpRights:WebStatement", licence_address(artwork.licence))
    _line(about, "photoshop:Credit", artwork.credit)
    _line(about, "photoshop:Source", artwork.source)
    _line(about, "Iptc4xmpExt:DigitalSourceType", source_type(artwork))
    written: bytes = ET.tostring(root, encoding="utf-8")
    return BEGIN + written + END


def _named(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def _line(about: ET.Element, name: str, text: str) -> None:
    if text:
        ET.SubElement(about, _named(name)).text = fit_for_xml(text)


def _list(about: ET.Element, name: str, kind: str, text: str) -> None:
    """One item; alternatives are told apart by language, and this is the one for all."""
    if text:
        items = ET.SubElement(ET.SubElement(about, _named(name)), _named(kind))
        item = ET.SubElement(items, _named("rdf:li"))
        if kind == "rdf:Alt":
            item.set(LANGUAGE, "x-default")
        item.text = fit_for_xml(text)
