import ast
import inspect
from collections import Counter
from fractions import Fraction

import pytest

from concerns.disclosure import sampler
from concerns.disclosure.sampler import discrete_laplace
from tests.disclosure.statistics import ALMOST_NEVER, chi_square_p, law_p, same_law_p

HALF = Fraction(1, 2)
EPSILONS = [Fraction(1, 4), HALF, Fraction(1), Fraction(2)]
ODD = [Fraction(2, 3), Fraction(3, 4), Fraction(3, 2)]


@pytest.mark.parametrize("epsilon", ODD, ids=str)
def test_draws_follow_the_law_for_fractions_of_any_shape(epsilon: Fraction) -> None:
    draws = [discrete_laplace(epsilon) for _ in range(20_000)]
    assert law_p(draws, epsilon) > ALMOST_NEVER


def test_sides_are_even() -> None:
    signs = Counter((draw > 0) - (draw < 0) for draw in (discrete_laplace(Fraction(1)) for _ in range(10_000)))
    sides = signs[1] + signs[-1]
    assert chi_square_p((signs[1] - signs[-1]) ** 2 / sides, 1) > ALMOST_NEVER


@pytest.mark.parametrize("epsilon", [Fraction(0), Fraction(-1)])
def test_epsilon_is_above_zero(epsilon: Fraction) -> None:
    with pytest.raises(ValueError, match="above zero"):
        discrete_laplace(epsilon)


def test_d7_the_sampler_knows_no_floats_no_seed_and_no_other_randomness() -> None:
    tree = ast.parse(inspect.getsource(sampler))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported == {"secrets", "fractions"}
    floats = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)]
    divisions = [node for node in ast.walk(tree) if isinstance(node, ast.Div)]
    assert not floats
    assert not divisions


@pytest.mark.parametrize("epsilon", EPSILONS, ids=str)
def test_opendp_draws_from_the_same_law(epsilon: Fraction) -> None:
    """The oracle's draws against ours, and against the law: neither test knows how the other side was made."""
    opendp = pytest.importorskip(
        "opendp.prelude",
        reason="NO OPENDP: the sampler was not compared with another one. It is 265 MB; `pip install opendp` to try",
    )
    opendp.enable_features("contrib")
    space = opendp.atom_domain(T=int), opendp.absolute_distance(T=int)
    noise = space >> opendp.m.then_laplace(scale=float(1 / epsilon))
    theirs, ours = [noise(0) for _ in range(20_000)], [discrete_laplace(epsilon) for _ in range(20_000)]
    assert law_p(theirs, epsilon) > ALMOST_NEVER
    assert same_law_p(ours, theirs) > ALMOST_NEVER
    assert same_law_p(ours, [2 * draw for draw in theirs]) < ALMOST_NEVER


def test_two_samples_of_different_laws_are_told_apart() -> None:
    """The comparison with the oracle, on the laws alone, so that it could fail."""
    one, same, other = ([discrete_laplace(eps) for _ in range(20_000)] for eps in (HALF, HALF, Fraction(3, 5)))
    assert same_law_p(one, same) > ALMOST_NEVER
    assert same_law_p(one, other) < ALMOST_NEVER
