"""Lena at the desk of the founded rehearsal."""

import pytest

from tests.cast import Instance
from tests.people.visiting import Desk


@pytest.fixture
def lena(instance: Instance) -> Desk:
    desk = Desk(instance)
    desk.sign_in("lena")
    return desk
