"""The ordinal mixed model beside R's `ordinal::clmm`, on the same simulated answers.

    OMP_NUM_THREADS=1 python -m bench.ordinal [--large]

Raters and works are crossed, each rater sees 25 works (with `--large`, 73,000 answers by 3,000
raters, ours alone). R is used where it is installed (Debian: r-base-core, r-cran-ordinal).
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

from gallery.findings.ordinal import fit

CUTS = np.linspace(-2.5, 2.5, 6)
R_SCRIPT = """
suppressMessages(library(ordinal))
d <- read.csv(commandArgs(TRUE)[1])
d$y <- factor(d$y); d$rater <- factor(d$rater); d$work <- factor(d$work)
t <- system.time(m <- clmm(as.formula(commandArgs(TRUE)[2]), data = d))[["elapsed"]]
cat(t, as.numeric(logLik(m)), coef(m)[["side"]], "\\n")
"""


def answers(raters: int, works: int, each: int, seed: int = 1) -> dict[str, np.ndarray]:
    """Ratings on seven points: rater 1.1, their slope 0.5, work 0.9, effect 0.4 logits."""
    rng = np.random.default_rng(seed)
    side_of = np.where(np.arange(works) % 2, 0.5, -0.5)
    rater = np.repeat(np.arange(raters), each)
    work = np.concatenate([rng.choice(works, each, replace=False) for _ in range(raters)])
    side = side_of[work]
    eta = (0.4 + rng.normal(0, 0.5, raters)[rater]) * side + rng.normal(0, 1.1, raters)[rater]
    eta += rng.normal(0, 0.9, works)[work] + rng.logistic(size=len(side))
    return {"y": 1 + np.searchsorted(CUTS, eta), "side": side, "rater": rater, "work": work}


def ours(data: dict[str, np.ndarray], *, slope: bool) -> tuple[float, float, float]:
    """Seconds, log-likelihood, effect."""
    began = perf_counter()
    found = fit(
        data["y"],
        {"side": data["side"]},
        {"rater": data["rater"], "work": data["work"]},
        slopes={"rater": "side"} if slope else None,
        correlated=True,
    )
    return perf_counter() - began, found.loglik, found.coefficients["side"]


def theirs(data: dict[str, np.ndarray], *, slope: bool) -> tuple[float, float, float]:
    """The same of R."""
    with tempfile.TemporaryDirectory() as folder:
        table, script = Path(folder, "answers.csv"), Path(folder, "fit.R")
        columns = np.column_stack(list(data.values()))
        np.savetxt(table, columns, delimiter=",", header=",".join(data), comments="", fmt="%g")
        script.write_text(R_SCRIPT)
        formula = f"y ~ side + ({'1 + side' if slope else '1'}|rater) + (1|work)"
        command = ["Rscript", str(script), str(table), formula]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(told[0]), float(told[1]), float(told[2])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true")
    sizes = [(3000, 1100, 24)] if parser.parse_args().large else [(120, 80, 25), (300, 1100, 25)]
    for raters, works, each in sizes:
        data = answers(raters, works, each)
        for slope in (False, True):
            told = ours(data, slope=slope)
            name = f"{raters * each:,} answers, {raters} x {works}, {'slope' if slope else 'plain'}"
            print(f"{name}: {told[0]:.2f} s, log-likelihood {told[1]:.4f}, effect {told[2]:.5f}")
            if shutil.which("Rscript") and len(sizes) > 1:
                r = theirs(data, slope=slope)
                print(f"    clmm {r[0]:.1f} s ({r[0] / told[0]:.0f} times), {r[1]:.4f}, {r[2]:.5f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"most memory: {peak:.0f} MB")


if __name__ == "__main__":
    main()
