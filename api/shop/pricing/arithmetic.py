"""Division of whole numbers in which nothing is lost: no float, no Decimal, no context."""

from __future__ import annotations

from collections.abc import Sequence


def half_up(numerator: int, denominator: int) -> int:
    """The quotient of two numbers that are not negative, to the nearest whole number; a half goes up."""
    return (2 * numerator + denominator) // (2 * denominator)


def spread(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` in proportion to the weights: the parts add up to it, and each is off by less than one.

    What division leaves over goes to the largest remainders, the first of equal ones before the others.
    Without any weight there are no parts: all are 0.
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts, remainders = [], []
    for weight in weights:
        part, remainder = divmod(amount * weight, whole)
        parts.append(part)
        remainders.append(remainder)
    left = amount - sum(parts)
    if left:
        largest = sorted(range(len(parts)), key=remainders.__getitem__, reverse=True)
        for index in largest[:left]:
            parts[index] += 1
    return parts


def share(amount: int, *, settled: int, units: int, of: int) -> int:
    """The part of `amount` for so many more `units` of all `of` when some are `settled` already.

    However all units are cut into parts, the shares of the parts add up to `amount`.
    """
    return amount * (settled + units) // of - amount * settled // of
