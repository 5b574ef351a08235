"""Fits the primary model to ratings.csv and works.csv alone and compares it with findings.json."""

import csv
import json
import sys
from pathlib import Path

import numpy as np

from gallery.findings.ordinal import fit

HERE = Path(__file__).parent
CLOSE = 1e-3  # logits


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    side_of = {row["work"]: 0.5 if row["origin"] == "human" else -0.5 for row in rows("works")}
    weight_of = {row["rater"]: float(row["weight"]) for row in rows("raters")}
    answers = [row for row in rows("ratings") if row["counted"] == "1"]
    wrong = compared = 0
    for scale in json.loads((HERE / "findings.json").read_text())["scales"]:
        if scale["model"] is None:
            continue
        mine = [row for row in answers if row["item"] == scale["item"]]
        values = np.unique([int(row["value"]) for row in mine], return_inverse=True)[1]
        found = fit(
            values + 1,
            {"side": [side_of[row["work"]] for row in mine]},
            {
                "rater": np.unique([row["rater"] for row in mine], return_inverse=True)[1],
                "work": np.unique([row["work"] for row in mine], return_inverse=True)[1],
            },
            slopes={"rater": "side"},
            weights=[weight_of[row["rater"]] for row in mine],
        )
        works = len({row["work"] for row in mine})
        widened = (works / (works - 2)) ** 0.5  # as restricted likelihood would have it
        here = found.coefficients["side"], widened * found.standard_errors["side"]
        there = scale["model"]["difference"]["estimate"], scale["model"]["error"]
        same = all(abs(a - b) < CLOSE for a, b in zip(here, there, strict=True))
        compared += 1
        wrong += not same
        sys.stdout.write(
            f"{scale['item']}: people less machines {here[0]:+.4f} logits, standard error "
            f"{here[1]:.4f}; published {there[0]:+.4f} and {there[1]:.4f}: "
            f"{'the same' if same else 'NOT THE SAME'}\n"
        )
    if not compared:
        sys.stdout.write("This study has no scale with a model to compare.\n")
    sys.exit(1 if wrong else 0)


main()
