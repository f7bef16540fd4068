"""`make clients`: both packages, from the document of this version of the service."""

import sys
from pathlib import Path

from docs.clients.builder import document, python_client, typescript_client
from docs.clients.builder.tools import BuildError


def main(home: Path) -> int:
    home.mkdir(parents=True, exist_ok=True)
    described = document.read()
    failed = False
    for build in (python_client.build, typescript_client.build):
        try:
            print(build(described, home))  # noqa: T201 # a command line prints
        except BuildError as error:
            print(f"error: {error}", file=sys.stderr)  # noqa: T201
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(Path("build/clients").resolve()))
