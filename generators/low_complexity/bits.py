"""Whole numbers as bits. Pure Python.

Bits are strings of 0 and 1 while they are worked on, and bytes when they are kept.
"""

from __future__ import annotations

from generators.refused import Refused

BROKEN = "This is not the program of a drawing: use one as it was downloaded."


def flat(number: int, count: int) -> str:
    """One of `count` equally dear numbers, in as few bits as that takes: truncated binary."""
    longer = (count - 1).bit_length()
    short = (1 << longer) - count  # so many numbers get one bit less
    if number < short:
        return f"{number:0{longer - 1}b}" if longer > 1 else ""
    return f"{number + short:0{longer}b}" if longer else ""


def gamma(number: int) -> str:
    """A number from 1 on in 2 floor(log2 n) + 1 bits (Elias 1975, "Universal codeword sets and
    representations of the integers"): small ones are cheap."""
    return "0" * (number.bit_length() - 1) + f"{number:b}"


class Reader:
    """Takes numbers off the front of bits. Raises Refused where bits are missing."""

    def __init__(self, bits: str) -> None:
        self.bits, self.place = bits, 0

    @property
    def done(self) -> bool:
        return self.place >= len(self.bits)

    def take(self, count: int) -> str:
        """The next bits."""
        if self.place + count > len(self.bits):
            raise Refused(BROKEN)
        self.place += count
        return self.bits[self.place - count : self.place]

    def flat(self, count: int) -> int:
        """What `flat` wrote."""
        longer = (count - 1).bit_length()
        if not longer:
            return 0
        short = (1 << longer) - count
        number = int(self.take(longer - 1) or "0", 2)
        if number < short:
            return number
        return 2 * number + int(self.take(1)) - short

    def gamma(self) -> int:
        """What `gamma` wrote."""
        zeros = 0
        while self.take(1) == "0":
            zeros += 1
        return int("1" + self.take(zeros), 2)


def packed(bits: str) -> bytes:
    """Whole bytes: the bits, a 1 that ends them, and zeros."""
    ended = bits + "1"
    ended += "0" * (-len(ended) % 8)
    return int(ended, 2).to_bytes(len(ended) // 8, "big")


def unpacked(data: bytes) -> str:
    """The bits that `packed` was given. Raises Refused if nothing ends them."""
    bits = "".join(f"{byte:08b}" for byte in data).rstrip("0")
    if not bits or len(bits) <= 8 * (len(data) - 1):
        raise Refused(BROKEN)
    return bits[:-1]
