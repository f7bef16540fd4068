"""Which types of files are accepted, and how a type is found in the content. Names and headers are not read."""

from collections.abc import Mapping
from dataclasses import dataclass

import puremagic

MIB = 1024 * 1024


class UnknownKindError(Exception):
    """The content is of no accepted type."""


class FileTooLargeError(Exception):
    """The file is larger than its type may be. `limit` is in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`bytes_max` is the largest file of this type that a client may send. An image is kept as `kept_as`."""

    media_type: str
    extension: str
    bytes_max: int
    kept_as: str | None = None


def _image(media_type: str, extension: str, kept_as: str) -> Kind:
    return Kind(media_type=media_type, extension=extension, bytes_max=20 * MIB, kept_as=kept_as)


KINDS: Mapping[str, Kind] = {
    kind.media_type: kind
    for kind in (
        _image("image/jpeg", "jpg", "image/jpeg"),
        _image("image/png", "png", "image/png"),
        _image("image/webp", "webp", "image/webp"),
        _image("image/heif", "heic", "image/jpeg"),
        Kind(media_type="application/pdf", extension="pdf", bytes_max=20 * MIB),
        Kind(media_type="video/mp4", extension="mp4", bytes_max=50 * MIB),
        Kind(media_type="video/webm", extension="webm", bytes_max=50 * MIB),
    )
}
LARGEST = max(kind.bytes_max for kind in KINDS.values())
"""Bytes of the largest file of any type."""
HEAD = 4096
"""How many of the first bytes decide the type."""


def kind_of(head: bytes) -> Kind:
    """The type of a file that begins with these bytes. Raises UnknownKindError."""
    try:
        first = puremagic.magic_string(head)[0]
    except (puremagic.PureError, ValueError):
        raise UnknownKindError from None
    kind = KINDS.get(first.mime_type)
    if kind is None:
        raise UnknownKindError
    return kind
