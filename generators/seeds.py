"""Seeds for the outputs of a run. Torch-free."""

import hashlib

SEED_LIMIT = 2**63  # seeds fit a signed 64-bit database column


def output_seed(run_seed: int, index: int) -> int:
    """The seed of output `index` (from 0) of a run, in 0..2**63-1.

    The top 63 bits of sha256 over "run_seed:index" in decimal: any output can be painted alone,
    neighbouring run seeds share no outputs, and the rule can be repeated in any language.
    Raises ValueError for a run seed outside 0..2**63-1 or a negative index.
    """
    if not 0 <= run_seed < SEED_LIMIT or index < 0:
        raise ValueError(f"No output seed for run seed {run_seed} and index {index}.")
    digest = hashlib.sha256(f"{run_seed}:{index}".encode("ascii")).digest()
    return int.from_bytes(digest[:8], "big") >> 1
