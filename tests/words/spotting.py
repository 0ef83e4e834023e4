"""Runs the device's spotter in Node, on many texts at once, as the built script would run in a browser."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FIXTURE = json.loads(Path(__file__).with_name("spans.json").read_text(encoding="utf-8"))


def on_device(texts: Sequence[str], *, times: int = 1) -> dict[str, Any]:
    """What the bundled script answers: `spans` and `wider` of each text, `gzipped` bytes, `ms` for all texts."""
    run = subprocess.run(
        [ROOT / "scripts" / "node.sh", "node", Path(__file__).with_name("spot_all.mjs"), str(times)],
        cwd=ROOT,
        input=json.dumps(list(texts)).encode(),
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode()
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer
