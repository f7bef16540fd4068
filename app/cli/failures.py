"""How a command fails: one line that says what to do, and an exit code."""

import os
import sys
from pathlib import Path
from typing import NoReturn

import typer
from sqlalchemy.engine import make_url

from app.settings import Settings, SettingsError, read_settings


def fail(sentence: str) -> NoReturn:
    print(f"error: {sentence}", file=sys.stderr)
    raise typer.Exit(1)


def settings_or_exit() -> Settings:
    """The settings from the environment. A wrong setting ends the command with code 2."""
    try:
        settings = read_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    _refuse_unusable_file(settings.database_url)
    return settings


def _refuse_unusable_file(database_url: str) -> None:
    """SQLite creates files but no folders, and its driver reports the error from a thread, with a traceback."""
    url = make_url(database_url)
    if not url.drivername.startswith("sqlite"):
        return
    file = Path(url.database or ":memory:").absolute()
    if not file.parent.is_dir():
        fail(f"There is no folder {file.parent} for the database. Create it first.")
    if file.is_dir() or not os.access(file if file.exists() else file.parent, os.W_OK):
        fail(f"The database file {file} cannot be written. Set RECOURSE_DATABASE_URL to another file.")
