"""The web server of `recourse serve` and `recourse demo`, in one process or in several."""

import asyncio
import signal
from importlib.util import find_spec
from types import FrameType
from typing import Any, NoReturn

import uvicorn
from uvicorn.supervisors import Multiprocess

from app.cli.failures import fail
from app.settings import Settings


def refuse_taken_port(settings: Settings) -> None:
    """Checked first: a demo that cannot listen must not revoke the key of a running demo."""
    try:
        asyncio.run(_listen_once(settings.host, settings.port))
    except OSError:
        fail(f"Port {settings.port} is in use. Choose another one, such as RECOURSE_PORT={settings.port + 1}.")


async def _listen_once(host: str, port: int) -> None:
    server = await asyncio.start_server(lambda _reader, _writer: None, host, port)
    server.close()


_HTTP = "app.api.connections:Connection" if find_spec("httptools") else "h11"
"""On Windows there is no httptools. h11 bounds the head of a request, and nothing else."""


def serve_until_stopped(settings: Settings) -> None:
    """Until SIGTERM or SIGINT. The web server stops in order, and then raises the signal again for this process:
    without a handler the process would end with an error."""
    signal.signal(signal.SIGTERM, _end)
    options: dict[str, Any] = {
        "factory": True,
        "host": settings.host,
        "port": settings.port,
        "workers": settings.workers,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "http": _HTTP,
        "ws": "none",
        "forwarded_allow_ips": settings.trusted_proxies,
        "h11_max_incomplete_event_size": 32 * 1024,
        "timeout_keep_alive": settings.keep_alive_seconds,
        "timeout_graceful_shutdown": settings.shutdown_seconds,
    }
    if settings.workers == 1:
        uvicorn.run(_APPLICATION, **options)
    else:
        config = uvicorn.Config(_APPLICATION, **options)
        _Processes(config, sockets=[config.bind_socket()]).run()


_APPLICATION = "app.main:create_app"


class _Processes(Multiprocess):
    """The processes that share one port."""

    def terminate_all(self) -> None:
        """As long as this process holds the port open, new connections wait there for nobody, and are reset at its end.
        Without the port they are refused at once."""
        super().terminate_all()
        for held in self.sockets:
            held.close()


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
