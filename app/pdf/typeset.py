"""A program of its own: reads a template and its content from standard input, and writes the PDF to standard output.

It gets no path of a client, opens no connection, and has its own limits of memory and time. The same content, fonts and
release of the library give the same bytes. The exit status says what happened.
"""

import json
import sys
from datetime import datetime

import typst

if sys.platform != "win32":
    import resource

MEMORY_MAX = 2 * 1024**3
SECONDS_MAX = 15
NO_FONTS = 10
"""Exit status, which `typesetting.py` reads. 0 is success."""


def typeset(template: str, content: dict[str, object], families: list[str], fonts_folder: str, made_at: str) -> int:
    """`content` is for the template, which gets `families` as `fonts`: the first one that has a letter sets it."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts_folder])
    if not set(families).issubset(fonts.families()):
        return NO_FONTS
    compiler = typst.Compiler(font_paths=fonts, ignore_system_fonts=True)
    pdf = compiler.compile(
        template.encode(),
        format="pdf",
        sys_inputs={"content": json.dumps({**content, "fonts": families})},
        timestamp=datetime.fromisoformat(made_at),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("a PDF is one piece of bytes")
    sys.stdout.buffer.write(pdf)
    return 0


def _limit_resources() -> None:
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MAX, SECONDS_MAX))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _limit_resources()
    sys.exit(typeset(**json.load(sys.stdin)))
