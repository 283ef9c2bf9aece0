"""Money is integer fen (分), and is written in yuan only for people."""


def yuan(fen: int) -> str:
    """350元 for 35000, 0.05元 for 5, -1.20元 for -120."""
    sign, whole, rest = ("-" if fen < 0 else ""), abs(fen) // 100, abs(fen) % 100
    return f"{sign}{whole}元" if rest == 0 else f"{sign}{whole}.{rest:02d}元"
