"""Exact discrete Laplace noise: integers, fractions and the operating system's randomness; no floats and no seed."""

import secrets
from fractions import Fraction


def discrete_laplace(epsilon: Fraction) -> int:
    """One draw x with probability proportional to exp(-epsilon·|x|), for any positive fraction.

    Canonne, Kamath and Steinke, "The Discrete Gaussian for Differential Privacy" (2020), algorithm 2. Floating-point
    noise has gaps and a wrong law in its low bits, and both have been used to take noise off again.
    """
    if epsilon <= 0:
        raise ValueError("epsilon must be above zero")
    s, t = epsilon.numerator, epsilon.denominator
    while True:
        u = secrets.randbelow(t)
        if not _happens_exp(u, t):
            continue
        v = 0
        while _happens_exp(1, 1):
            v += 1
        size = (u + t * v) // s
        negative = secrets.randbelow(2) == 1
        if negative and size == 0:
            continue  # zero has one sign, or it would come twice as often
        return -size if negative else size


def _happens_exp(numerator: int, denominator: int) -> bool:
    """True with probability exp(-numerator/denominator), for a fraction between 0 and 1 (algorithm 1)."""
    k = 1
    while secrets.randbelow(denominator * k) < numerator:
        k += 1
    return k % 2 == 1
