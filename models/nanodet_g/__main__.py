"""`python -m models.nanodet_g SOURCE_DIR OUT_DIR`: build the detector, saying how far it is."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from models.nanodet_g.build import build_all, names
from models.nanodet_g.tfjs import WrongSourceError


def main() -> int:
    """Build all; returns 0, or 1 after a sentence that says what is wrong with the source."""
    parser = argparse.ArgumentParser(prog="python -m models.nanodet_g", description=__doc__)
    parser.add_argument("source_dir", type=Path, help="folder with nanodet.json and nanodet.bin")
    parser.add_argument("out_dir", type=Path, help="folder for the ONNX files")
    given = parser.parse_args()
    try:
        for step, built in enumerate(build_all(given.source_dir, given.out_dir), 1):
            other = "" if built.as_carded else "  (other bytes than card.toml says: run the self-test)"
            print(
                f"[{step}/{len(names())}] {built.name:<18} {built.size / 1e6:5.1f} MB "
                f"{built.seconds:4.1f} s  {built.sha256[:12]}{other}",
                flush=True,
            )
    except WrongSourceError as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
