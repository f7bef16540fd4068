"""The npm package of the TypeScript client: the types that the generator makes of the document, the operations, and
the written modules."""

import json
import shutil
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from docs.clients.builder.document import Document, Operation, operations, prepared
from docs.clients.builder.tools import (
    NPM_INSTALL,
    digest,
    exclusively,
    files_under,
    installed,
    need_npm,
    run,
)

SOURCE = Path(__file__).parent.parent / "typescript"
ROOT = SOURCE.parents[2]
LOCK = SOURCE / "package-lock.json"


def build(document: Document, home: Path) -> Path:
    """The package in `home`. It is built again only after a change of the document or of the sources."""
    need_npm()
    text = json.dumps(document)
    state = digest([*files_under(SOURCE), *files_under(Path(__file__).parent)], text)
    with exclusively(home / "typescript"):
        stamp = home / "typescript" / state
        if not stamp.exists():
            for path in (*home.glob("typescript/[0-9a-f]*"), *home.glob("*.tgz")):
                path.unlink()
            _build(document, home)
            stamp.touch()
    (package,) = home.glob("*.tgz")
    return package


def generator(home: Path) -> Path:
    """The folder `node_modules` with the generator and the compiler."""
    return installed(home / "tools", LOCK, NPM_INSTALL) / "node_modules"


def _build(document: Document, home: Path) -> None:
    stage = home / "typescript" / "recourse-client"
    shutil.rmtree(stage, ignore_errors=True)
    shutil.copytree(SOURCE, stage, ignore=shutil.ignore_patterns("node_modules", "generated", "dist"))
    shutil.copy(ROOT / "LICENSE", stage)
    version = document["info"]["version"]
    manifest = json.loads((SOURCE / "package.json").read_text("utf-8"))
    (stage / "package.json").write_text(json.dumps({**manifest, "version": version}, indent=2) + "\n", "utf-8")
    (stage / "node_modules").symlink_to(generator(home))
    description = home / "typescript" / "openapi.json"
    description.write_text(json.dumps(prepared(document)), "utf-8")
    generated = stage / "src" / "generated"
    generated.mkdir()
    # A field with a default may be left out of a request.
    options = ("--default-non-nullable", "false")
    run("node_modules/.bin/openapi-typescript", description, "-o", generated / "schema.ts", *options, cwd=stage)
    (generated / "resources.ts").write_text(_resources(prepared(document)), "utf-8")
    (generated / "version.ts").write_text(f'export const VERSION = "{version}";\n', "utf-8")
    run("node_modules/.bin/tsc", cwd=stage)
    run("npm", "pack", "--silent", "--pack-destination", home, cwd=stage)


def _resources(document: Document) -> str:
    """A class for each tag, with a function for each operation."""
    by_tag = [(tag, list(group)) for tag, group in groupby(_sorted(document), key=attrgetter("tag"))]
    classes = "\n".join(
        f"export class {_pascal(tag)}Operations {{\n"
        "  readonly #sender: Sender;\n\n"
        "  constructor(sender: Sender) {\n    this.#sender = sender;\n  }\n"
        f"{''.join(map(_function, group))}}}\n"
        for tag, group in by_tag
    )
    fields = "".join(f"  readonly {_camel(tag)}: {_pascal(tag)}Operations;\n" for tag, _ in by_tag)
    made = "".join(f"    this.{_camel(tag)} = new {_pascal(tag)}Operations(sender);\n" for tag, _ in by_tag)
    return (
        "// The operations of the service, grouped by their tags.\n"
        'import type { Sender } from "../sending.js";\n'
        'import type { CallOptions, Input, Output } from "../types.js";\n\n'
        f"{classes}\n"
        f"export class Resources {{\n{fields}\n  constructor(sender: Sender) {{\n{made}  }}\n}}\n"
    )


def _sorted(document: Document) -> Iterator[Operation]:
    """By tag; within a tag in the order of the document."""
    return iter(sorted(operations(document), key=attrgetter("tag")))


def _function(operation: Operation) -> str:
    """A property, so that the function may be handed around without its object."""
    given = f'input: Input<"{operation.id}">' + ("" if operation.has_required_input else " = {}")
    description = json.dumps(
        {
            "method": operation.method,
            "path": operation.path,
            "parseAs": _parse_as(operation.media_types),
            "keyed": operation.is_keyed,
        }
    )
    return (
        f"\n{_comment(operation)}"
        f"  readonly {_camel(operation.id)} = ({given}, options?: CallOptions): "
        f'Promise<Output<"{operation.id}">> =>\n'
        f'    this.#sender.send<"{operation.id}">({description}, input, options);\n'
    )


def _comment(operation: Operation) -> str:
    text = f"{operation.description['summary']}\n\n{operation.description.get('description', '')}".strip()
    lines = text.replace("*/", "* /").splitlines()
    return "  /**\n" + "".join(f"   * {line}".rstrip() + "\n" for line in lines) + "   */\n"


def _parse_as(media_types: list[str]) -> str:
    if "application/json" in media_types:
        return "json"
    return "text" if all(kind.startswith("text/") for kind in media_types) else "blob"


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.replace(" ", "_").split("_"))


def _camel(name: str) -> str:
    pascal = _pascal(name)
    return pascal[0].lower() + pascal[1:]
