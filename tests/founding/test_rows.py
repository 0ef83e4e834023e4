"""Every table is known to whoever copies or compares whole stores."""

import subprocess
import sys

LOOK = """
import importlib, pkgutil
import concerns, concerns.founding.rows
from concerns.store.base import LiveBase, MainBase
tables = lambda: {*MainBase.metadata.tables, *LiveBase.metadata.tables}
known = tables()
for one in pkgutil.walk_packages(concerns.__path__, "concerns."):
    if not one.name.endswith("__main__"):
        importlib.import_module(one.name)
print(sorted(tables() - known), len(known))
"""


def test_no_table_is_forgotten() -> None:
    """Asked of a fresh interpreter: here other tests have imported everything."""
    said = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True).stdout
    missing, known = said.rsplit(" ", 1)
    assert missing == "[]" and int(known) > 30
