"""Which simplified character stands for a traditional one, as OpenCC has it: `python -m tests.simplified` writes it anew."""

from __future__ import annotations

from pathlib import Path

from opencc import OpenCC

WRITTEN = Path(__file__).parent.parent / "complaints" / "simplified.txt"
_IDEOGRAPHS = range(0x3400, 0xA000)  # CJK Unified Ideographs with Extension A
_ON_A_LINE = 30


def table() -> str:
    """Return pairs, the traditional character first, some on a line."""
    every = [chr(code) for code in _IDEOGRAPHS]
    plain = OpenCC("t2s").convert("\n".join(every)).split("\n")  # a line each, so that none is read as part of a word
    pairs = [one + simple for one, simple in zip(every, plain, strict=True) if simple != one]
    lines = (pairs[start : start + _ON_A_LINE] for start in range(0, len(pairs), _ON_A_LINE))
    return "".join(f"{''.join(line)}\n" for line in lines)


if __name__ == "__main__":
    WRITTEN.write_text(table(), "utf-8")
