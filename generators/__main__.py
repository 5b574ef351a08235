"""The command line: `python -m generators list`, `python -m generators paint NAME -o FILE` and
`python -m generators redraw PROGRAM -o FILE`.

Exit codes: 0 done, 1 painting failed, 2 wrong arguments, 130 interrupted. A reader that has seen
enough of the list, such as `head`, is no error.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from generators.catalog import GENERATORS, Generator, ImageParams, Params, Refused
from generators.seeds import SEED_LIMIT
from generators.texts import read_text

if TYPE_CHECKING:
    from torch import Tensor

    from generators.frames import Frame

SUFFIXES = {"image": ".png", "text": ".txt"}


class Failed(Exception):
    """Painting began and did not end well."""


def main(arguments: list[str] | None = None) -> int:
    """Carry out one command and return its exit code; errors are one line on stderr."""
    asked = _parser().parse_args(arguments)
    try:
        return {"list": _list, "paint": _paint, "redraw": _redraw}[asked.command](asked)
    except Refused as refused:
        return _complain(str(refused), 2)
    except Failed as failed:
        return _complain(str(failed), 1)
    except BrokenPipeError:
        # Python writes out what is left when it ends, and would complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _complain("Interrupted; nothing was written.", 130)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m generators", description="Machine artists.")
    commands = parser.add_subparsers(dest="command", required=True)
    listing = commands.add_parser("list", help="name every generator")
    listing.add_argument("--json", action="store_true", help="with the JSON schema of the params")
    painting = commands.add_parser("paint", help="make one work")
    painting.add_argument("name", help="a generator, as in the list")
    painting.add_argument("--seed", type=int, default=0, help="from 0 to 2**63-1 (default 0)")
    painting.add_argument("--size", help="long side in pixels; short for --param size=N")
    painting.add_argument("--param", action="append", default=[], metavar="NAME=VALUE")
    painting.add_argument(
        "--content", type=Path, help="a picture (JPEG, PNG, WebP) or text to work on"
    )
    painting.add_argument(
        "--style",
        type=Path,
        action="append",
        default=[],
        help="a picture to take the style of, or a guide; may be repeated",
    )
    painting.add_argument("--device", default="cpu", help="cpu (default), cuda, cuda:1, ...")
    painting.add_argument("-o", "--output", type=Path, required=True, help=".png, or .txt for text")
    redrawing = commands.add_parser("redraw", help="draw a low-complexity work from its program")
    redrawing.add_argument("program", type=Path, help="a program, as a work's page offers it")
    redrawing.add_argument("-o", "--output", type=Path, required=True, help=".png or .svg")
    return parser


def _list(asked: argparse.Namespace) -> int:
    if asked.json:
        described = [_described(generator) for generator in GENERATORS.values()]
        lines = json.dumps(described, indent=2)
    else:
        lines = "\n".join(
            f"{generator.name:14} {generator.medium:6} {generator.kind:8} {generator.summary}"
            for generator in GENERATORS.values()
        )
    sys.stdout.write(lines + "\n")
    sys.stdout.flush()  # so that a closed pipe is noticed here
    return 0


def _described(generator: Generator) -> dict[str, object]:
    fields = ("name", "title", "summary", "paper", "medium", "kind", "content", "version")
    described: dict[str, object] = {field: getattr(generator, field) for field in fields}
    return described | {"params": generator.params.model_json_schema()}


def _paint(asked: argparse.Namespace) -> int:
    """Check everything that can be wrong before the first step, then paint."""
    generator = GENERATORS.get(asked.name)
    if generator is None:
        raise Refused(f"There is no generator {asked.name!r}. Choose from {', '.join(GENERATORS)}.")
    params = generator.parse(_values(asked))
    if not 0 <= asked.seed < SEED_LIMIT:
        raise Refused("The seed must be from 0 to 2**63-1.")
    suffix = SUFFIXES[generator.medium]
    if asked.output.suffix.lower() != suffix:
        raise Refused(f"{generator.title} makes {suffix} files: end the output name in {suffix}.")
    content = _content(generator, params, asked.content)
    inputs: dict[str, Any] = {"content": content}
    if styles := _styles(generator, params, asked.style):
        inputs["styles"] = styles
    _check_device(asked.device)
    paint = generator.load()
    with _written(asked.output) as file:
        try:
            frames = paint(params, seed=asked.seed, device=asked.device, **inputs)
            file.write(_as_bytes(_watched(frames)))
        except Exception as error:
            raise Failed(str(error) if isinstance(error, Refused) else repr(error)) from error
    return 0


def _redraw(asked: argparse.Namespace) -> int:
    suffix = asked.output.suffix.lower()
    if suffix not in (".png", ".svg"):
        raise Refused("A drawing is a .png or an .svg file: end the output name in one of them.")
    from generators.low_complexity.redraw import redrawn

    data = redrawn(asked.program, suffix)
    with _written(asked.output) as file:
        file.write(data)
    return 0


def _values(asked: argparse.Namespace) -> dict[str, object]:
    values: dict[str, object] = {} if asked.size is None else {"size": asked.size}
    for param in asked.param:
        name, equals, value = param.partition("=")
        if not equals:
            raise Refused(f"--param takes NAME=VALUE, not {param!r}.")
        if name in values:
            raise Refused(f"{name} is given twice: give it once.")
        values[name] = value
    return values


def _content(generator: Generator, params: Params, path: Path | None) -> Tensor | str | None:
    use = generator.content_for(params)
    if path is None:
        if use == "required":
            raise Refused(f"{generator.title} needs a work to start from: name it with --content.")
        return None
    if use == "none":
        raise Refused(f"{generator.title} has no use for a content here: leave out --content.")
    if not isinstance(params, ImageParams):
        return read_text(path)
    from generators.pictures import read_picture

    return read_picture(path, params.size)


def _styles(generator: Generator, params: Params, paths: list[Path]) -> list[Tensor]:
    if not paths and generator.most_styles and generator.styles_required:
        raise Refused(f"{generator.title} needs a style: name one or more with --style.")
    if len(paths) > generator.most_styles:
        raise Refused(f"{generator.title} takes at most {generator.most_styles} of --style.")
    if not isinstance(params, ImageParams):
        return []
    from generators.pictures import read_picture

    return [read_picture(path, params.style_side) for path in paths]


def _check_device(name: str) -> None:
    import torch

    try:
        torch.zeros(1, device=name).item()  # "meta" makes tensors, but they hold no numbers
    except (RuntimeError, AssertionError):
        raise Refused(f"There is no device {name!r} here: use --device cpu.") from None


@contextmanager
def _written(path: Path) -> Iterator[BinaryIO]:
    """A file beside `path` that takes its place when all is written, and is removed otherwise.

    It is opened before painting begins, so that an hour's work is never lost to a wrong folder.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    if path.is_dir():
        raise Refused(f"{path} is a folder: name a file.")
    try:
        file = part.open("xb")
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}.") from None
    try:
        with file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _watched(frames: Iterator[Frame]) -> Frame:
    """The last frame; a progress bar while it comes, if someone is looking at a terminal."""
    from tqdm import tqdm

    with tqdm(disable=None, file=sys.stderr, unit="step") as bar:
        for frame in frames:
            bar.total = frame.steps
            bar.update(frame.step - bar.n)
            bar.set_postfix_str(frame.note)
    return frame


def _as_bytes(frame: Frame) -> bytes:
    if frame.image is not None:
        from generators.pictures import to_png

        return to_png(frame.image)
    return f"{frame.text}\n".encode()


def _complain(message: str, code: int) -> int:
    sys.stderr.write(f"python -m generators: {message}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
