"""The house shows the way of the data: import contracts, small modules, one sentence at the top of each."""

import ast
import subprocess
import sys
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
MODULES = [*sorted((ROOT / "concerns").rglob("*.py")), ROOT / "config.py", ROOT / "wsgi.py"]
LONGEST_MODULE, LONGEST_FUNCTION, MEDIAN = 300, 40, 80


def test_the_import_contracts_are_kept() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    run = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_modules_and_functions_stay_small() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in MODULES}
    assert {path: count for path, count in lengths.items() if count > LONGEST_MODULE} == {}
    assert median(lengths.values()) <= MEDIAN
    long = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long[f"{path.name}:{node.name}"] = length
    assert long == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [path for path in MODULES if not ast.get_docstring(ast.parse(path.read_text()))]
    assert silent == []


def test_no_code_reads_the_address_of_a_visitor() -> None:
    telling = ("remote_addr", "REMOTE_ADDR", "access_route", "user_agent", "X-Forwarded-For", "X-Real-IP")
    found = [f"{path}: {word}" for path in MODULES for word in telling if word in path.read_text()]
    assert found == []


def test_rooms_do_not_read_the_clock_themselves() -> None:
    """The clock is injected through the factories; anything else would let somebody close a period early."""
    own = ("datetime.now(", "date.today(", "utcnow(", "time.time(", "dt.datetime.now")
    allowed = {ROOT / "concerns" / "store" / "house.py"}
    found = [f"{path}: {word}" for path in MODULES if path not in allowed for word in own if word in path.read_text()]
    assert found == []
