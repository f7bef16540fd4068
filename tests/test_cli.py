import asyncio
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from sqlalchemy.engine import make_url
from typer.testing import CliRunner, Result

from app import __version__
from app.cli import app
from app.records.api_key import Scope
from app.store.migrate import head
from tests.api.staff import accept
from tests.postgres import Server
from tests.serving import serving
from tests.storefront import Storefront


def run(url: str, *arguments: str, **environment: str) -> Result:
    """Run the command line in this process, on a database."""
    return CliRunner().invoke(app, arguments, env={"RECOURSE_DATABASE_URL": url, **environment})


def output_of(url: str, *arguments: str, **environment: str) -> str:
    """What a command that must succeed prints."""
    result = run(url, *arguments, **environment)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    return result.stdout


def create_key(url: str, *arguments: str) -> dict[str, str]:
    """What `keys create` prints, by its labels."""
    labelled = [
        re.split(r"\s{2,}", line, maxsplit=1) for line in output_of(url, "keys", "create", *arguments).splitlines()
    ]
    return dict(labelled)


def list_keys(url: str) -> list[list[str]]:
    """The rows of `keys list` under its heading: key id, merchant, mode, state, last use, name, scopes."""
    return [re.split(r"\s{2,}", line) for line in output_of(url, "keys", "list").splitlines()[1:]]


def test_a_key_is_made_with_a_merchant_of_its_own(database_url: str) -> None:
    key = create_key(database_url, "storefront")
    assert list(key) == ["merchant", "key id", "scopes", "API key"]
    asked_for = {*(Scope.ADMIN, Scope.CLAIMS_OVERRIDE, Scope.AUDIT_READ), *(Scope.STAFF_READ, Scope.STAFF_WRITE)}
    asked_for |= {Scope.API_KEYS_READ, Scope.API_KEYS_WRITE, Scope.METRICS_READ, Scope.PRIVACY_WRITE}
    assert set(key["scopes"].split()) == set(Scope) - asked_for
    assert key["API key"].startswith(f"rk_{key['merchant'].replace('-', '')}_")


def test_further_keys_are_made_for_the_same_merchant_with_the_given_scopes(database_url: str) -> None:
    first = create_key(database_url, "storefront", "--policy", "naver", "--merchant-name", "shop")
    scopes = ["--scope", "orders:read", "--scope", "claims:override"]
    second = create_key(database_url, "office", "--merchant", first["merchant"], *scopes)
    assert (second["merchant"], second["scopes"]) == (first["merchant"], "claims:override orders:read")
    assert second["API key"] != first["API key"]


def test_keys_are_listed_without_their_secrets(database_url: str) -> None:
    keys = [create_key(database_url, name) for name in ("storefront", "office")]
    output_of(database_url, "keys", "revoke", keys[1]["key id"])
    shown = output_of(database_url, "keys", "list")
    assert not [key for key in keys if key["API key"].split("_", 2)[2] in shown]
    rows = {row[0]: row[1:6] for row in list_keys(database_url)}
    assert rows[keys[0]["key id"]] == [keys[0]["merchant"], "live", "in use", "never", "storefront"]
    merchant, _, state, _, name = rows[keys[1]["key id"]]
    assert (merchant, state.split()[0], name) == (keys[1]["merchant"], "revoked", "office")


def test_a_key_for_tests_is_of_the_same_merchant_and_shows_its_mode(database_url: str) -> None:
    live = create_key(database_url, "storefront")
    for_tests = create_key(database_url, "tests", "--test", "--merchant", live["merchant"])
    assert for_tests["merchant"] == live["merchant"]
    assert for_tests["API key"].startswith(f"rk_test_{live['merchant'].replace('-', '')}_")
    assert {row[0]: row[2] for row in list_keys(database_url)} == {live["key id"]: "live", for_tests["key id"]: "test"}


def test_the_database_does_not_hold_the_secret_of_a_key(sqlite_url: str) -> None:
    secret = create_key(sqlite_url, "storefront")["API key"].split("_", 2)[2]
    with closing(sqlite3.connect(make_url(sqlite_url).database or "")) as connection:
        everything = "\n".join(connection.iterdump())
    assert "storefront" in everything
    assert secret not in everything


async def test_a_key_lets_its_caller_in_until_it_is_revoked(shop: Storefront, database_url: str) -> None:
    key = await asyncio.to_thread(create_key, database_url, "office", "--merchant", shop.merchant_id)
    office = Storefront(shop.http, key["API key"], shop.merchant_id)
    assert (await office.get("/v1/orders")).status_code == 200
    assert await asyncio.to_thread(output_of, database_url, "keys", "revoke", key["key id"]) == "Revoked.\n"
    assert (await office.get("/v1/orders")).status_code == 401


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("keys", "create", "a", "--merchant", "none"), "error: There is no merchant none.\n"),
        (("keys", "create", "a", "--policy", "none"), "error: There is no policy none. The presets are: au, br"),
        (("keys", "revoke", "none"), "error: There is no API key none.\n"),
        (("migrate", "none"), "error: Can't locate revision identified by 'none'\n"),
    ],
)
def test_a_command_that_cannot_be_done_says_why_in_one_line(
    database_url: str, arguments: tuple[str, ...], complaint: str
) -> None:
    result = run(database_url, *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(complaint)
    assert result.stderr.count("\n") == 1


def test_a_refused_key_leaves_no_merchant_behind(sqlite_url: str) -> None:
    run(sqlite_url, "keys", "create", "a", "--policy", "none")
    with closing(sqlite3.connect(make_url(sqlite_url).database or "")) as connection:
        assert connection.execute("SELECT count(*) FROM merchants").fetchone() == (0,)


async def test_the_first_person_of_a_merchant_is_invited_by_a_command(shop: Storefront, database_url: str) -> None:
    invite = ("staff", "invite", "owner@mug.example", "--merchant", shop.merchant_id)
    told = await asyncio.to_thread(output_of, database_url, *invite, RECOURSE_PUBLIC_URL="https://desk.example")
    token = told.strip().partition("https://desk.example/desk/invitation?token=")[2]
    assert (await accept(shop, token)).json()["role"] == "owner"
    for wrong, sentence in (("--role", "There is no role nobody."), ("--language", "language: ")):
        refused = await asyncio.to_thread(run, database_url, *invite[:2], "b@mug.example", *invite[3:], wrong, "nobody")
        assert (refused.exit_code, sentence in refused.stderr) == (1, True), refused.output


@pytest.mark.parametrize("command", [("keys", "list"), ("keys", "create", "a"), ("verify",)])
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_without_a_schema_every_command_says_what_to_do(
    request: pytest.FixtureRequest, kind: str, command: tuple[str, ...]
) -> None:
    url: str = request.getfixturevalue(f"blank_{kind}_url")
    result = run(url, *command)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "error: The database has no schema yet. Run recourse migrate.\n"


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_database_can_be_migrated_again(request: pytest.FixtureRequest, kind: str) -> None:
    url: str = request.getfixturevalue(f"blank_{kind}_url")
    for arguments in (("migrate",), ("migrate",), ("migrate", head())):
        assert output_of(url, *arguments) == "The schema is up to date.\n"
    assert output_of(url, "verify") == "0 claims, 0 events: every history is as written.\n"


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("postgresql://nobody@127.0.0.1:1/none", "error: The database cannot be reached: "),
        ("postgresql://nobody@/none?host=/nowhere", "error: The database cannot be reached: "),
        ("sqlite:////", "error: The database file / cannot be written. Set RECOURSE_DATABASE_URL to another file.\n"),
        ("sqlite:////nowhere/at/all.db", "error: There is no folder /nowhere/at for the database. Create it first.\n"),
    ],
)
@pytest.mark.parametrize("command", [("migrate",), ("keys", "list"), ("verify",)])
def test_a_database_that_cannot_be_reached_is_reported_in_one_line(
    url: str, complaint: str, command: tuple[str, ...]
) -> None:
    result = run(url, *command)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert result.stderr.startswith(complaint)


def test_a_missing_database_is_not_reported_as_a_database_without_a_schema(postgres_server: Server) -> None:
    result = run(postgres_server.url_of("none"), "keys", "list")
    assert (result.exit_code, result.stderr) == (1, 'error: database "none" does not exist\n')


@pytest.mark.parametrize("command", [("serve",), ("migrate",), ("demo",), ("verify",), ("keys", "list")])
def test_each_invalid_setting_is_named_on_its_own_line(sqlite_url: str, command: tuple[str, ...]) -> None:
    result = run(sqlite_url, *command, RECOURSE_PORT="70000", RECOURSE_LOG_LEVEL="loud")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "RECOURSE_PORT: Input should be less than or equal to 65535",
        "RECOURSE_LOG_LEVEL: Input should be 'debug', 'info', 'warning' or 'error'",
    ]


def test_a_misspelt_variable_stops_every_command(sqlite_url: str) -> None:
    result = run(sqlite_url, "keys", "list", RECOURSE_DATABSE_URL="x")
    assert result.exit_code == 2
    assert result.stderr.startswith("RECOURSE_DATABSE_URL is not a setting")


def test_an_unknown_scope_is_refused_with_the_list_of_scopes(sqlite_url: str) -> None:
    result = run(sqlite_url, "keys", "create", "a", "--scope", "everything")
    assert result.exit_code == 2
    assert "orders:read" in result.stderr


def test_served_from_a_new_file_the_embedded_database_is_migrated(blank_sqlite_url: str, tmp_path: Path) -> None:
    with serving(blank_sqlite_url, tmp_path / "log") as service:
        ready = httpx.get(f"{service.url}/readyz")
    assert (ready.status_code, ready.json()["migration"]) == (200, head())


def test_served_from_an_empty_postgres_the_service_waits_for_its_migration(
    blank_postgres_url: str, tmp_path: Path
) -> None:
    with serving(blank_postgres_url, tmp_path / "log") as service:
        before = httpx.get(f"{service.url}/readyz")
        output_of(blank_postgres_url, "migrate")
        after = httpx.get(f"{service.url}/readyz")
    assert (before.status_code, after.status_code) == (503, 200)


def test_the_version_is_that_of_the_code() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert (result.exit_code, result.output) == (0, f"recourse {__version__}\n")


def test_help_imports_no_package_that_it_does_not_need() -> None:
    script = "import sys, app.cli; print(*sorted(name for name in sys.modules if name.startswith('app.')))"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    heavy = ("app.api", "app.main", "app.worker", "app.webhooks", "app.presets", "app.service.claims")
    assert not [name for name in result.stdout.split() if name.startswith(heavy)]


def test_a_law_is_shown_with_the_article_of_each_rule(sqlite_url: str) -> None:
    shown = output_of(sqlite_url, "law", "show", "kr", "--on", "2026-07-31")
    assert re.search(r"^kr_change_of_mind  \[", shown, re.MULTILINE)
    assert "KR E-Commerce Act 17(1)1" in shown
    assert "7 days from delivered, to the next working day" in shown
    page = output_of(sqlite_url, "law", "show", "kr", "--html")
    assert '<tr id="kr_change_of_mind"' in page


def test_laws_that_do_not_differ_say_so_and_an_unknown_law_names_the_laws(sqlite_url: str) -> None:
    same = output_of(sqlite_url, "law", "diff", "kr", "2026-06-01", "2026-06-02")
    assert same == "No rule of kr differs between these days.\n"
    unknown = run(sqlite_url, "law", "show", "nowhere")
    assert unknown.exit_code == 2
    assert "there is no law nowhere" in " ".join(unknown.output.split())
