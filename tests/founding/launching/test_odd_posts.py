"""Whatever an admin sends from a form of set-up, at each of its stages, the answer is a sound page."""

from collections.abc import Callable

import pytest

from tests.cast import Instance
from tests.demo.walking import walk
from tests.founding.setting_up import founded_by_ada, piloting, settled
from tests.people.visiting import Desk

STAGES = {"begun": founded_by_ada, "settled": settled, "in a pilot": piloting}


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_every_form_of_set_up_answers_odd_values_with_a_sound_page(
    unfounded: Instance, stage: Callable[[Instance], object]
) -> None:
    stage(unfounded)
    desk = Desk(unfounded)
    desk.sign_in("ada")
    pages, sent = walk(desk.app, desk.client, stage.__name__, lambda: desk.sign_in("ada"))
    assert pages > 20 and sent > 20
