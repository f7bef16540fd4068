"""The case file of a claim: a person reads the PDF, and a stranger checks the ZIP."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from app.records.api_key import Scope
from app.service.events.fanout import fan_out
from app.service.messages import compose
from app.store.database import Database
from tests.api.desk.clerks import clerk
from tests.api.file_scenes import AT_MARKETPLACE
from tests.api.keys import colleague
from tests.files import add_file
from tests.pdfs import boxes_in, require_fonts, text_of
from tests.storefront import ORDER, Storefront, storefront

WRITTEN = {
    "ko": ("머그 가게", "하얀 머그컵 걇", "클레임 처리 경위서", "반품 배송비", "전자상거래"),
    "ja": ("マグハウス髙", "白いマグカップ", "申請対応の経緯書", "返品送料", "電子商取引"),
    "en": ("Mug House", "#set *white* $mug$ @here", "Case file of a claim", "return shipping", "E-Commerce"),
}


async def dossier_path(shop: Storefront, database: Database, *, goods: str = "하얀 머그컵", **profile: str) -> str:
    """A returned mug with a photo, a question, its answer, a note of the shop, and messages."""
    named = await shop.put("/v1/shop", {"name": "머그 가게", "language": "ko", **profile})
    assert named.status_code == 200, named.text
    await shop.push_order(lines=[{**ORDER["lines"][0], "title": goods}])
    await shop.ship()
    claim = await shop.claim("return", note="생각보다 작아요.\nSERIAL-" + "0123456789" * 12)
    path = f"/v1/claims/{claim['claim_id']}"
    await add_file(shop, claim["claim_id"], caption="손잡이")
    assert (await shop.post(f"{path}/files/url", AT_MARKETPLACE)).status_code == 201
    for kind, text in (("note", "비밀 메모"), ("question", "사진이 있나요?"), ("answer", "네, 보냈어요.")):
        assert (await shop.post(f"{path}/contacts", {"kind": kind, "text": text})).status_code == 201
    await shop.give(claim, "approve")
    while await fan_out(database, shop.clock(), compose=compose):
        pass
    return f"{path}/case-file"


async def archive(shop: Storefront, path: str, **query: str) -> bytes:
    answer = await shop.get(f"{path}/archive", **query)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip"), answer.text
    return bytes(answer.content)


async def test_a_stranger_checks_every_hash_with_what_the_readme_says(
    shop: Storefront, database: Database, tmp_path: Path
) -> None:
    require_fonts()
    path = await dossier_path(shop, database)
    sent = await archive(shop, path)
    with zipfile.ZipFile(io.BytesIO(sent)) as read:
        read.extractall(tmp_path)
        names = set(read.namelist())
    sums = dict(line.split("  ")[::-1] for line in (tmp_path / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == names - {"SHA256SUMS"}
    assert {name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in sums} == sums
    readme = (tmp_path / "README.txt").read_text("utf-8")
    program = "\n".join(line[4:] for line in _program(readme))
    assert _run(program, tmp_path).stdout.startswith("the history is whole")
    history = json.loads((tmp_path / "history.json").read_text("utf-8"))
    history[1]["data"] = history[1]["data"].replace("buyer", "Buyer")
    (tmp_path / "history.json").write_text(json.dumps(history), "utf-8")
    assert _run(program, tmp_path).returncode != 0
    files = json.loads((tmp_path / "files.json").read_text("utf-8"))
    assert [file["name"] is None for file in files] == [False, True]
    assert sums[files[0]["name"]] == files[0]["digest"]
    told = [each["text"] for each in json.loads((tmp_path / "conversation.json").read_text("utf-8"))]
    assert told == ["사진이 있나요?", "네, 보냈어요."]
    assert {each["language"] for each in json.loads((tmp_path / "messages.json").read_text("utf-8"))} == {"ko"}
    assert "첨부 파일 1개" in readme
    assert "내부 메모" in readme
    assert "비밀 메모" not in "".join((tmp_path / f"{name}.json").read_text("utf-8") for name in ("claim", "history"))


def _program(readme: str) -> list[str]:
    """The lines of Python that the README shows."""
    lines = readme.splitlines()
    return lines[lines.index("    import hashlib, json") :][:9]


def _run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-c", program], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("language", WRITTEN)
async def test_a_person_reads_the_facts_the_articles_and_the_amounts(
    sqlite_shop: Storefront, service: FastAPI, language: str
) -> None:
    require_fonts()
    name, goods, *texts = WRITTEN[language]
    path = await dossier_path(sqlite_shop, service.state.app_state.database, name=name, language=language, goods=goods)
    first = await sqlite_shop.get(path)
    assert boxes_in(first.content) == 0
    told = "".join(text_of(first.content).replace("\u200b", "").split()).lower()
    for text in (name, goods, *texts, "9,000", "Asia/Seoul", "UTC+09:00", "사진이있나요?"):
        assert text.replace(" ", "").lower() in told, text
    assert "비밀메모" not in told
    sqlite_shop.clock.turn(days=40)
    assert (await sqlite_shop.get(path)).content == first.content
    again = await archive(sqlite_shop, path), await archive(sqlite_shop, path)
    assert again[0] == again[1]


async def test_a_key_that_may_not_read_messages_gets_none(sqlite_shop: Storefront, service: FastAPI) -> None:
    require_fonts()
    path = await dossier_path(sqlite_shop, service.state.app_state.database)
    reader = await colleague(sqlite_shop, service.state.app_state.database, Scope.CLAIMS_READ)
    with zipfile.ZipFile(io.BytesIO(await archive(reader, path, language="en"))) as read:
        assert [json.loads(read.read(f"{name}.json")) for name in ("messages", "conversation")] == [[], []]
        assert "may not read messages" in read.read("README.txt").decode()


async def test_the_desk_gives_the_same_files_in_the_language_of_the_page(
    sqlite_shop: Storefront, service: FastAPI
) -> None:
    require_fonts()
    path = await dossier_path(sqlite_shop, service.state.app_state.database)
    browser = await clerk(sqlite_shop)
    page = f"/desk/{path.removeprefix('/v1/').removesuffix('/case-file')}"
    await browser.open(page)
    for end in ("", "/archive"):
        assert f'href="{page}/case-file{end}"' in browser.text
    for end in ("", "/archive"):
        own = await sqlite_shop.get(f"{path}{end}", language="ja")
        await browser.open(f"{page}/case-file{end}?language=ja")
        assert browser.page is not None
        assert browser.page.content == own.content


async def test_without_fonts_there_is_a_sentence(database_url: str) -> None:
    async with storefront(database_url, fonts_folder="/nowhere") as shop:
        await shop.push_order()
        path = f"/v1/claims/{(await shop.claim('cancel'))['claim_id']}/case-file"
        answers: list[Any] = [await shop.get(each) for each in (path, f"{path}/archive")]
        assert [(each.status_code, each.json()["code"]) for each in answers] == [(503, "paper_unavailable")] * 2
