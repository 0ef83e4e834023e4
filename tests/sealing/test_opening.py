"""The reporter's key stands inside the flag, and nowhere else."""

import pytest

from concerns.sealing import keys
from concerns.sealing.envelope import Kind, Tampered, open_sealed
from concerns.sealing.opening import open_thread, reporter_keys
from concerns.sealing.text import to_text
from concerns.sealing.threads import deliver
from concerns.store.session import Stores
from tests.sealing.helpers import SITE, Told


def test_the_keys_are_those_inside_the_flag() -> None:
    told = Told()
    kem, _sign = reporter_keys(told.flag, open_sealed(told.flag, told.guardians[0]))
    assert kem == told.reporter


def test_s8_a_flag_that_is_not_wrapped_for_its_own_reporter_is_tampered(stores: Stores) -> None:
    """The rows name one reporter's key, the flag another: replies to it would reach somebody else, or nobody."""
    told = Told()
    stranger = to_text(keys.kem_public(keys.new_seed()))
    told.flag = told.seal(Kind.FLAG, {"text": told.text, **told.reporter_keys(), "kem": stranger})
    with pytest.raises(Tampered):
        reporter_keys(told.flag, open_sealed(told.flag, told.guardians[0]))
    deliver(stores, [told.flag], told.receipt.lookup_hash, "open")
    assert open_thread(stores, SITE, told.thread_id, told.guardians[0], told.sign_publics) is None


@pytest.mark.parametrize("change", [{"kem": "x"}, {"kem": None}, {"sign": ""}, {"sign": 5}])
def test_malformed_keys_are_tampered(change: dict[str, object]) -> None:
    told = Told()
    payload = {**open_sealed(told.flag, told.guardians[0]), **change}
    with pytest.raises(Tampered):
        reporter_keys(told.flag, payload)
