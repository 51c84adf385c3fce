"""The way to a server over HTTP, with nothing added to a request."""

import re
from contextlib import suppress
from dataclasses import dataclass
from http.client import BadStatusLine, HTTPException
from http.cookiejar import DefaultCookiePolicy
from socket import SHUT_RDWR
from threading import Timer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from werkzeug.datastructures import Headers

from fake_server.server_urls import is_loopback_host
from fake_server.verify.outcome_errors import NoAnswerError, brief
from fake_server.verify.server.raw_messages import ApiRequest
from fake_server.verify.server.transport import RawAnswer, require_safe

if TYPE_CHECKING:
    from requests import PreparedRequest, Response


TIMEOUT = 30
"""Seconds to wait for a connection, and for each part of an answer."""


LONGEST_ANSWER = 60
"""Seconds within which an answer must be complete."""


LARGEST_BODY = 64 * 1024 * 1024
"""Bytes of the largest body that is read."""


_LONGEST_REASON = 200
"""Characters of the longest reason why there is no answer, such as a first line without HTTP."""


@dataclass(slots=True)
class _RequestLine:
    """The next request line: its host (`origin`), and its path and query (`target`).

    - `connection`: the connection that carries it.
    - `timed_out`: whether the answer took too long.
    """

    origin: str
    target: str
    connection: Any = None
    timed_out: bool = False

    def abort(self) -> None:
        """End the connection, so that no more of the answer is read."""
        self.timed_out = True
        sock = getattr(self.connection, "sock", None)
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(SHUT_RDWR)


class HttpTransport:
    """Sends requests over HTTP, on one kept connection, with nothing added to them.

    Raises `VerificationError` for a malformed URL, or one of plain http to a host that is not
    loopback while that is not allowed.
    """

    def __init__(
        self,
        base_url: str,
        *,
        insecure: bool = False,
        timeout: float = TIMEOUT,
        longest: float = LONGEST_ANSWER,
    ) -> None:
        self.base_url = self.name = base_url.rstrip("/")
        require_safe(self.base_url, insecure)
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(self.base_url))
        self._prefix = self.base_url.removeprefix(origin)
        self._is_loopback = is_loopback_host(urlsplit(origin).hostname)
        self._request_line = _RequestLine(origin, "/")
        self._timeout = timeout
        self._longest = longest
        self._session = _session(self._request_line)

    def send(self, request: ApiRequest) -> RawAnswer:
        """Send a request, with no redirect followed and no cookie kept."""
        from urllib3.exceptions import HTTPError

        self._request_line.connection, self._request_line.timed_out = None, False
        timer = Timer(self._longest, self._request_line.abort)
        timer.daemon = True
        timer.start()
        try:
            response = self._exchange(request)
            answer = RawAnswer(response.status_code, _headers(response), _body(response, request))
            failure = None
        except (OSError, HTTPError, HTTPException, ValueError) as error:
            # A hostile answer gets as far as any of the three libraries below.
            failure = _reason(error, self._timeout)
        except _IncompleteBodyError as error:
            failure = str(error)
        finally:
            timer.cancel()
        if self._request_line.timed_out:
            failure = f"not complete within {self._longest:g} s"
        if failure is not None:
            raise NoAnswerError(f"{request.method} {request.target}", failure)
        return answer

    def _exchange(self, request: ApiRequest) -> "Response":
        import requests
        from urllib3.util import SKIP_HEADER

        prepared = requests.Request(
            request.method,
            f"{self._request_line.origin}/",
            headers=dict(request.headers),
            data=request.body,
        ).prepare()
        if request.body is None and request.method not in {"POST", "PUT", "PATCH"}:
            prepared.headers.pop("Content-Length", None)
        for name in ("Accept-Encoding", "User-Agent"):
            prepared.headers.setdefault(name, SKIP_HEADER)
        self._request_line.target = self._prefix + request.target
        options = self._session.merge_environment_settings(prepared.url, {}, True, None, None)
        if self._is_loopback:
            options["proxies"] = {}
        # The session would read a redirect's body and parse its Location.
        adapter = self._session.get_adapter(prepared.url)
        response: Response = adapter.send(prepared, timeout=self._timeout, **options)
        return response


def _session(request_line: "_RequestLine") -> Any:
    import requests

    def unchanged(request: "PreparedRequest") -> "PreparedRequest":
        return request

    session, adapter = requests.Session(), _adapter(request_line)
    session.headers.clear()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.auth = unchanged
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _adapter(request_line: "_RequestLine") -> Any:
    """Return an adapter whose connections send the target as it is.

    The libraries below would encode brackets, double percent signs and fold slashes.
    """
    from requests.adapters import HTTPAdapter
    from urllib3 import HTTPConnectionPool, HTTPSConnectionPool

    def raw(pool: Any) -> Any:
        class RawConnection(pool.ConnectionCls):  # type: ignore[misc]  # a class known only here
            """Sends the target as it is."""

            def connect(self) -> None:
                """Connect, unless that takes longer than the whole answer may."""
                super().connect()
                if request_line.timed_out:
                    raise TimeoutError

            def putrequest(self, method: str, url: str, *args: Any, **options: Any) -> None:
                """Send the request line."""
                through_proxy = url.startswith("http")
                request_line.connection = self
                target = (
                    request_line.origin + request_line.target
                    if through_proxy
                    else request_line.target
                )
                super().putrequest(method, target, *args, **options)

        return type(pool.__name__, (pool,), {"ConnectionCls": RawConnection})

    pools = {"http": raw(HTTPConnectionPool), "https": raw(HTTPSConnectionPool)}

    class RawAdapter(HTTPAdapter):
        """Uses such connections, through a proxy too."""

        def init_poolmanager(self, *args: Any, **options: Any) -> None:
            """Make the pools."""
            super().init_poolmanager(*args, **options)
            self.poolmanager.pool_classes_by_scheme = pools

        def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
            """Make the pools of a proxy."""
            manager = super().proxy_manager_for(*args, **options)
            manager.pool_classes_by_scheme = pools
            return manager

    return RawAdapter()


class _IncompleteBodyError(Exception):
    """The body of an answer ended early, or did not end."""


def _body(response: "Response", request: ApiRequest) -> bytes:
    """Return the whole body; raises `_IncompleteBodyError` if it is not complete."""
    body = bytearray()
    with response:
        for part in response.iter_content(65536):
            body += part
            if len(body) > LARGEST_BODY:
                raise _IncompleteBodyError(f"a body of more than {LARGEST_BODY} bytes")
        missing_bytes = response.raw.length_remaining if request.method != "HEAD" else 0
    if missing_bytes:
        raise _IncompleteBodyError(f"the answer ends {missing_bytes} bytes early")
    return bytes(body)


def _headers(response: "Response") -> Headers:
    # A header may go on in a second line.
    return Headers(
        [
            (name, re.sub(r"[\r\n]+[ \t]*", " ", value))
            for name, value in response.raw.headers.iteritems()
        ]
    )


def _reason(error: Exception, timeout: float) -> str:
    from requests import Timeout

    if isinstance(error, Timeout):
        return f"nothing within {timeout:g} s"
    innermost: BaseException = error
    while innermost.args and isinstance(innermost.args[-1], BaseException):
        innermost = innermost.args[-1]
    reason = getattr(innermost, "reason", None) or innermost
    text = str(reason).split("object at 0x")[-1].partition(">: ")[2] or str(reason)
    if isinstance(innermost, BadStatusLine):
        text = f"no HTTP: {text}"
    shown = re.sub(r"[^\x20-\x7e]", " ", brief(text, _LONGEST_REASON)).split()
    return " ".join(shown) or type(error).__name__
