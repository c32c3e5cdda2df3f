"""Nobody holds a connection by sending a body drop by drop."""

import asyncio

from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, Receive, ReceiveMessage, Scope, Send

WITHIN_S = 10.0


class TooSlow(HTTPException):
    """A body that is sent drop by drop."""

    status_code = 408
    detail = "the body did not come in time"


class Patience:
    """Ends a request whose body has not arrived within ten seconds (ASGI middleware)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        deadline, whole = asyncio.get_running_loop().time() + WITHIN_S, False

        async def hurried() -> ReceiveMessage:
            nonlocal whole
            if whole:
                return await receive()  # only a hang-up can come now, and that may take as long as it likes
            left = deadline - asyncio.get_running_loop().time()
            try:
                message = await asyncio.wait_for(receive(), timeout=max(left, 0))
            except TimeoutError:
                whole = True
                raise TooSlow from None
            whole = message["type"] != "http.request" or not message.get("more_body", False)
            return message

        await self.app(scope, hurried, send)
