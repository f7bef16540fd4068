import os
import re
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings, SettingsError, read_settings, variable_name

EXAMPLE = Path(__file__).parent.parent / ".env.example"


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("RECOURSE_")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("written", "normalised"),
    [
        ("postgres://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgresql://u:p@h:5433/d", "postgresql+asyncpg://u:p@h:5433/d"),
        ("postgresql+asyncpg://u:p%40ss@h/d", "postgresql+asyncpg://u:p%40ss@h/d"),
        ("postgresql://u@h/d?sslmode=require", "postgresql+asyncpg://u@h/d?ssl=require"),
        ("postgresql://u@/d?host=%2Frun%2Fpg", "postgresql+asyncpg://u@/d?host=%2Frun%2Fpg"),
        ("sqlite:///shop.db", "sqlite+aiosqlite:///shop.db"),
        ("sqlite:////var/lib/shop.db", "sqlite+aiosqlite:////var/lib/shop.db"),
    ],
)
def test_a_database_url_is_normalised(monkeypatch: pytest.MonkeyPatch, written: str, normalised: str) -> None:
    monkeypatch.setenv("RECOURSE_DATABASE_URL", written)
    assert read_settings().database_url == normalised


def test_without_variables_the_service_uses_the_embedded_database() -> None:
    assert read_settings().database_url == "sqlite+aiosqlite:///recourse.db"


def test_an_empty_variable_counts_as_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOURSE_PORT", "")
    assert read_settings().port == 8000


@pytest.mark.parametrize(("written", "ports"), [("", {443, 8443}), ("443", {443}), ("8443 , 443,443", {443, 8443})])
def test_the_ports_of_webhooks_are_a_list(monkeypatch: pytest.MonkeyPatch, written: str, ports: set[int]) -> None:
    monkeypatch.setenv("RECOURSE_WEBHOOK_PORTS", written)
    assert read_settings().ports_of_webhooks == frozenset(ports)
    monkeypatch.setenv("RECOURSE_WEBHOOK_ALLOW_PRIVATE", "true")
    assert read_settings().ports_of_webhooks is None


@pytest.mark.parametrize("written", ["0", "65536", "443,", "https", "443;8443", "-1", "443 8443"])
def test_a_port_is_a_number_from_1_to_65535(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("RECOURSE_WEBHOOK_PORTS", written)
    with pytest.raises(SettingsError, match="RECOURSE_WEBHOOK_PORTS"):
        read_settings()


@pytest.mark.parametrize("written", ["*", "proxy.example", "10.0.0.0/33", "10.0.0.7;10.0.0.8", "10.0.0.7,"])
def test_a_trusted_proxy_is_an_address_or_a_network(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("RECOURSE_TRUSTED_PROXIES", "10.0.0.7, 10.1.0.0/16,fd00::/8")
    assert read_settings().trusted_proxies == "10.0.0.7,10.1.0.0/16,fd00::/8"
    monkeypatch.setenv("RECOURSE_TRUSTED_PROXIES", written)
    with pytest.raises(SettingsError, match="RECOURSE_TRUSTED_PROXIES"):
        read_settings()


def test_a_misspelt_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOURSE_DATABSE_URL", "postgresql://h/d")
    with pytest.raises(SettingsError, match="did you mean RECOURSE_DATABASE_URL"):
        read_settings()


def test_the_service_ignores_a_variable_of_the_test_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOURSE_TEST_DATABASE_URL", "postgresql://h/d")
    assert read_settings() == Settings()


def test_every_invalid_variable_is_named_on_its_own_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOURSE_PORT", "70000")
    monkeypatch.setenv("RECOURSE_LOG_FORMAT", "xml")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert str(caught.value).splitlines() == [
        "RECOURSE_PORT: Input should be less than or equal to 65535",
        "RECOURSE_LOG_FORMAT: Input should be 'json' or 'text'",
    ]


@pytest.mark.parametrize("url", ["mysql://u:hunter2@h/d", "u:hunter2@h"])
def test_a_complaint_does_not_repeat_a_password(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("RECOURSE_DATABASE_URL", url)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert "RECOURSE_DATABASE_URL" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_settings_do_not_print_a_password() -> None:
    assert "hunter2" not in repr(Settings(database_url="postgresql://u:hunter2@h/d"))


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        read_settings().port = 1  # type: ignore[misc]


def test_the_example_file_shows_every_variable_with_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = dict(re.findall(r"^(RECOURSE_\w+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE))
    assert set(shown) == {variable_name(field) for field in Settings.model_fields}
    defaults = read_settings()
    for name, value in shown.items():
        monkeypatch.setenv(name, value)
    assert read_settings() == defaults


@pytest.mark.parametrize(
    ("variable", "written"),
    [
        ("RECOURSE_CHECKPOINT_KEY", "too-short"),
        ("RECOURSE_CHECKPOINT_KEY", "whsec_short"),
        ("RECOURSE_CHECKPOINT_URL", "file:///tmp/x"),
        ("RECOURSE_CHECKPOINT_URL", "https:///token"),
    ],
)
def test_a_checkpoint_has_a_key_and_a_url_of_their_forms(
    monkeypatch: pytest.MonkeyPatch, variable: str, written: str
) -> None:
    monkeypatch.setenv(variable, written)
    with pytest.raises(SettingsError, match=variable) as refused:
        read_settings()
    assert written not in str(refused.value)


@pytest.mark.parametrize(
    ("written", "limits"),
    [
        ("", {}),
        ("KRW:50000/300000", {"KRW": (50_000, 300_000)}),
        ("KRW:1/2, JPY:3/4,", {"KRW": (1, 2), "JPY": (3, 4)}),
    ],
)
def test_the_limits_of_agents_are_by_currency(
    monkeypatch: pytest.MonkeyPatch, written: str, limits: dict[str, tuple[int, int]]
) -> None:
    monkeypatch.setenv("RECOURSE_AGENT_LIMITS", written)
    assert read_settings().limits_of_agents == limits


@pytest.mark.parametrize("written", ["50000", "KRW:50000", "krw:1/2", "KRW:-1/2", "KRW:1.5/2", "KRW:1/2;JPY:3/4"])
def test_a_limit_of_agents_has_a_currency_and_two_amounts(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("RECOURSE_AGENT_LIMITS", written)
    with pytest.raises(SettingsError, match="RECOURSE_AGENT_LIMITS"):
        read_settings()


@pytest.mark.parametrize(
    ("variable", "written"), [("RECOURSE_API_KEY", "rbs_hunter2"), ("RECOURSE_BUYER_TOKEN", "rk_hunter2")]
)
def test_an_agent_has_a_key_or_a_token_of_its_form(
    monkeypatch: pytest.MonkeyPatch, variable: str, written: str
) -> None:
    monkeypatch.setenv(variable, written)
    with pytest.raises(SettingsError, match=variable) as refused:
        read_settings()
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("package", ["opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http"])
def test_tracing_without_its_packages_says_what_to_install(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setenv("RECOURSE_TRACING_ENABLED", "true")
    assert read_settings().tracing_enabled
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(SettingsError, match=r"RECOURSE_TRACING_ENABLED: .*install recourse\[otel\]"):
        read_settings()
    monkeypatch.setenv("RECOURSE_TRACING_ENABLED", "false")
    assert not read_settings().tracing_enabled
