"""Run by the environment's own Python: load every required package, to see that it is whole."""

from __future__ import annotations

import importlib
import re
import sys
from importlib import metadata

PRODUCT = "lianfang"


def required(extras: set[str]) -> set[str]:
    """The plain names of what pyproject.toml names for these extras and for every use."""
    found = set()
    for line in metadata.requires(PRODUCT) or ():
        words = re.match(r"[\w.-]+", line)
        extra = re.search(r"""extra == ["'](\w+)["']""", line)
        if words and (extra is None or extra[1] in extras):
            found.add(plain(words[0]))
    return found - {PRODUCT}


def plain(name: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def modules() -> dict[str, str]:
    """Plain package name -> one module of it; a package of programs or of types alone has none."""
    return {
        plain(package): module
        for module, packages in metadata.packages_distributions().items()
        for package in packages
        if module.isidentifier() and not module.startswith("_")
    }


def main() -> int:
    """Load them; an error ends it with its own words."""
    of_package = modules()
    for package in sorted(required(set(sys.argv[1].split(",")))):
        metadata.version(package)
        if package in of_package:
            importlib.import_module(of_package[package])
    return 0


if __name__ == "__main__":
    sys.exit(main())
