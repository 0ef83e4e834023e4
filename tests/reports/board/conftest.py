"""Lena, with five quarters to report on."""

import pytest

from tests.people.visiting import Desk
from tests.reports.board.papers import with_quarters


@pytest.fixture
def frozen(leader: Desk) -> Desk:
    return with_quarters(leader)
