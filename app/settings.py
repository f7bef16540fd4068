"""Every environment variable of the service, typed, validated and read once.

The composition roots (`main`, `worker`, `cli`) call `read_settings` and pass values down as arguments; no
other module may import this one. An unknown variable is refused: with a misspelt RECOURSE_DATABASE_URL a production
service would run on the embedded database.
"""

import os
import re
import shlex
from difflib import get_close_matches
from importlib.util import find_spec
from ipaddress import ip_network
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.encryption import split_keys

PREFIX = "RECOURSE_"
TEST_PREFIX = "RECOURSE_TEST_"  # read by the test suite, never by the service

DRIVERS = {
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
}


class SettingsError(Exception):
    """The environment is invalid. The message has one line for each wrong variable."""


def normalise_database_url(raw: str) -> str:
    """The SQLAlchemy URL with an async driver, for a URL in any common form."""
    try:
        url = make_url(raw)
    except ArgumentError:
        raise ValueError("not a database URL; write postgresql://user:password@host/name") from None
    if url.drivername not in DRIVERS:
        raise ValueError("unknown kind of database; write postgresql://... or sqlite:///file")
    url = _translate_sslmode(url.set(drivername=DRIVERS[url.drivername]))
    return url.render_as_string(hide_password=False)


def _translate_sslmode(url: URL) -> URL:
    """asyncpg accepts the `sslmode` values of libpq under the name `ssl`."""
    if not url.drivername.startswith("postgresql") or "sslmode" not in url.query:
        return url
    return url.difference_update_query(["sslmode"]).update_query_dict({"ssl": url.query["sslmode"]})


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _mail_server(url: str) -> str:
    """The form that `app.messages.mail.server_of` reads. The error does not repeat the password."""
    if url and not _MAIL_SERVER.fullmatch(url):
        raise ValueError("not a mail server; write smtp://user:password@host:587?starttls or smtps://host")
    return url


def _ports(text: str) -> str:
    numbers = sorted({int(part) for part in text.split(",")})
    if not 1 <= numbers[0] <= numbers[-1] <= 65_535:
        raise ValueError("a port is from 1 to 65535")
    return ",".join(map(str, numbers))


def _networks(text: str) -> str:
    for each in text.split(","):
        try:
            ip_network(each.strip(), strict=False)
        except ValueError:
            raise ValueError("not a list of addresses; write 10.0.0.7, or 10.0.0.0/8,fd00::/8") from None
    return text.replace(" ", "")


def _encryption_keys(text: str) -> str:
    return ",".join(split_keys(text))


def _public_url(url: str) -> str:
    if url and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", url):
        raise ValueError("not a URL; write https://host or https://host/path")
    return url.rstrip("/")


def _tracing(is_enabled: bool) -> bool:  # noqa: FBT001 - the value of the variable
    if is_enabled and not (_is_there("opentelemetry.sdk") and _is_there("opentelemetry.exporter.otlp.proto.http")):
        raise ValueError("the packages of OpenTelemetry are missing; install recourse[otel]")
    return is_enabled


def _is_there(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:  # a package around it is missing
        return False


def _command(text: str) -> str:
    """A program and its arguments, as in a shell."""
    try:
        shlex.split(text)
    except ValueError:
        raise ValueError("not a command; close each quotation mark") from None
    return text


def _checkpoint_url(url: str) -> str:
    """The error does not repeat the URL, which may hold a token."""
    if url and not re.fullmatch(r"https?://[^\s/]+\S*", url):
        raise ValueError("not a URL; write https://host/path")
    return url


def _checkpoint_key(key: str) -> str:
    """The form that `app.webhooks.signature` reads. The error does not repeat the key."""
    if key and not re.fullmatch(
        r"whsec_[A-Za-z0-9+/]{32,86}={0,2}|whsk_[A-Za-z0-9+/]{86}==|whpk_[A-Za-z0-9+/]{43}=", key
    ):
        raise ValueError("not a key; write what recourse secrets checkpoint prints")
    return key


def _agent_limits(text: str) -> str:
    for each in filter(None, text.split(",")):
        if not _AGENT_LIMIT.fullmatch(each.strip()):
            raise ValueError("not a list of limits; write KRW:50000/300000 for each currency: a decision / a day")
    return text.replace(" ", "")


def _api_key(key: str) -> str:
    """The error does not repeat the key."""
    if key and not re.fullmatch(r"rk_\S+", key):
        raise ValueError("not an API key; write rk_...")
    return key


def _buyer_token(token: str) -> str:
    """The error does not repeat the token."""
    if token and not re.fullmatch(r"rb[st]_\S+", token):
        raise ValueError("not the token of a buyer; write rbs_... or rbt_...")
    return token


_AGENT_LIMIT = re.compile(r"(?P<currency>[A-Z]{3}):(?P<decision>[0-9]{1,15})/(?P<day>[0-9]{1,15})")
_MAIL_SERVER = re.compile(
    r"(smtp|smtps(?!.*starttls))://([^/?#@]*@)?([^/?#@:\[\]]+|\[[0-9a-fA-F:]+\])(:[0-9]{1,5})?/?(\?starttls)?"
)
MailServerURL = Annotated[str, AfterValidator(_mail_server)]
MailAddress = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,189}$")]
DatabaseURL = Annotated[str, AfterValidator(normalise_database_url)]
Ports = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,5}( *, *[0-9]{1,5})*$"), AfterValidator(_ports)]
Networks = Annotated[str, AfterValidator(_networks)]
EncryptionKeys = Annotated[str, AfterValidator(_encryption_keys)]
CheckpointKey = Annotated[str, AfterValidator(_checkpoint_key)]
PublicURL = Annotated[str, AfterValidator(_public_url)]
Tracing = Annotated[bool, AfterValidator(_tracing)]
CheckpointURL = Annotated[str, AfterValidator(_checkpoint_url)]
AgentLimits = Annotated[str, AfterValidator(_agent_limits)]
ApiKey = Annotated[str, AfterValidator(_api_key)]
BuyerToken = Annotated[str, AfterValidator(_buyer_token)]
LogLevel = Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)]
Synchronous = Annotated[Literal["full", "normal"], BeforeValidator(_lower)]
LogFormat = Annotated[Literal["json", "text"], BeforeValidator(_lower)]


class Settings(BaseSettings):
    """Every setting. `.env.example` explains each variable to the people who run the service."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        validate_default=True,
    )

    database_url: DatabaseURL = Field(default="sqlite:///recourse.db", repr=False)  # may hold a password
    pool_size: int = Field(default=10, ge=1, le=500)
    statement_timeout_ms: int = Field(default=5_000, ge=0)
    sqlite_synchronous: Synchronous = "full"

    public_url: PublicURL = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65_535)
    workers: int = Field(default=1, ge=1, le=64)
    docs_enabled: bool = True
    max_connections: int = Field(default=500, ge=1, le=100_000)
    request_seconds: float = Field(default=30, ge=0.1, le=3600)
    trusted_proxies: Networks = "127.0.0.1,::1"
    failures_per_minute: int = Field(default=60, ge=1, le=1_000_000)
    keep_alive_seconds: int = Field(default=75, ge=1, le=3600)
    shutdown_seconds: int = Field(default=20, ge=1, le=3600)

    embedded_worker: bool = True
    worker_poll_seconds: float = Field(default=0.5, ge=0.01, le=60)
    delivery_concurrency: int = Field(default=64, ge=1, le=1000)
    webhook_allow_private: bool = False
    webhook_ports: Ports = "443,8443"

    upload_seconds: float = Field(default=300, ge=0.1, le=3600)
    max_body_bytes: int = Field(default=512 * 1024, ge=1024)
    max_upload_bytes: int = Field(default=50 * 1024 * 1024, ge=1024, le=50 * 1024 * 1024)
    page_size_max: int = Field(default=100, ge=1, le=1000)
    key_requests_per_minute: int = Field(default=6_000, ge=0, le=1_000_000)
    key_burst: int = Field(default=500, ge=1, le=100_000)
    key_cache_seconds: float = Field(default=5, ge=0, le=3600)
    idempotency_ttl_hours: int = Field(default=24, ge=1)

    files_folder: str = Field(default="recourse-files", min_length=1)
    files_bucket: Annotated[str, StringConstraints(pattern=r"^$|^s3://[^/\s]+(/\S*)?$")] = ""
    file_scanner: Annotated[str, AfterValidator(_command)] = ""
    files_per_claim: int = Field(default=20, ge=0, le=200)
    files_total_bytes: int = Field(default=200 * 1024 * 1024, ge=0)

    fonts_folder: str = Field(default="/usr/share/fonts", min_length=1)

    encryption_keys: EncryptionKeys = Field(default="", repr=False)

    checkpoint_key: CheckpointKey = Field(default="", repr=False)
    checkpoint_folder: str = ""
    checkpoint_url: CheckpointURL = Field(default="", repr=False)  # may hold a token

    smtp_url: MailServerURL = Field(default="", repr=False)  # may hold a password
    mail_from: MailAddress = "recourse@localhost"
    mails_per_hour: int = Field(default=1000, ge=1)

    api_key: ApiKey = Field(default="", repr=False)
    buyer_token: BuyerToken = Field(default="", repr=False)
    agent_limits: AgentLimits = ""

    log_level: LogLevel = "info"
    log_format: LogFormat = "text"
    tracing_enabled: Tracing = False

    @property
    def ports_of_webhooks(self) -> frozenset[int] | None:
        """The ports to which webhooks may go. None is every port, for development."""
        return None if self.webhook_allow_private else frozenset(map(int, self.webhook_ports.split(",")))

    @property
    def limits_of_agents(self) -> dict[str, tuple[int, int]]:
        """What an agent may decide at once and on one day, in minor units, by currency."""
        limits = _AGENT_LIMIT.finditer(self.agent_limits)
        return {limit["currency"]: (int(limit["decision"]), int(limit["day"])) for limit in limits}


def read_settings() -> Settings:
    """The settings of the environment. Raises SettingsError, whose message says what to change."""
    _refuse_unknown_variables()
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(_lines_of_errors(error))) from None


def variable_name(field: str) -> str:
    return PREFIX + field.upper()


def _refuse_unknown_variables() -> None:
    settings = {variable_name(field) for field in Settings.model_fields}
    ours = {name for name in os.environ if name.startswith(PREFIX) and not name.startswith(TEST_PREFIX)}
    if unknown := sorted(ours - settings):
        raise SettingsError("\n".join(_not_a_setting(name, settings) for name in unknown))


def _not_a_setting(name: str, settings: set[str]) -> str:
    near = get_close_matches(name, settings, n=1)
    return f"{name} is not a setting" + (f"; did you mean {near[0]}?" if near else "; see .env.example")


def _lines_of_errors(error: ValidationError) -> list[str]:
    """One line for each variable. A line never repeats the value, which may hold a password."""
    return [
        f"{variable_name(str(detail['loc'][0]))}: {detail['msg'].removeprefix('Value error, ')}"
        for detail in error.errors(include_url=False, include_input=False)
    ]
