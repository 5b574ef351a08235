"""Train a writer: `python -m generators.training.char_rnn TEXTS... --output WRITER`.

TEXTS are files or folders of UTF-8 text; `--stdlib` takes Python's own library instead. The last
tenth of the text is never learnt: the writer is judged on it. Training ends after `--steps`, or
after `--seconds` of processor time. Interrupted, it goes on from its last checkpoint; with
`--steps` it ends with the same weights.
"""

from __future__ import annotations

import argparse
import math
import shlex
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from generators.corpus import collected, read_texts
from generators.nets.gru import UNITS
from generators.refused import Refused
from generators.training.read import CHECKPOINT_SECONDS, advances
from generators.training.writer import Lesson, Training

if TYPE_CHECKING:
    from generators.training.writer_card import Circumstances


def train(
    training: Training,
    checkpoint: Path,
    every: float = CHECKPOINT_SECONDS,
    watch: Callable[[float, float], None] = lambda share, loss: None,
) -> None:
    """Carry the lesson to its end. `watch` is told the share that is done and the mean loss.

    Raises Refused if it diverges.
    """
    for loss in advances(training, checkpoint, every):
        watch(training.share, loss)


def standard_library() -> list[str]:
    """The source of Python's own library, as installed here, without its packages and tests."""
    files = sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py"))
    if not files:
        raise Refused("This Python comes without the source of its library: name text files.")
    return [file.read_text("utf-8", errors="strict") for file in files]


def main(arguments: list[str] | None = None) -> int:
    from tqdm import tqdm

    from generators.training.writer_card import write_card

    arguments = sys.argv[1:] if arguments is None else arguments
    asked = _parser().parse_args(arguments)
    checkpoint = asked.output.with_suffix(".checkpoint.safetensors")
    try:
        if asked.output.suffix != ".safetensors" or not asked.output.parent.is_dir():
            raise Refused("--output must name a .safetensors file in a folder that is there.")
        if bool(asked.texts) == asked.stdlib:
            raise Refused("Name text files or folders, or give --stdlib.")
        texts = standard_library() if asked.stdlib else read_texts(asked.texts)
        lesson = Lesson(
            steps=asked.steps,
            seconds=0.0 if asked.steps else asked.seconds,
            seed=asked.seed,
            units=asked.units,
            dropout=asked.dropout,
        )
        training = Training(lesson, collected(texts, "The collection"), asked.device)
        with tqdm(total=100.0, unit="%", bar_format="{l_bar}{bar}| {elapsed}{postfix}") as bar:

            def watch(share: float, loss: float) -> None:
                bar.set_postfix_str(f"loss {loss:.3f}", refresh=False)
                bar.update(100 * share - bar.n)

            train(training, checkpoint, asked.every, watch)
        loss = training.judged()
        facts = {
            "steps": str(training.step),
            "held_out_nats": f"{loss:.4f}",
            "text_sha256": training.digest,
        }
        training.export(asked.output, facts)
        if not asked.no_card:
            write_card(asked.output, training, loss, _circumstances(arguments, asked))
        sys.stderr.write(
            f"{asked.output}: {loss:.3f} nats, {loss / math.log(2):.2f} bits a character on the "
            "tenth that was not learnt.\n"
        )
    except Refused as refused:
        sys.stderr.write(f"{refused}\n")
        return 2
    return 0


def _circumstances(arguments: list[str], asked: argparse.Namespace) -> Circumstances:
    from generators.training.card import hardware
    from generators.training.writer_card import Circumstances

    read = asked.texts or [f"the library of Python {sys.version.split()[0]}, under its own licence"]
    return Circumstances(
        command=f"python -m generators.training.char_rnn {shlex.join(arguments)}",
        hardware=hardware(asked.device),
        torch=torch.__version__,
        sources=asked.source or [str(text) for text in read],
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m generators.training.char_rnn")
    parser.add_argument("texts", nargs="*", type=Path, help="text files, or folders of them")
    parser.add_argument("--stdlib", action="store_true", help="Python's own library")
    parser.add_argument("--output", type=Path, required=True, help="the .safetensors file to write")
    parser.add_argument("--seconds", type=float, default=120.0, help="of processor time")
    parser.add_argument("--steps", type=int, default=0, help="instead of --seconds")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--units", type=int, default=UNITS, help="of the network's only layer")
    parser.add_argument("--dropout", type=float, default=0.0, help="for long lessons, such as 0.3")
    parser.add_argument("--device", default="cpu")
    parser.add_argument(
        "--source", action="append", help="for the card: a text, by whom, and on what legal basis"
    )
    parser.add_argument("--no-card", action="store_true", help="do not describe it")
    parser.add_argument("--every", type=float, default=CHECKPOINT_SECONDS, metavar="SECONDS")
    return parser


if __name__ == "__main__":
    sys.exit(main())
