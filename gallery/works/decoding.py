"""Opens a stranger's picture: the program of a child process that has nothing to lose.

Run as `python -m gallery.works.decoding`. It speaks with `gallery.works.sandbox` through its
standard input and output: a request is two lengths (4 bytes each, big-endian), a JSON object and
the picture; an answer is a length, a JSON object and the renditions' bytes. Whatever a picture does
to this process, the parent sees at worst an answer that never comes.
"""

from __future__ import annotations

import json
import resource
import struct
import sys
import warnings
from collections.abc import Sequence
from io import BytesIO
from typing import BinaryIO

from PIL import AvifImagePlugin, Image, ImageCms

from gallery.works.blinding import blind, fitted
from gallery.works.framing import TURNS, Framing, before, box_of, cut
from gallery.works.jpeg import estimated_quality
from gallery.works.webp import claimed_pixels, is_webp

MEMORY_BYTES = 544 * 1024 * 1024
CPU_SECONDS = 10  # for each picture
MOST_PIXELS = 40_000_000
MOST_WEBP_PIXELS = 25_000_000  # its decoder needs four copies of the picture at once
MOST_AVIF_PIXELS = 25_000_000  # of 8 bits they take 310 MB
LONGEST_SIDE = 20_000
SHORTEST_SIDE = 16
MASTER_SIDE = 2048
DISPLAY_SIDE = 1600
THUMB_SIDE = 400
BEHIND_ALPHA = (128, 128, 128)
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")

AS_IT_CAME = Framing()

ORIENTATION = 0x0112  # the EXIF tag; its values 2-8 each name a turn or flip to undo
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What Pillow raises for damaged metadata and damaged pixels, by its plugins' code.
DAMAGE = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, struct.error),
    RuntimeError,  # what AVIF's decoder has no better name for
)


class Unreadable(Exception):
    """Its one argument is a key of `gallery.works.sandbox.REASONS`."""


def is_picture(data: bytes) -> bool:
    """Whether a file begins as one of FORMATS does; it may be damaged further on."""
    return data.startswith(SIGNATURES) or is_webp(data) or is_avif(data)


def is_avif(data: bytes) -> bool:
    """Whether a file says that it is one picture, or several in a row, coded as AV1 pictures."""
    return data[4:12] in (b"ftypavif", b"ftypavis")


def opened(data: bytes) -> Image.Image:
    """The picture with nothing but its header read. Raises Unreadable."""
    if claimed_pixels(data) > MOST_WEBP_PIXELS:
        raise Unreadable("webp")
    try:
        picture = Image.open(BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unreadable("pixels") from None
    except DAMAGE:
        raise Unreadable("damaged" if is_picture(data) else "format") from None
    if picture.width * picture.height > MOST_PIXELS:
        raise Unreadable("pixels")
    if picture.format == "AVIF" and picture.width * picture.height > MOST_AVIF_PIXELS:
        raise Unreadable("avif")
    if max(picture.size) > LONGEST_SIDE:
        raise Unreadable("long")
    if min(picture.size) < SHORTEST_SIDE:
        raise Unreadable("small")
    return picture


def master(picture: Image.Image, framing: Framing = AS_IT_CAME) -> Image.Image:
    """Upright sRGB pixels of the first frame as framed, at most MASTER_SIDE px long, without
    metadata.

    Cuts and reduces before anything else, so that the costly steps see a small picture. Raises
    Unreadable.
    """
    try:
        if framing.margins == AS_IT_CAME.margins:
            picture.draft(picture.mode, (MASTER_SIDE, MASTER_SIDE))
        picture.load()
        upright, turn = UPRIGHT.get(_orientation(picture)), TURNS.get(framing.turn)
        profile = picture.info.get("icc_profile")
        kept = before(before(box_of(framing.margins), turn), upright)
        small = fitted(_plain_mode(cut(picture, kept)), MASTER_SIDE)
        for change in (upright, turn):
            small = small if change is None else small.transpose(change)
        clean = _flattened(small, profile)
    except MemoryError:
        raise Unreadable("memory") from None
    except DAMAGE:
        raise Unreadable("damaged") from None
    clean.info = {}
    return clean


def _orientation(picture: Image.Image) -> int:
    """1 (upright) where the metadata is damaged: the picture itself may still be whole."""
    try:
        return int(picture.getexif().get(ORIENTATION, 1))
    except DAMAGE:
        return 1


def _plain_mode(picture: Image.Image) -> Image.Image:
    """L, LA, RGB, RGBA or CMYK: the modes that can be reduced and have a colour space."""
    if picture.mode in {"L", "LA", "RGB", "RGBA", "CMYK"} and "transparency" not in picture.info:
        return picture
    if picture.mode.startswith("I"):  # 16 bits; Pillow's own conversion would clip
        return picture.point(lambda value: value / 257).convert("L")
    grey = picture.mode in {"1", "L", "LA", "La"}
    if picture.has_transparency_data:
        return picture.convert("LA" if grey else "RGBA")
    return picture.convert("L" if grey else "RGB")


def _flattened(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB in sRGB, on mid grey where the picture is transparent."""
    alpha = picture.getchannel("A") if picture.mode in {"LA", "RGBA"} else None
    opaque = picture.convert(picture.mode.removesuffix("A")) if alpha else picture
    colours = _in_srgb(opaque, profile) if profile else None
    colours = colours or opaque.convert("RGB")
    if alpha is None:
        return colours
    ground = Image.new("RGB", colours.size, BEHIND_ALPHA)
    ground.paste(colours, mask=alpha)
    return ground


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image | None:
    """None where the profile is damaged or made for other colours than the picture has."""
    try:
        return ImageCms.profileToProfile(
            picture,
            ImageCms.ImageCmsProfile(BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, *DAMAGE):
        return None


def developed(
    data: bytes, qualities: Sequence[int], framing: Framing = AS_IT_CAME
) -> tuple[dict[str, object], list[bytes]]:
    """What is told of a picture, and its renditions as WebP. Raises Unreadable."""
    picture = opened(data)
    quality = estimated_quality(getattr(picture, "quantization", {}))
    size = picture.size
    positive = master(picture, framing)
    if (_orientation(picture) in {5, 6, 7, 8}) != (framing.turn in {90, 270}):
        size = size[::-1]
    left, top, right, bottom = box_of(framing.margins)
    size = max(round(size[0] * (right - left)), 1), max(round(size[1] * (bottom - top)), 1)
    renditions = {
        "display": (fitted(positive, DISPLAY_SIDE), {"quality": 84, "method": 3}),
        "thumb": (fitted(positive, THUMB_SIDE), {"quality": 80, "method": 4}),
        "blind": (
            blind(cut(positive, box_of(framing.hidden)), qualities),
            {"quality": 90, "method": 4},
        ),
    }
    files = [_webp(image, **options) for image, options in renditions.values()]
    told = [
        {"kind": kind, "width": image.width, "height": image.height, "bytes": len(file)}
        for (kind, (image, _)), file in zip(renditions.items(), files, strict=True)
    ]
    return {"width": size[0], "height": size[1], "quality": quality, "renditions": told}, files


def _webp(image: Image.Image, *, quality: int, method: int) -> bytes:
    file = BytesIO()
    image.save(file, "WEBP", quality=quality, method=method)
    return file.getvalue()


def limit_process() -> None:
    """Before the first byte is read: little memory, no files written, no core dumps."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # each has a stack, which counts as memory
    Image.preinit()
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def limit_next_picture() -> None:
    """The limit counts all that the process ever used, so it moves on with each picture."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the parent closes the pipe."""
    while lengths := requests.read(8):
        told_length, data_length = struct.unpack(">II", lengths)
        asked = json.loads(requests.read(told_length))
        limit_next_picture()
        files: list[bytes] = []
        try:
            data = requests.read(data_length)
            answer, files = developed(data, asked["qualities"], Framing.read(asked["framing"]))
        except Unreadable as unreadable:
            answer = {"refused": str(unreadable)}
        told = json.dumps(answer).encode()
        answers.write(struct.pack(">I", len(told)) + told + b"".join(files))
        answers.flush()


if __name__ == "__main__":
    limit_process()
    serve(sys.stdin.buffer, sys.stdout.buffer)
