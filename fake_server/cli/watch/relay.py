"""A relay: it passes requests of a client on to a target, and the answers back, as they come."""

import asyncio
import re
from collections.abc import Callable

import h11

from fake_server.cli.watch.address_rewriting import LinkRewriter
from fake_server.cli.watch.captured import CapturedExchange
from fake_server.cli.watch.passing import ProxyOptions, passed_headers, passed_response, reason_of
from fake_server.cli.watch.peer import Headers, Peer
from fake_server.cli.watch.target_connection import WatchedTarget

KEPT_SECONDS = 4.0
"""How long an idle connection to the target is used again: servers close idle ones after 5 s."""

_LINGER_SECONDS = 2.0
_REPEATABLE = frozenset({b"GET", b"HEAD", b"OPTIONS", b"TRACE", b"PUT", b"DELETE"})
_HOST = re.compile(r"[\w.:\[\]-]+")
_ACCEPT_ENCODING = b"accept-encoding"


class _BadGatewayError(Exception):
    """The target gave no whole answer."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class ClientGoneError(Exception):
    """The client ended the connection within an exchange."""


class Relay:
    """One connection of a client, with the connection to the target that serves it.

    `begin` notes the beginning of an exchange, and `end` the end.
    """

    def __init__(
        self,
        client: Peer,
        target: WatchedTarget,
        options: ProxyOptions,
        begin: Callable[[h11.Request], CapturedExchange],
        end: Callable[[CapturedExchange], object],
    ) -> None:
        self.client = client
        self._target = target
        self._options = options
        self._begin = begin
        self._end = end
        self._upstream: Peer | None = None
        self._own_address = ""

    def close(self) -> None:
        """End both connections."""
        self.client.close()
        self._drop_upstream()

    async def run(self, writer: asyncio.StreamWriter) -> None:
        """Pass on the exchanges of the connection, one after the other."""
        address = writer.get_extra_info("sockname")
        self._own_address = f"{address[0]}:{address[1]}"
        while True:
            try:
                request = await self.client.next_event()
            except h11.RemoteProtocolError as error:
                await self._refuse(error.error_status_hint, f"Invalid HTTP request: {error}.")
                await self.client.linger(_LINGER_SECONDS)
                return
            if not isinstance(request, h11.Request):
                return
            exchange = self._begin(request)
            try:
                await self._exchange(request, exchange)
            finally:
                self._end(exchange)
            if not self.client.next_cycle():
                if self.client.connection.our_state is not h11.ERROR:
                    await self.client.linger(_LINGER_SECONDS)
                return

    async def _exchange(self, request: h11.Request, exchange: CapturedExchange) -> None:
        if request.method == b"CONNECT" or not request.target.startswith((b"/", b"*")):
            exchange.reason = "no path"
            await self._refuse(400, "Expected a request target that is a path.")
            return
        try:
            await self._pass_on(request, exchange)
        except _BadGatewayError as error:
            exchange.reason = error.reason
            self._drop_upstream()
            if self.client.connection.our_state is not h11.SEND_RESPONSE:
                # The answer has begun: its early end shows the failure to the client.
                await self._cut()
                return
            text = f"{self._target.origin}: {error.reason}"
            await self._refuse(error.status, text, is_head=request.method == b"HEAD")
        except BaseException:
            exchange.reason = exchange.reason or "the client ended the connection"
            self._drop_upstream()
            raise

    async def _pass_on(self, request: h11.Request, exchange: CapturedExchange) -> None:
        headers = list(request.headers.raw_items())
        rewriter = self._rewriter(request) if self._options.rewrite_links else None
        passed = self._request(request, headers)
        has_body = any(
            name.lower() in {b"content-length", b"transfer-encoding"} and value != b"0"
            for name, value in headers
        )
        is_repeatable = request.method in _REPEATABLE and not has_body
        while True:
            is_kept = self._upstream is not None and self._upstream.is_usable(KEPT_SECONDS)
            if not is_kept:
                await self._connect()
            upstream = self._upstream
            if upstream is None:
                raise RuntimeError("a connection is open")
            try:
                await self._pass_once(upstream, passed, exchange, rewriter)
            except _BadGatewayError:
                # The target may close an idle connection while the request is under way.
                if not (is_kept and is_repeatable and not upstream.received):
                    raise
                self._drop_upstream()
            else:
                return

    async def _connect(self) -> None:
        self._drop_upstream()
        try:
            self._upstream = await self._target.open()
        except TimeoutError:
            raise _BadGatewayError(504, "no connection in time") from None
        except (OSError, h11.ProtocolError, UnicodeError) as error:
            raise _BadGatewayError(502, reason_of(error)) from None

    async def _pass_once(
        self,
        upstream: Peer,
        request: h11.Request,
        exchange: CapturedExchange,
        rewriter: LinkRewriter | None,
    ) -> None:
        try:
            await upstream.send(request)
        except h11.LocalProtocolError as error:
            raise _BadGatewayError(error.error_status_hint, str(error)) from None
        except OSError as error:
            raise _BadGatewayError(502, reason_of(error)) from None
        upload = asyncio.create_task(self._upload(upstream, exchange))
        answer = asyncio.create_task(self._download(upstream, exchange, rewriter))
        try:
            await asyncio.wait({upload, answer}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                # It raises where the client is gone.
                upload.result()
            await answer
            if not upload.done():
                await asyncio.wait({upload}, timeout=_LINGER_SECONDS)
        finally:
            for task in (upload, answer):
                task.cancel()
            await asyncio.gather(upload, answer, return_exceptions=True)
        if not upstream.next_cycle():
            self._drop_upstream()

    async def _upload(self, upstream: Peer, exchange: CapturedExchange) -> None:
        """Pass the body of the request on; a target that takes no more of it may still answer."""
        takes = True
        while True:
            try:
                event = await self.client.next_event()
            except (OSError, h11.RemoteProtocolError) as error:
                raise ClientGoneError from error
            if isinstance(event, h11.Data):
                exchange.request_body.add(event.data)
            elif not isinstance(event, h11.EndOfMessage):
                if isinstance(event, h11.ConnectionClosed):
                    raise ClientGoneError
                return
            if takes:
                try:
                    await upstream.send(event)
                except (OSError, h11.LocalProtocolError):
                    takes = False
            if isinstance(event, h11.EndOfMessage):
                return

    async def _download(
        self, upstream: Peer, exchange: CapturedExchange, rewriter: LinkRewriter | None
    ) -> None:
        while True:
            event = await self._next_of(upstream)
            if isinstance(event, h11.InformationalResponse):
                if self.client.connection.their_http_version != b"1.0":
                    headers = passed_headers(list(event.headers.raw_items()))
                    await self.client.send(
                        h11.InformationalResponse(
                            status_code=event.status_code, headers=headers, reason=event.reason
                        )
                    )
            elif isinstance(event, h11.Response):
                exchange.status = event.status_code
                exchange.headers = list(event.headers.raw_items())
                if rewriter is not None and not rewriter.applies_to(exchange.headers):
                    await self.client.send(passed_response(event, rewriter, changes_body=False))
                    rewriter = None
                else:
                    await self.client.send(
                        passed_response(event, rewriter, changes_body=rewriter is not None)
                    )
            elif isinstance(event, h11.Data):
                exchange.body.add(event.data)
                data = event.data if rewriter is None else rewriter.piece(bytes(event.data))
                await self.client.send(h11.Data(data=data))
            else:
                if rewriter is not None:
                    await self.client.send(h11.Data(data=rewriter.piece(b"", is_last=True)))
                await self.client.send(
                    event if isinstance(event, h11.EndOfMessage) else h11.EndOfMessage()
                )
                return

    async def _next_of(self, upstream: Peer) -> object:
        """Return the next event of the target's answer; raises `_BadGatewayError`."""
        try:
            event = await upstream.next_event(self._options.timeout)
        except TimeoutError:
            raise _BadGatewayError(504, f"nothing within {self._options.timeout:g} s") from None
        except h11.RemoteProtocolError as error:
            reason = f"no valid answer: {error}"
            if not upstream.received:
                reason = "the connection ended before an answer"
            elif "closed connection" in str(error):
                reason = "the connection ended within the answer"
            raise _BadGatewayError(502, reason) from None
        except OSError as error:
            raise _BadGatewayError(502, reason_of(error)) from None
        if isinstance(event, h11.ConnectionClosed):
            raise _BadGatewayError(502, "the connection ended before an answer")
        return event

    def _request(self, request: h11.Request, headers: Headers) -> h11.Request:
        passed = [header for header in passed_headers(headers) if header[0].lower() != b"host"]
        if self._options.rewrite_links:
            passed = [header for header in passed if header[0].lower() != _ACCEPT_ENCODING]
            passed.append((b"Accept-Encoding", b"identity"))
        return h11.Request(
            method=request.method,
            target=self._target.target_on_the_line(request.target),
            headers=[
                (b"Host", self._target.authority),
                *passed,
                *self._target.proxy_headers(),
            ],
        )

    def _rewriter(self, request: h11.Request) -> LinkRewriter:
        host = next((value for name, value in request.headers if name == b"host"), b"")
        name = host.decode("latin-1")
        return LinkRewriter(
            self._target, f"http://{name if _HOST.fullmatch(name) else self._own_address}"
        )

    async def _cut(self) -> None:
        """End the connection within an answer, so that the client sees that it is not whole."""
        if self.client.connection.their_http_version == b"1.0":
            # The end of the connection alone would look like the end of the answer.
            self.client.abort()
        self.client.connection.send_failed()

    async def _refuse(self, status: int, text: str, *, is_head: bool = False) -> None:
        """Answer in the target's place, with one line, and end the connection."""
        if self.client.connection.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            return
        body = f"fake-server watch: {' '.join(text.split())}\n".encode("ascii", "replace")
        headers = [
            (b"Content-Type", b"text/plain; charset=utf-8"),
            (b"Content-Length", b"%d" % len(body)),
            (b"Connection", b"close"),
        ]
        await self.client.send(h11.Response(status_code=status, headers=headers))
        if not is_head:
            await self.client.send(h11.Data(data=body))
        await self.client.send(h11.EndOfMessage())

    def _drop_upstream(self) -> None:
        if self._upstream is not None:
            self._upstream.close()
            self._upstream = None
