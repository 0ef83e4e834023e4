"""The desk of the founded rehearsal."""

import pytest

from tests.cast import Instance
from tests.people.visiting import Desk


@pytest.fixture
def desk(instance: Instance) -> Desk:
    return Desk(instance)
