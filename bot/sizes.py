"""Sizes of files and messages, as people are told them."""

from __future__ import annotations

import math
from collections.abc import Callable

_KB, _MB = 1 << 10, 1 << 20


def at_most(size: int) -> str:
    """Return a limit of so many bytes, never as more than it is: whoever stays below what they read is below it."""
    return _said(size, math.floor)


def at_least(size: int) -> str:
    """Return how large something of so many bytes is, never as less than it is: it reads as more than the limit it broke."""
    return _said(size, math.ceil)


def _said(size: int, rounded: Callable[[float], int]) -> str:
    if size < _KB:
        return f"{size} B"
    kilobytes = rounded(size / _KB)
    return f"{kilobytes} KB" if kilobytes < _KB else f"{rounded(size * 10 / _MB) / 10:.1f}".removesuffix(".0") + " MB"
