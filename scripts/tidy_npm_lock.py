"""Takes the web addresses out of the npm locks: names, versions and hashes are enough to install from anywhere."""

import json
from pathlib import Path

LOCKS = (Path("package-lock.json"), Path("tests/observatory/package-lock.json"))


def main() -> None:
    for file in LOCKS:
        lock = json.loads(file.read_text())
        for package in lock["packages"].values():
            for key in ("funding", "resolved"):
                package.pop(key, None)
        file.write_text(json.dumps(lock, indent=2) + "\n")


if __name__ == "__main__":
    main()
