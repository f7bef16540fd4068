"""Takes the metadata out of an MP4: a phone writes the place and its own name there.

An MP4 is a tree of boxes (ISO 14496-12, section 4.2): a size, a name and a content. A box of metadata becomes a box
`free` of the same size, filled with zeros. Nothing moves, so the addresses inside the file stay right.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_METADATA = {b"udta", b"meta", b"uuid"}
_INSIDE = {b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf"}
_DEPTH_MAX = 5
_BOXES_MAX = 20_000
_ZEROS = bytes(64 * 1024)


class BrokenVideoError(Exception):
    """The boxes of the file do not fit into each other, or are too many."""


@dataclass(frozen=True, slots=True)
class _Box:
    """`start` is of the box, `content` of what is behind its name."""

    name: bytes
    start: int
    content: int
    stop: int


def clean_mp4(file: BinaryIO, size: int) -> None:
    """Changes the file in its place. Raises BrokenVideoError."""
    for number, box in enumerate(_boxes(file, 0, size, 0)):
        if number == _BOXES_MAX:
            raise BrokenVideoError
        if box.name in _METADATA:
            _empty(file, box)
    file.flush()
    file.seek(0)


def _boxes(file: BinaryIO, start: int, stop: int, depth: int) -> Iterator[_Box]:
    """Every box from `start` to `stop`, and the boxes inside of those that hold boxes."""
    while start < stop:
        box = _box_at(file, start, stop)
        yield box
        if box.name in _INSIDE:
            if depth == _DEPTH_MAX:
                raise BrokenVideoError
            yield from _boxes(file, box.content, box.stop, depth + 1)
        start = box.stop


def _box_at(file: BinaryIO, start: int, stop: int) -> _Box:
    file.seek(start)
    head = file.read(16)
    if len(head) < 8 or start + 8 > stop:
        raise BrokenVideoError
    size, content = int.from_bytes(head[:4]), start + 8
    if size == 1:
        size, content = int.from_bytes(head[8:16]), start + 16
    elif size == 0:
        size = stop - start
    if start + size > stop or content > start + size:
        raise BrokenVideoError
    return _Box(head[4:8], start, content, start + size)


def _empty(file: BinaryIO, box: _Box) -> None:
    file.seek(box.start + 4)
    file.write(b"free")
    file.seek(box.content)
    left = box.stop - box.content
    while left:
        left -= file.write(_ZEROS[:left])
