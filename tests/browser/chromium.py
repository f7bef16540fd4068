"""A real Chromium, and axe-core in its pages. Chromium is a package of the system; npm installs packages from the lock
file, once for each state of that file, into pytest's cache."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

HERE = Path(__file__).parent
WIDTHS = (320, 1440)
"""In CSS pixels: the width that WCAG 1.4.10 names, and a desk."""
_COMMANDS = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = (
    "--headless",
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_REPORT = """async tags => {
  const found = await axe.run({runOnly: tags, resultTypes: ['violations', 'incomplete']});
  return [...found.violations, ...found.incomplete].flatMap(rule => rule.nodes.map(
    node => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary ?? rule.help}`));
}"""
_WIDE = """() => [...document.querySelectorAll('body *')]
  .filter(each => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map(each => each.outerHTML.slice(0, 80))"""


def command(*names: str) -> str:
    """The path of the first command that this machine has. Without one, the test is skipped, or fails in CI."""
    path = next(filter(None, map(shutil.which, names)), "")
    if not path:
        reason = f"needs {names[0]}: install it with the package manager of the system"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return path


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser with a new profile, which is deleted when the browser ends."""
    path = command(*_COMMANDS)
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        await browser.close()


def axe_source(cache: pytest.Cache) -> str:
    """The script of axe-core, in the version of the lock file."""
    return (node_modules(cache) / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def node_modules(cache: pytest.Cache) -> Path:
    """The packages of the lock file."""
    lock = HERE / "package-lock.json"
    home = cache.mkdir(f"browser-{hashlib.sha256(lock.read_bytes()).hexdigest()[:16]}")
    complete = home / "complete"
    if not complete.exists():
        npm = command("npm")
        for name in ("package.json", lock.name):
            shutil.copy(HERE / name, home)
        subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=home, check=True, timeout=300)
        complete.touch()
    return home / "node_modules"


async def findings(page: Page, axe: str) -> list[str]:
    """What axe finds against WCAG 2.2 AA and best practice, or cannot decide, and each part that is too wide."""
    await page.evaluate(axe)
    found: list[Any] = await page.evaluate(_REPORT, _STANDARD)
    wide: list[Any] = await page.evaluate(_WIDE)
    return [str(each) for each in found] + [f"too wide: {each}" for each in wide]
