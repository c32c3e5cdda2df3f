"""HEAD is GET without its body: the framework answers only what it was told, so it is told GET."""

from collections.abc import Awaitable, Callable
from typing import Any

Asgi = Callable[[Any, Any, Any], Awaitable[None]]


class HeadersOnly:
    """Turns HEAD into GET before the routes are asked; the server beneath leaves the body out (RFC 9110, 9.3.2)."""

    def __init__(self, app: Asgi) -> None:
        self._app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        asked = {**scope, "method": "GET"} if scope.get("method") == "HEAD" else scope
        await self._app(asked, receive, send)
