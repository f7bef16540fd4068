"""A client in a process of its own, which makes one call after the other."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Client:
    """One of the clients. `call` returns the outcome of a call, as JSON."""

    language: str
    process: subprocess.Popen[str]
    url: str = ""
    key: str = "rk_unused"

    def call(self, action: str, **given: Any) -> Any:
        outcome = self.attempt(action, **given)
        assert "error" not in outcome, outcome
        return outcome["result"]

    def attempt(self, action: str, **given: Any) -> Any:
        """The outcome: `result`, or `error` with what the error says."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        line = json.dumps({"action": action, "url": self.url, "key": self.key, "given": given})
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, f"the driver in {self.language} has ended"
        return json.loads(answer)


def started(language: str, *command: str | Path, cwd: Path) -> Client:
    process = subprocess.Popen(
        [str(part) for part in command], cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    return Client(language, process)
