"""Replaces the target's address by the proxy's in answers, for clients that follow links."""

import re

from fake_server.cli.watch.target_connection import WatchedTarget

_TEXTUAL = re.compile(rb"\s*(?:text/|application/(?:[\w.+-]*\+)?(?:json|xml|javascript)\b)", re.I)


class LinkRewriter:
    """Replaces the origin of a target by `origin` in one answer's headers and body."""

    def __init__(self, target: WatchedTarget, origin: str) -> None:
        scheme, _, netloc = target.origin.partition("://")
        default_port = ":443" if scheme == "https" else ":80"
        host = re.escape(netloc.removesuffix(default_port).encode())
        self._pattern = re.compile(
            rb"%s:(//|\\/\\/)%s(?:%s)?(?![\w:@.-])"
            % (scheme.encode(), host, default_port.encode()),
            re.IGNORECASE,
        )
        self._longest = len(f"{scheme}:\\/\\/{netloc}{default_port}")
        own_scheme, _, own_netloc = origin.partition("://")
        self._own_scheme, self._own_netloc = own_scheme.encode(), own_netloc.encode()
        self._pending = b""

    def header(self, name: bytes, value: bytes) -> bytes:
        """Return the value of a header: `Link` and `Location` change."""
        if name.lower() in {b"link", b"location", b"content-location"}:
            return self._pattern.sub(self._replacement, value)
        return value

    @staticmethod
    def applies_to(headers: list[tuple[bytes, bytes]]) -> bool:
        """Return whether the body behind headers is text as it is sent."""
        is_textual, is_plain = False, True
        for name, value in headers:
            if name.lower() == b"content-type":
                is_textual = _TEXTUAL.match(value) is not None
            elif name.lower() == b"content-encoding":
                is_plain = value.strip().lower() in {b"", b"identity"}
        return is_textual and is_plain

    def piece(self, data: bytes, *, is_last: bool = False) -> bytes:
        """Return the next bytes of a body; some wait, for a URL may go on in the next piece."""
        data = self._pending + data
        end = len(data) if is_last else max(0, len(data) - self._longest - 1)
        parts, position = [], 0
        for match in self._pattern.finditer(data):
            if match.start() >= end:
                break
            parts += [data[position : match.start()], self._replacement(match)]
            position = match.end()
        end = max(end, position)
        parts.append(data[position:end])
        self._pending = data[end:]
        return b"".join(parts)

    def _replacement(self, match: re.Match[bytes]) -> bytes:
        return self._own_scheme + b":" + match[1] + self._own_netloc
