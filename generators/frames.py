"""What a generator reports while it works. Importing this file does not import torch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class Frame:
    """One step of a work in progress. Only some carry a picture or a text; the last always does.

    `image` is float32 (3, H, W) in 0..1 on the CPU and belongs to the receiver: a generator never
    writes to it again. `facts`, on the last frame, are what a work's record must keep besides its
    params and seed, such as the hash of the weights that were used.
    """

    step: int  # 1..steps
    steps: int
    image: Tensor | None = None
    text: str | None = None
    note: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def last(self) -> bool:
        return self.step == self.steps


class Paint(Protocol):
    """The shape of every generator's function.

    Same params, seed, content and machine: the same bytes on a CPU; a GPU may differ in the last
    bits. It touches no global random state, leaves the gradient mode as it found it between frames,
    and may be closed after any frame. `params` is an instance of the catalog entry's `params`
    class; `content` and `styles` are works to start from, pictures as float32 (3, H, W) in 0..1,
    as many as the entry's `content` and `most_styles` say. Raises `Refused` for works that it
    cannot use.
    """

    def __call__(
        self,
        params: Any,
        /,
        *,
        seed: int,
        device: str = "cpu",
        content: Tensor | str | None = None,
        styles: Sequence[Tensor] = (),
    ) -> Iterator[Frame]: ...
