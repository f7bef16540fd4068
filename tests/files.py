"""Files that tests send: real images, documents and videos, and what only looks like one."""

import base64
import io
import struct
import zipfile
import zlib
from typing import Any
from uuid import uuid4

import httpx
from PIL import Image

from tests.storefront import Storefront

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
MP4 = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41" + b"\0\0\0\x08free" + b"\0\0\0\x08mdat"
PLACE = b"+37.5665+126.9780/"


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


PHONE_VIDEO = (
    MP4[:32]
    + _box(
        b"moov",
        _box(b"mvhd", bytes(100))
        + _box(b"trak", _box(b"tkhd", bytes(84)) + _box(b"udta", b"SecretPhone"))
        + _box(b"udta", _box(b"\xa9xyz", PLACE))
        + _box(b"meta", b"com.apple.quicktime.location.ISO6709" + PLACE),
    )
    + _box(b"mdat", b"udta" + bytes(range(256)))
)
"""An MP4 as a phone writes it: with the place and its own name."""
WEBM = bytes.fromhex("1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581021853806701")
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ACJpbG9jAAAAAERAAAEAAQAAAAABoQABAAAAAAAAAB4AAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRt"
    "AAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMA"
    "AAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5j"
    "bHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBp"
    "eGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAACZtZGF0AAAAGigBrxOA+BDhp//8TSj/+nXPD9PMe/OikM+A"
)
"""A red image of 64 x 48 pixels, as an iPhone encodes it."""

_GPS, _ORIENTATION, _MAKE = 0x8825, 0x0112, 0x010F


def photo(form: str = "JPEG", size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    """A red image with a blue first column."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (0, 0, size[0] // 4, size[1]))
    return saved(image, form, **options)


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    content = io.BytesIO()
    image.save(content, form, **options)
    return content.getvalue()


def with_location(orientation: int = 1) -> Image.Exif:
    """As a phone writes it: Seoul, and how the phone was held."""
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    exif[_MAKE] = "SecretPhone"
    exif.get_ifd(_GPS).update({1: "N", 2: (37.0, 33.0, 59.0), 3: "E", 4: (126.0, 58.0, 41.0)})
    return exif


def zip_of(name: str = "a.txt") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, "words")
    return content.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """A PNG whose header says this size, and whose one chunk of data is a kilobyte of zeros."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1024 * 1024), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


async def send_file(
    shop: Storefront, claim_id: str, content: bytes, *, name: str = "photo.jpg", key: str | None = None, **fields: str
) -> httpx.Response:
    """Send a form as a browser sends it."""
    headers = {"Authorization": f"Bearer {shop.token}", "Idempotency-Key": key or str(uuid4())}
    files = {"file": (name, content, "application/octet-stream")}
    return await shop.http.post(f"/v1/claims/{claim_id}/files", data=fields, files=files, headers=headers)


async def add_file(shop: Storefront, claim_id: str, content: bytes | None = None, **fields: str) -> dict[str, Any]:
    """The service must accept the file."""
    answer = await send_file(shop, claim_id, photo() if content is None else content, **fields)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def bytes_of(shop: Storefront, file: dict[str, Any]) -> httpx.Response:
    """Follow the link of a file, without a key."""
    linked = (await shop.get(f"/v1/claims/{file['claim_id']}/files/{file['file_id']}")).json()
    return await shop.http.get(linked["url"])
