"""The browser keeps the pages: they open while the hub is away, say so, and hold nothing of the market."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import expect

from hub.gear.certificate import Authority
from tests.conftest import CHROMIUM, FLAGS
from tests.hub.api.port import listening
from tests.hub.gear.listener import eventually
from tests.hub.web.conftest import DIST, WHOLE, Served
from tests.system.test_screens import look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, CDPSession, Page, Playwright

    from hub.api.parts import Parts

pytestmark = pytest.mark.screen

NAME = "hub.market.test"
KEPT = """async () => {
    const found = [];
    for (const name of await caches.keys()) {
        const kept = await (await caches.open(name)).keys();
        for (const { url } of kept) found.push([name, new URL(url).pathname]);
    }
    return found;
}"""
"""Name of each cache with the paths in it."""
CONTROLLED = "navigator.serviceWorker.controller?.state === 'activated'"
HASHED = re.compile(r"-([\w-]{7})(?=\.(?:js|css)\b)")


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """The built pages, to be exchanged for a newer build."""
    if not (DIST / "worker.js").is_file():
        pytest.skip("hub/web/dist is not built: run `python3 -m launch setup`")
    told = json.loads((DIST / "worker.js").read_text().split(";\n")[0].removeprefix("const shell = "))
    for path in [*told["files"], "/worker.js"]:
        (tmp_path / "web" / path[1:]).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(DIST / path[1:], tmp_path / "web" / path[1:])
    return tmp_path / "web"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "tls", "Lianfang 联防", datetime.now(UTC))


@pytest.fixture
def hub(parts: Parts, web: Path, authority: Authority) -> Iterator[Served]:
    """A hub of the market's network: HTTPS with the house's own authority."""
    pair = authority.server((NAME, "127.0.0.1"), datetime.now(UTC))
    app = Served(parts, web=web, pair={"ssl_certfile": str(pair.certificate), "ssl_keyfile": str(pair.key)})
    app.begin()
    yield app
    app.stop()


@pytest.fixture
def phone(driver: Playwright, tmp_path: Path, authority: Authority) -> Iterator[BrowserContext]:
    """A browser that was brought the root, as far as it can be told by a flag: by its key."""
    root = x509.load_pem_x509_certificate(authority.pem)
    key = root.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    trusted = base64.b64encode(hashlib.sha256(key).digest()).decode()
    context = driver.chromium.launch_persistent_context(
        str(tmp_path / "profile"),
        executable_path=str(CHROMIUM),
        args=[
            *FLAGS,
            f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
            f"--ignore-certificate-errors-spki-list={trusted}",
        ],
        viewport={"width": 390, "height": 844},
    )
    context.set_default_timeout(60_000)
    yield context
    context.close()


@pytest.fixture
def page(hub: Served, phone: BrowserContext) -> Page:
    """Somebody looks at the wall there; the pages are kept."""
    page = phone.pages[0]
    page.goto(f"https://{NAME}:{hub.port}/")
    page.locator("#user").fill("lin")
    page.locator("#password").fill("lin")
    page.keyboard.press("Enter")
    page.locator(WHOLE).wait_for()
    assert eventually(lambda: page.evaluate(CONTROLLED), 180)
    return page


def files(web: Path) -> dict[str, str]:
    """Each built file as the worker is told of it: its path, and what a browser demands of its content."""
    return {
        f"/{path.relative_to(web)}": "sha256-"
        + base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()
        for path in web.rglob("*")
        if path.is_file() and path.name != "worker.js"
    }


def deploy(web: Path) -> None:
    """Exchange the pages for a newer build of other names; the old files are gone."""
    for path in [*web.rglob("*.js"), *web.rglob("*.css"), web / "index.html"]:
        path.write_text(HASHED.sub(r"-\1N", path.read_text()))
        path.rename(path.with_name(HASHED.sub(r"-\1N", path.name)))
    tell(web, "newer")


def tell(web: Path, build: str) -> None:
    """Write the worker of `build`, with the files that are there."""
    worker = web / "worker.js"
    _, _, code = worker.read_text().partition(";\n")
    worker.write_text(f"const shell = {json.dumps({'build': build, 'files': files(web)})};\n{code}")


def look_for_newer(page: Page, hub: Served, through: CDPSession | None = None) -> None:
    """As the page does it every ten minutes; a browser that has just begun may take a minute for it."""
    through = through or page.context.new_cdp_session(page)
    through.send("ServiceWorker.enable")
    through.send("ServiceWorker.updateRegistration", {"scopeURL": f"https://{NAME}:{hub.port}/"})


def script(page: Page) -> str:
    """The path of the page's own script, which bears its build's hash."""
    return urlsplit(page.locator("script[type=module]").get_attribute("src") or "").path


def test_the_worker_is_told_every_file_of_the_build_as_it_is(web: Path) -> None:
    told = json.loads((web / "worker.js").read_text().split(";\n")[0].removeprefix("const shell = "))
    assert told["files"] == files(web)
    assert {"/index.html", "/manifest.webmanifest", "/theme.js", "/icon-512.png"} <= set(told["files"])
    assert len(told["files"]) > 40


def test_a_browser_would_install_the_pages(page: Page, phone: BrowserContext) -> None:
    browser = phone.new_cdp_session(page)
    manifest = browser.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert json.loads(manifest["data"])["display"] == "standalone"
    assert browser.send("Page.getInstallabilityErrors")["installabilityErrors"] == []


def test_nothing_but_the_build_is_ever_kept(page: Page, hub: Served, alarm: Callable[..., str]) -> None:
    """Not the wall's answer, nor a camera's picture, nor whose session it is."""
    alarm("intrusion")
    hub.parts.feeds.wake()
    page.reload()
    page.locator("[data-alert]").first.wait_for()
    page.goto(f"https://{NAME}:{hub.port}/#/cases")
    page.locator("h1").wait_for()
    assert {path for _, path in page.evaluate(KEPT)} == set(files(hub.web))


def test_without_the_hub_the_page_opens_and_says_when_it_was_last_heard(page: Page, hub: Served) -> None:
    hub.stop()
    page.reload()
    away = page.locator(".away")
    expect(away.get_by_role("alert")).to_contain_text("连不上机房")
    expect(away.get_by_role("alert")).to_contain_text(re.compile(r"最后一次连通：\d\d:\d\d:\d\d"))
    expect(away.locator("a[href='tel:119']")).to_be_visible()
    assert page.locator("#user, [data-alert], .wall").count() == 0
    page.get_by_role("button", name="English").click()
    expect(away.get_by_role("alert")).to_contain_text("No connection to the hub")
    expect(away.get_by_role("alert")).to_contain_text(re.compile(r"Last heard at \d\d:\d\d:\d\d"))
    hub.begin()
    page.locator(WHOLE).wait_for()


@pytest.mark.long
def test_a_hub_that_is_off_and_refuses_nothing_is_not_waited_for_long(page: Page, hub: Served) -> None:
    hub.stop()
    with closing(listening(hub.port)) as mute:
        mute.listen(64)
        page.reload(wait_until="commit")
        expect(page.locator(".away [role=alert]")).to_contain_text("连不上机房")


@pytest.mark.long
def test_a_new_build_is_there_at_the_next_load(page: Page, hub: Served) -> None:
    """Though the old one is kept: the hub is asked first."""
    own = script(page)
    deploy(hub.web)
    page.reload()
    page.locator(WHOLE).wait_for()
    assert script(page) == HASHED.sub(r"-\1N", own)


@pytest.mark.long
def test_a_new_build_is_there_at_a_press_and_never_before(page: Page, hub: Served) -> None:
    own = script(page)
    deploy(hub.web)
    look_for_newer(page, hub)
    newer = page.locator(".newer")
    assert eventually(newer.is_visible, 180)
    expect(newer).to_contain_text("有新版本")
    look(page, "newer-390x844-zh-dark")
    assert script(page) == own
    page.goto(f"https://{NAME}:{hub.port}/#/cases")  # a file of the old build that was not needed so far
    page.locator("h1").wait_for()
    newer.get_by_role("button", name="现在换").click()
    expect(page.locator("script[type=module]")).to_have_attribute("src", HASHED.sub(r"-\1N", own))
    page.locator("h1").wait_for()
    assert page.locator(".newer").count() == 0
    hub.stop()
    page.reload()
    expect(page.locator(".away")).to_be_visible()
    assert script(page) == HASHED.sub(r"-\1N", own)


@pytest.mark.long
def test_a_build_that_is_half_there_is_not_kept(page: Page, hub: Served) -> None:
    """The worker is new already, the first page is still the old one: what is kept stays whole."""
    before = page.evaluate(KEPT)
    index = (hub.web / "index.html").read_text()
    deploy(hub.web)
    newer = (hub.web / "index.html").read_text()
    (hub.web / "index.html").write_text(index)
    came = page.context.new_cdp_session(page)
    seen: list[str] = []
    came.on(
        "ServiceWorker.workerVersionUpdated",
        lambda told: seen.extend(one["status"] for one in told["versions"]),
    )
    look_for_newer(page, hub, came)
    assert eventually(lambda: page.evaluate(CONTROLLED) and "redundant" in seen, 180)
    assert [one for one in page.evaluate(KEPT) if one[0] != "shell-newer"] == before
    (hub.web / "index.html").write_text(newer)
    look_for_newer(page, hub, came)
    assert eventually(page.locator(".newer").is_visible, 180)


@pytest.mark.long
def test_a_build_that_was_come_back_to_is_not_forgotten_at_the_next(page: Page, hub: Served) -> None:
    """An open page may still need its files: of the builds before, the last one used is kept."""
    (first,) = {name.removeprefix("shell-") for name, _ in page.evaluate(KEPT)}
    came = page.context.new_cdp_session(page)
    active: set[str] = set()
    came.on(
        "ServiceWorker.workerVersionUpdated",
        lambda told: active.update(
            one["versionId"] for one in told["versions"] if one["status"] == "activated"
        ),
    )
    came.send("ServiceWorker.enable")

    def at_work(workers: int) -> bool:
        return bool(page.evaluate(CONTROLLED)) and len(active) == workers

    for before, build in enumerate(("second", first, "third"), 1):
        assert eventually(partial(at_work, before), 180)
        tell(hub.web, build)
        look_for_newer(page, hub, came)
    assert eventually(partial(at_work, 4), 180)
    kept = page.evaluate(KEPT)
    assert {name for name, _ in kept} == {f"shell-{first}", "shell-third"}
    assert {path for name, path in kept if name == f"shell-{first}"} == set(files(hub.web))


@pytest.mark.long
def test_a_page_that_is_no_build_is_not_offered_as_one(page: Page, hub: Served) -> None:
    """As a proxy's, while the hub behind it is away."""
    (hub.web / "index.html").unlink()
    status = page.evaluate("""async () => {
        navigator.serviceWorker.dispatchEvent(new Event("controllerchange"));
        const answer = await fetch("/", { cache: "no-cache" });
        await answer.text();
        return answer.status;
    }""")
    assert status >= 400
    assert page.locator(".newer").count() == 0


def test_over_plain_http_the_log_in_says_what_will_not_work(
    parts: Parts, web: Path, phone: BrowserContext
) -> None:
    app = Served(parts, web=web)
    app.begin()
    try:
        page = phone.pages[0]
        page.goto(f"http://{NAME}:{app.port}/")
        expect(page.get_by_role("alert")).to_contain_text("没有加密（http）")
        expect(page.get_by_role("alert")).to_contain_text("断网时打开页面都不能用")
        assert page.evaluate("'serviceWorker' in navigator") is False
    finally:
        app.stop()
