import ast
import inspect
from collections import Counter
from fractions import Fraction

import pytest

from concerns.disclosure import sampler
from concerns.disclosure.sampler import discrete_laplace
from tests.disclosure.statistics import ALMOST_NEVER, chi_square_p, law_p

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


def test_opendp_draws_from_the_same_law() -> None:
    opendp = pytest.importorskip("opendp.prelude", reason="opendp is 265 MB: an optional cross-check")
    opendp.enable_features("contrib")
    space = opendp.atom_domain(T=int), opendp.absolute_distance(T=int)
    noise = space >> opendp.m.then_laplace(scale=2.0)
    assert law_p([noise(0) for _ in range(20_000)], Fraction(1, 2)) > ALMOST_NEVER
