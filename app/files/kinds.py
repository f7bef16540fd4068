"""Which types of files are accepted, and how a type is found in the content. Names and headers are not read.

The table is short and strict. Libraries that know many types answer with the likeliest one: one of them took the HEIC
of a phone, with the place where it was taken, for a video.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

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
    if head[4:8] == b"ftyp":
        return KINDS[_of_brands(head)]
    for media_type, beginning in _BEGINNINGS.items():
        if beginning.match(head):
            return KINDS[media_type]
    raise UnknownKindError


_BEGINNINGS: Mapping[str, re.Pattern[bytes]] = {
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    "application/pdf": re.compile(rb"%PDF-[12]\."),
    "video/webm": re.compile(rb"\x1a\x45\xdf\xa3.{1,60}?\x42\x82\x84webm", re.DOTALL),
}
"""WebM is a profile of Matroska: the document type in its head tells them apart (RFC 9559, section 5.1.2)."""
_OF_HEIC = {b"heic", b"heix", b"heim", b"heis", b"mif1"}
_OF_IMAGES = _OF_HEIC | {b"avif", b"avis", b"hevc", b"hevx", b"jpeg", b"msf1", b"miaf", b"MiHE"}
_OF_MP4 = re.compile(rb"isom|iso[2-9]|mp4[12]|avc1|M4V |dash")


def _of_brands(head: bytes) -> str:
    """Files of ISO 14496-12 begin with a main brand, a version and the brands that they are like."""
    size = int.from_bytes(head[:4])
    main, likes = head[8:12], {head[at : at + 4] for at in range(16, min(size, len(head)), 4)}
    if main in _OF_HEIC:
        return "image/heif"
    if _OF_MP4.fullmatch(main) and not likes & _OF_IMAGES:
        return "video/mp4"
    raise UnknownKindError
