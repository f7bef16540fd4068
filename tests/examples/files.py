"""Every file of examples, and the text that it must hold."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.api.examples import FOLDER
from app.json_text import dump
from app.service.events.types import CATALOGUE, EXAMPLES
from tests.examples.answers import ANSWERS, TEXTS
from tests.examples.events import body_of


def _json(value: Any) -> str:
    return json.dumps(json.loads(dump(value)), indent=2, ensure_ascii=False) + "\n"


FILES: Mapping[Path, str] = {
    **{FOLDER / f"{name}.json": _json(value) for name, value in ANSWERS.items()},
    **{FOLDER / name: text for name, text in TEXTS.items()},
    **{EXAMPLES / f"{row.name}.json": _json(body_of(row.name)) for row in CATALOGUE},
}
