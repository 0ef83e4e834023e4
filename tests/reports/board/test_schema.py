"""The published schema of a paper's frozen bytes."""

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from sqlalchemy import select

from concerns.reports.model import BoardPaper
from concerns.sealing.text import canonical
from tests.learning.promises.promising import promise
from tests.learning.releasing import POINT, VIEW, released
from tests.people.visiting import Desk
from tests.reports.board.papers import BOARD, freeze, stored

SCHEMA: dict[str, Any] = json.loads((Path(__file__).parents[3] / "docs" / "board.schema.json").read_text())


class TestSchema:
    """What `docs/board.schema.json` says of the frozen bytes is so."""

    def test_a_paper_follows_it(self, frozen: Desk) -> None:
        released(frozen.instance, VIEW)
        released(frozen.instance, POINT, today=dt.date(2026, 9, 20))
        promise(frozen)
        freeze(frozen)
        document = json.loads(frozen.client.get(f"{BOARD}/1.json").response.data)
        Draft202012Validator.check_schema(SCHEMA)
        check = Draft202012Validator(SCHEMA)
        check.validate(document)
        held = {name for part in document["parts"] for name, value in part.items() if value}
        assert held >= {"chart", "bars", "total", "grid", "typed", "quoted", "said"}, "the paper tries all of it"
        volume, themes = document["parts"][2:4]
        for wrong in (
            {"measured": 3},
            {"form": 3},
            {"release": None},
            {"parts": document["parts"][:12]},
            {"parts": [*document["parts"][:12], {**themes, "day": "2026-02-03"}]},
            {"parts": [*document["parts"][:12], {**volume, "chart": {**volume["chart"], "raw": 4}}]},
            {"parts": [*document["parts"][:12], {**themes, "bars": [{**themes["bars"][0], "measured": 4}]}]},
        ):
            assert not check.is_valid({**document, **wrong}), wrong

    def test_so_did_a_paper_of_the_first_form(self, frozen: Desk) -> None:
        freeze(frozen)
        document = json.loads(stored(frozen)[0].body)
        for part in document["parts"]:
            for row in (*part["bars"], *filter(None, [part["total"]])):
                del row["owes"]
        Draft202012Validator(SCHEMA).validate({**document, "form": 1})
        data = canonical({**document, "form": 1})
        with frozen.instance.stores.write_main() as main:
            row = main.scalars(select(BoardPaper)).one()
            row.body, row.checksum = data, hashlib.sha256(data).digest()
        assert "Fund two posts a ward." in frozen.client.get(f"{BOARD}/1").text, "and it is still shown"
