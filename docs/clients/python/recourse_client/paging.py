"""Iteration over lists of any length, page by page."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import ParamSpec, Protocol, TypeVar

from recourse_client.generated.types import Unset

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Page(Protocol[T_co]):
    """A page of a list, as the operations of lists return it."""

    @property
    def data(self) -> Sequence[T_co]: ...

    @property
    def next_cursor(self) -> str | Unset | None: ...


def iterate(operation: Callable[P, Page[T]], *args: P.args, **kwargs: P.kwargs) -> Iterator[T]:
    """Every item of a list: `iterate(client.claims.list_claims, state=ClaimState.REQUESTED)`.

    The arguments are those of the operation. The next page is read when the items before it are used up.
    """
    while True:
        page = operation(*args, **kwargs)
        yield from page.data
        if (cursor := _next(page)) is None:
            return
        kwargs["cursor"] = cursor


async def iterate_async(
    operation: Callable[P, Awaitable[Page[T]]], *args: P.args, **kwargs: P.kwargs
) -> AsyncIterator[T]:
    """The same for the operations of `AsyncRecourse`: `async for claim in iterate_async(...)`."""
    while True:
        page = await operation(*args, **kwargs)
        for item in page.data:
            yield item
        if (cursor := _next(page)) is None:
            return
        kwargs["cursor"] = cursor


def _next(page: Page[object]) -> str | None:
    """The cursor of the next page. The last page of events has a cursor too, so an empty page is the end."""
    return page.next_cursor if page.data and isinstance(page.next_cursor, str) else None
