"""The packages, built once for each state of the document and the sources, and installed as a user installs them."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from docs.clients.builder import document, python_client, typescript_client
from docs.clients.builder.python_client import PIP
from docs.clients.builder.tools import digest, exclusively, run
from tests.pages import DOCS, ROOT, sample

HERE = Path(__file__).parent
HOME = ROOT / "build" / "clients"
PAGE = DOCS / "clients.md"
PYTHON_SAMPLES = ("walk.py", "lists.py", "webhook.py")
TYPESCRIPT_SAMPLES = ("walk.ts", "webhook.ts")


def python_folder() -> Path:
    """A new virtual environment, `venv`, with the wheel, beside the samples of the page."""
    HOME.mkdir(parents=True, exist_ok=True)
    wheel = python_client.build(document.read(), HOME)
    lock = python_client.SOURCE / "requirements.txt"

    def install(folder: Path) -> None:
        run(sys.executable, "-m", "venv", "--without-pip", "venv", cwd=folder)
        into = (*PIP, "--python", "venv", "install")
        run(*into, "--require-hashes", "-r", lock, cwd=folder)
        run(*into, "--no-deps", "--no-index", wheel, cwd=folder)
        for name in PYTHON_SAMPLES:
            (folder / name).write_text(sample(PAGE, name))

    return _made("python", [wheel, lock, PAGE], install)


def typescript_folder() -> Path:
    """A new folder where npm has installed the package, with the samples and the driver, compiled."""
    HOME.mkdir(parents=True, exist_ok=True)
    package = typescript_client.build(document.read(), HOME)
    written = [HERE / "driver.ts", HERE / "tsconfig.json"]

    def install(folder: Path) -> None:
        (folder / "package.json").write_text('{"type": "module"}\n')
        run("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", package, cwd=folder)
        tools = typescript_client.generator(HOME)
        (folder / "node_modules" / "@types").symlink_to(tools / "@types")
        (folder / "node_modules" / "undici-types").symlink_to(tools / "undici-types")
        for name in TYPESCRIPT_SAMPLES:
            (folder / name).write_text(sample(PAGE, name))
        for path in written:
            shutil.copy(path, folder)
        run(tools / ".bin" / "tsc", cwd=folder)

    return _made("typescript", [package, PAGE, *written], install)


def _made(name: str, of: list[Path], make: Callable[[Path], None]) -> Path:
    folders = HOME / "installed"
    folder = folders / f"{name}-{digest(of)}"
    with exclusively(folders):
        if not (folder / "complete").exists():
            for older in folders.glob(f"{name}-*"):
                shutil.rmtree(older)
            folder.mkdir()
            make(folder)
            (folder / "complete").touch()
    return folder
