"""What every test would make anew, and need not: SQL as text, and the makers of addresses that nobody asks for.

Each test has engines and apps of its own. None of this changes what they do: only how often the same thing is compiled.
"""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

#: statements that are kept as text, of both stores
STATEMENTS = 5000


def compile_statements_once(patch: pytest.MonkeyPatch) -> None:
    """All engines of one kind of store keep their statements in one place."""
    kept: LRUCache[Any, Any] = LRUCache(STATEMENTS)
    # each engine sets its own when it is made
    patch.setattr(Engine, "_compiled_cache", property(lambda _one: kept, lambda _one, _own: None), raising=False)
    for kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        # a statement is kept under its dialect: those of one kind compile alike
        patch.setattr(kind, "__eq__", lambda one, other: type(one) is type(other), raising=False)
        patch.setattr(kind, "__hash__", lambda one: hash(type(one)), raising=False)


def compile_addresses_when_asked(patch: pytest.MonkeyPatch) -> None:
    """An app has a hundred and more addresses, and a test asks for a few of them."""
    compiled = Rule._compile_builder

    def when_asked(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        made: list[Callable[..., tuple[str, str]]] = []

        def build(bound: Rule, **values: Any) -> tuple[str, str]:
            if not made:
                made.append(compiled(rule, append_unknown))
            return made[0](bound, **values)

        return build

    patch.setattr(Rule, "_compile_builder", when_asked)
