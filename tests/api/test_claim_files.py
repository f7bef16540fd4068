"""Files on a claim: sent as a form, kept without metadata, read by a short link, and erased."""

import hashlib
import io
from typing import Any

import pytest
from PIL import Image

from app.records.api_key import Scope
from app.store.database import Database
from tests.api.file_scenes import AT_MARKETPLACE
from tests.api.keys import call, colleague, stranger
from tests.files import (
    HEIC,
    HTML,
    MP4,
    PDF,
    PHONE_VIDEO,
    SVG,
    WEBM,
    add_file,
    bytes_of,
    photo,
    png_of_size,
    saved,
    send_file,
    with_location,
    zip_of,
)
from tests.storefront import Storefront


@pytest.fixture
async def claim_id(shop: Storefront) -> str:
    await shop.push_order()
    return str((await shop.claim("cancel", "defective"))["claim_id"])


async def last_event(shop: Storefront, claim_id: str) -> dict[str, Any]:
    return dict((await shop.get(f"/v1/claims/{claim_id}/events")).json()["data"][-1])


async def listed(shop: Storefront, claim_id: str) -> list[dict[str, Any]]:
    return list((await shop.get(f"/v1/claims/{claim_id}/files")).json()["data"])


async def test_a_photo_of_a_line_is_kept_and_read_by_its_link(shop: Storefront, claim_id: str) -> None:
    file = await add_file(shop, claim_id, line_id="1", caption="손잡이가 깨졌어요")
    assert (file["status"], file["media_type"], file["line_id"]) == ("ready", "image/jpeg", "1")
    assert (file["role"], file["caption"], file["url"]) == ("buyer", "손잡이가 깨졌어요", None)
    answer = await bytes_of(shop, file)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert len(answer.content) == file["size"] == int(answer.headers["content-length"])
    assert hashlib.sha256(answer.content).hexdigest() == file["digest"]


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (photo("JPEG"), "image/jpeg"),
        (photo("PNG"), "image/png"),
        (photo("WEBP"), "image/webp"),
        (PDF, "application/pdf"),
        (MP4, "video/mp4"),
        (WEBM, "video/webm"),
    ],
    ids=["jpeg", "png", "webp", "pdf", "mp4", "webm"],
)
async def test_the_content_decides_the_type(
    shop: Storefront, claim_id: str, content: bytes, media_type: str
) -> None:  # fmt: skip
    file = await add_file(shop, claim_id, content, name="../../etc/passwd.exe")
    assert file["media_type"] == media_type
    answer = await bytes_of(shop, file)
    assert answer.headers["content-type"] == media_type
    if not media_type.startswith("image/"):
        assert answer.content == content


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
async def test_nothing_but_upright_pixels_is_kept(shop: Storefront, claim_id: str, form: str) -> None:
    """The phone was held on its side, so the picture is stored lying: forty wide instead of twenty."""
    sent = photo(form, exif=with_location(orientation=6))
    assert b"SecretPhone" in sent
    kept = (await bytes_of(shop, await add_file(shop, claim_id, sent))).content
    assert b"SecretPhone" not in kept
    image = Image.open(io.BytesIO(kept))
    assert image.size == (20, 40)
    assert dict(image.getexif()) == {}
    assert not image.info.keys() & {"exif", "icc_profile", "comment", "xmp", "photoshop"}
    red, _, blue = image.convert("RGB").getpixel((10, 2))  # type: ignore[misc] # three bands
    assert blue > red  # the left edge of what was sent is the upper edge of what is kept


async def test_a_photo_of_an_iphone_is_kept_as_jpeg(shop: Storefront, claim_id: str) -> None:
    file = await add_file(shop, claim_id, HEIC)
    assert file["media_type"] == "image/jpeg"
    image = Image.open(io.BytesIO((await bytes_of(shop, file)).content))
    assert (image.format, image.size) == ("JPEG", (64, 48))


async def test_a_large_photo_is_made_smaller(shop: Storefront, claim_id: str) -> None:
    file = await add_file(shop, claim_id, photo(size=(6000, 1500)))
    assert Image.open(io.BytesIO((await bytes_of(shop, file)).content)).size == (4096, 1024)


async def test_comments_and_bytes_behind_an_image_are_left_out(shop: Storefront, claim_id: str) -> None:
    sent = photo("JPEG", comment=b"written by hand") + HTML
    kept = (await bytes_of(shop, await add_file(shop, claim_id, sent))).content
    assert b"written by hand" not in kept
    assert b"<script" not in kept


REFUSED: dict[str, tuple[bytes, int, str]] = {
    "an SVG": (SVG, 415, "file_type_not_supported"),
    "a page": (HTML, 415, "file_type_not_supported"),
    "a page before a JPEG": (HTML + photo(), 415, "file_type_not_supported"),
    "a zip that is called .pdf": (zip_of(), 415, "file_type_not_supported"),
    "a GIF": (saved(Image.new("P", (2, 2)), "GIF"), 415, "file_type_not_supported"),
    "a video of QuickTime": (b"\0\0\0\x14ftypqt  \0\0\2\0qt  " + PDF, 415, "file_type_not_supported"),
    "an AVIF": (photo("AVIF"), 415, "file_type_not_supported"),
    "a Matroska": (WEBM.replace(b"\x84webm", b"\x88matroska"), 415, "file_type_not_supported"),
    "an MP4 that is an image": (MP4.replace(b"iso2", b"avif"), 415, "file_type_not_supported"),
    "nothing": (b"", 415, "file_type_not_supported"),
    "words": ("그냥 글".encode(), 415, "file_type_not_supported"),
    "a PNG of 50,000 x 50,000": (png_of_size(50_000, 50_000), 422, "image_too_large"),
    "a PNG that lacks its data": (png_of_size(5_000, 5_000), 422, "file_unreadable"),
    "an MP4 that is cut off": (PHONE_VIDEO[:90], 422, "file_unreadable"),
    "half a JPEG": (photo(size=(400, 400))[:1000], 422, "file_unreadable"),
    "the head of a JPEG and a page": (photo()[:20] + HTML, 422, "file_unreadable"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_what_only_looks_like_a_photo_is_refused(shop: Storefront, claim_id: str, case: str) -> None:
    content, status, code = REFUSED[case]
    answer = await send_file(shop, claim_id, content, name="invoice.pdf")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    (error,) = answer.json()["errors"]
    assert (error["field"], error["rule"]) == ("file", code)
    assert await listed(shop, claim_id) == []


async def test_a_file_above_the_limit_of_its_type_is_refused(shop: Storefront, claim_id: str) -> None:
    answer = await send_file(shop, claim_id, PDF + bytes(21 * 1024 * 1024))
    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")
    assert answer.json()["params"] == {"limit": 20 * 1024 * 1024}


async def test_the_safe_headers_are_on_every_file(shop: Storefront, claim_id: str) -> None:
    for content, how in ((photo(), "inline"), (MP4, "inline"), (PDF, "attachment")):
        file = await add_file(shop, claim_id, content, name='"><script>.html')
        headers = (await bytes_of(shop, file)).headers
        assert headers["content-disposition"].startswith(f'{how}; filename="{file["file_id"]}.')
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"].startswith("sandbox; default-src 'none';")
        assert headers["cache-control"] == "private, no-store"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["referrer-policy"] == "no-referrer"


async def test_a_link_ends_after_ten_minutes_and_cannot_be_changed(shop: Storefront, claim_id: str) -> None:
    file = await add_file(shop, claim_id)
    (shown,) = await listed(shop, claim_id)
    url = shown["url"]
    for changed in (
        url[:-1] + ("A" if url[-1] != "A" else "B"),
        url + "A",
        url[:40],
        "/files/x",
        "/files/%F0%9F%8D%B5",
    ):
        refused = await shop.http.get(changed)
        assert (refused.status_code, refused.json()["code"]) == (404, "invalid_file_link"), changed
    shop.clock.turn(minutes=9, seconds=59)
    assert (await shop.http.get(url)).status_code == 200
    shop.clock.turn(seconds=1)
    assert (await shop.http.get(url)).status_code == 404
    assert (await bytes_of(shop, file)).status_code == 200


async def test_an_erased_file_keeps_its_record_and_loses_its_bytes_and_words(shop: Storefront, claim_id: str) -> None:
    file = await add_file(shop, claim_id, caption="제 얼굴이 나왔어요")
    (shown,) = await listed(shop, claim_id)
    path = f"/v1/claims/{claim_id}/files/{file['file_id']}"
    shop.clock.turn(minutes=1)
    erased = await shop.delete(f"{path}?actor=minji")
    assert erased.status_code == 200
    body = erased.json()
    assert (body["status"], body["caption"], body["erased_by"]) == ("erased", None, "minji")
    assert (body["digest"], body["size"]) == (file["digest"], file["size"])
    assert (await shop.http.get(shown["url"])).status_code == 404
    assert (await shop.get(path)).json() == body
    event = await last_event(shop, claim_id)
    assert event["type"] == "claim.file_erased"
    assert event["data"]["file"]["digest"] == file["digest"]
    assert (await shop.delete(path)).json() == body
    assert await last_event(shop, claim_id) == event


async def test_the_history_has_the_hash_and_no_words(shop: Storefront, claim_id: str) -> None:
    file = await add_file(shop, claim_id, line_id="1", caption="비밀", actor="민아")
    event = await last_event(shop, claim_id)
    assert event["type"] == "claim.file_added"
    assert event["data"]["by"] == {"role": "buyer", "name": "민아", "key": "test"}
    assert event["data"]["file"] == {
        "file_id": file["file_id"],
        "line_id": "1",
        "status": "ready",
        "media_type": "image/jpeg",
        "size": file["size"],
        "digest": file["digest"],
    }


async def test_a_url_of_a_marketplace_is_kept_as_it_is(shop: Storefront, claim_id: str) -> None:
    answer = await shop.post(f"/v1/claims/{claim_id}/files/url", {**AT_MARKETPLACE, "line_id": "1"})
    assert answer.status_code == 201, answer.text
    file = answer.json()
    assert (file["url"], file["media_type"], file["size"]) == (AT_MARKETPLACE["url"], None, None)
    assert file["digest"] == hashlib.sha256(AT_MARKETPLACE["url"].encode()).hexdigest()
    assert "images.marketplace" not in str(await last_event(shop, claim_id))
    erased = await shop.delete(f"/v1/claims/{claim_id}/files/{file['file_id']}")
    assert (erased.json()["url"], erased.json()["digest"]) == (None, file["digest"])


async def test_a_form_has_one_effect_under_its_key(shop: Storefront, claim_id: str) -> None:
    first = await send_file(shop, claim_id, photo(), key="k", caption="하나")
    again = await send_file(shop, claim_id, photo(), key="k", caption="하나")
    assert again.headers["idempotent-replayed"] == "true"
    assert (again.status_code, again.content) == (201, first.content)
    assert len(await listed(shop, claim_id)) == 1
    for content, caption in ((photo(), "둘"), (photo(size=(41, 20)), "하나")):
        other = await send_file(shop, claim_id, content, key="k", caption=caption)
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_form_that_is_wrong_names_the_field(shop: Storefront, claim_id: str) -> None:
    for fields, field in (
        ({"line_id": "2"}, "line_id"),
        ({"caption": "x" * 501}, "caption"),
        ({"role": "system"}, "role"),
        ({"colour": "red"}, "colour"),
    ):
        answer = await send_file(shop, claim_id, photo(), **fields)
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [field]
    path = f"/v1/claims/{claim_id}/files"
    headers = {"Authorization": f"Bearer {shop.token}", "Idempotency-Key": "k"}
    json = await shop.http.post(path, json={}, headers=headers)
    assert (json.status_code, json.json()["code"]) == (415, "form_required")
    for files in ({"photo": ("a.jpg", photo())}, {"line_id": (None, "1")}):
        missing = await shop.http.post(path, files=files, headers=headers)
        assert (missing.status_code, missing.json()["errors"][0]["field"]) == (422, "file")
    two = await shop.http.post(path, files=[("file", photo()), ("file", photo())], headers=headers)
    assert two.status_code == 400
    keyless = await shop.http.post(path, files={"file": photo()}, headers={"Authorization": headers["Authorization"]})
    assert (keyless.status_code, keyless.json()["code"]) == (400, "idempotency_key_required")
    assert await listed(shop, claim_id) == []


async def test_only_who_decides_adds_for_the_seller_and_erases(
    shop: Storefront, claim_id: str, database: Database
) -> None:  # fmt: skip
    clerk = await colleague(shop, database, Scope.CLAIMS_WRITE, Scope.CLAIMS_READ)
    assert (await send_file(clerk, claim_id, photo(), role="seller")).status_code == 403
    file = await add_file(clerk, claim_id)
    path = f"/v1/claims/{claim_id}/files/{file['file_id']}"
    assert (await clerk.delete(path)).status_code == 403
    assert (await add_file(shop, claim_id, role="seller"))["role"] == "seller"


async def test_nothing_of_another_merchant_or_of_another_claim_is_found(
    shop: Storefront, claim_id: str, database: Database
) -> None:
    file = await add_file(shop, claim_id)
    other = await stranger(shop, database)
    path = f"/v1/claims/{claim_id}/files"
    assert (await send_file(other, claim_id, photo())).status_code == 404
    await shop.push_order("order-2")
    second = (await shop.claim("cancel", order_id="order-2"))["claim_id"]
    assert (await shop.get(f"/v1/claims/{second}/files/{file['file_id']}")).status_code == 404
    for name in ("GET", "DELETE"):
        assert (await call(other, f"{name} {path}", f"{path}/{file['file_id']}")).status_code == 404
    assert (await other.get(path)).status_code == 404
    assert len(await listed(shop, claim_id)) == 1
