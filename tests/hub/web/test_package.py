"""What `npm ci` installs is pinned, and the lock file names no host that a person elsewhere cannot reach."""

import gzip
import json
import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[3] / "hub" / "web"


def test_every_version_is_exact() -> None:
    package = json.loads((WEB / "package.json").read_text(encoding="utf-8"))
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert [name for name, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_the_lock_file_names_no_registry() -> None:
    packages = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in packages.items() if name)


def test_nothing_is_fetched_from_elsewhere() -> None:
    """No address but the hub's own: no font, script or picture from another host."""
    found = {
        f"{path.relative_to(WEB)}: {address}"
        for path in [*(WEB / "src").rglob("*"), *(WEB / "public").rglob("*"), *WEB.glob("*.html")]
        if path.is_file() and path.suffix != ".png"
        for address in re.findall(r"https?://[^\s\"'`<>)]+", path.read_text(encoding="utf-8"))
        if "www.w3.org" not in address
    }
    assert found == set()


def test_no_page_needs_a_loosened_content_policy() -> None:
    """A style attribute or an inline script would be dropped by the hub's policy: a broken page."""
    pages = [*(WEB / "src").rglob("*.svelte"), *WEB.glob("*.html")]
    loose = re.compile(r"\sstyle=|<script>(?!\s*$)|\{@html")
    assert [page.name for page in pages if loose.search(page.read_text(encoding="utf-8"))] == []


MOST = 60_000
"""Bytes of scripts and styles, gzipped, before a page can be used."""


@pytest.mark.parametrize("page", ["index.html", "phone.html"])
def test_what_is_needed_at_once_is_light(page: str) -> None:
    """The wall's page, and a phone's over the market's thin radio."""
    index = WEB / "dist" / page
    if not index.is_file():
        pytest.skip("hub/web/dist is not built: run `python3 -m launch setup`")
    linked = re.findall(r'(?:src|href)="/([^"]+\.(?:js|css))"', index.read_text(encoding="utf-8"))
    assert len(linked) >= 3
    sizes = {name: len(gzip.compress((WEB / "dist" / name).read_bytes(), 5)) for name in linked}
    assert sum(sizes.values()) <= MOST, sizes


def test_the_reader_of_codes_is_our_own_and_waits_until_somebody_scans() -> None:
    """Compiled code of this build, which no page asks for at its beginning."""
    assets = WEB / "dist" / "assets"
    if not assets.is_dir():
        pytest.skip("hub/web/dist is not built: run `python3 -m launch setup`")
    assert [path.suffix for path in assets.glob("zxing_reader-*.wasm")][:1] == [".wasm"]
    for page in (WEB / "dist").glob("*.html"):
        assert "zxing" not in page.read_text(encoding="utf-8")
