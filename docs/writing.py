"""Write the sheets of pieces: `python -m docs.writing`, a few seconds.

Two writers, five temperatures, three seeds each, as they come: none is chosen.
"""

from __future__ import annotations

from pathlib import Path

from generators.catalog import GENERATORS
from generators.char_rnn.params import CharRNNParams

TEMPERATURES = (0.3, 0.6, 0.8, 1.0, 1.3)
SEEDS = (1, 2, 3)
LONGEST = {"shakespeare": 400, "tang": 200}
LETTERS = (
    *("uniform letters", "english frequencies", "one phrase", "shuffled words"),
    *("shuffled characters", "drawn words", "drawn characters"),
)
SHEET = Path(__file__).parent / "writing.md"


def piece(writer: str, temperature: float, seed: int) -> str:
    """One piece in a block of its own, below what it cost."""
    generator = GENERATORS["char_rnn"]
    values = {"writer": writer, "temperature": temperature, "longest": LONGEST[writer]}
    for frame in generator.load()(generator.parse(values), seed=seed):
        last = frame
    facts = last.facts
    copied = facts["copied"] if facts["copied"] != "0" else "fewer than 12"
    told = f"Seed {seed}, {facts['bits_of_chance']} bits of chance, {copied} characters copied:"
    return f"{told}\n\n```text\n{last.text}\n```"


def letters() -> str:
    """What the anchor writes, of nothing and of one of the writer's pieces."""
    generator = GENERATORS["letters"]
    content = None
    parts = ["# What Letters writes", "`python -m docs.writing` writes this sheet."]
    for variant in LETTERS:
        values: dict[str, object] = {"variant": variant, "length": 300}
        if variant.startswith("drawn"):
            values["order"] = 1
        params = generator.parse(values)
        if params.content == "required" and content is None:
            for frame in GENERATORS["char_rnn"].load()(CharRNNParams(), seed=1):
                content = frame.text
            parts.append(f"## The text that the rest is matched to\n\n```text\n{content}\n```")
        given = content if params.content == "required" else None
        for frame in generator.load()(params, seed=1, content=given):
            last = frame.text
        parts.append(f"## {variant}\n\n```text\n{last}\n```")
    return "\n\n".join(parts) + "\n"


def main() -> None:
    parts = [
        "# What the character RNN writes",
        "`python -m docs.writing` writes this sheet. Nothing is chosen: three seeds each, as they "
        "come.",
    ]
    for writer in LONGEST:
        for temperature in TEMPERATURES:
            parts.append(f"## {writer}, temperature {temperature}")
            parts += [piece(writer, temperature, seed) for seed in SEEDS]
    SHEET.write_text("\n\n".join(parts) + "\n", "utf-8")
    SHEET.with_name("letters.md").write_text(letters(), "utf-8")


if __name__ == "__main__":
    main()
