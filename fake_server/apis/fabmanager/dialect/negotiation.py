"""The format that a request asks for, as Rails reads it: suffix, `format` parameter, Accept header.

The endpoint has JSON alone. Rails takes a header that lists `*/*` among others for a browser's and
reads it as HTML. Rails ignores the types that it does not know.
"""

import re
from typing import Any

from flask import Request, g

from fake_server.api.serve import RAW_PATH, has_quirk

_ANY = "any"
_STARRED = frozenset({"*/*", "text/*", "application/*"})
_LIKE_A_BROWSER = re.compile(r",\s*\*/\*|\*/\*\s*,")
_QUALITY = re.compile(r";\s*q=([0-9.]+)")
_TYPE = re.compile(r"\A[A-Za-z0-9][\w!#$&^.+-]*/[A-Za-z0-9][\w!#$&^.+-]*\Z|\A\*/\*\Z", re.ASCII)
_SUFFIX = re.compile(r"\.([^./]+)/?\Z")
_TYPES = {
    "json": "application/json text/x-json application/jsonrequest application/vnd.api+json",
    "xml": "application/xml text/xml application/x-xml",
    "yaml": "application/x-yaml text/yaml",
    "html": (
        "text/html application/xhtml+xml text/plain text/javascript application/javascript"
        " application/x-javascript text/css text/calendar text/csv text/vcard text/vtt image/png"
        " image/jpeg image/gif image/bmp image/tiff image/svg+xml image/webp video/mpeg audio/mpeg"
        " audio/ogg audio/aac video/webm video/mp4 font/otf font/ttf font/woff font/woff2"
        " application/rss+xml application/atom+xml multipart/form-data"
        " application/x-www-form-urlencoded application/pdf application/zip application/gzip"
        " application/x-gzip application/vnd.ms-excel"
        " application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
}
_KINDS = {media: kind for kind, medias in _TYPES.items() for media in medias.split()}
_OTHER_NAMES = (
    "html xhtml text txt js css ics csv vcf vtt png jpeg jpg jpe pjpeg gif bmp tiff tif svg webp"
    " mpeg mpg mpe mp3 mp1 mp2 ogg oga spx opus m4a aac webm mp4 m4v otf ttf woff woff2 rss atom"
    " multipart_form url_encoded_form pdf zip gzip gz xls xlsx"
)
_NAMES = {
    "json": "json",
    "xml": "xml",
    "yaml": "yaml",
    **dict.fromkeys(_OTHER_NAMES.split(), "html"),
}


def suffix_of(request: Request) -> str | None:
    """Return the suffix of the requested path, without its dot."""
    match = _SUFFIX.search(request.environ.get(RAW_PATH, request.path))
    return match[1] if match else None


def accepts_json(request: Request, format_name: Any) -> bool:
    """Return whether the request asks for JSON.

    `format_name` is the path's suffix or the `format` parameter.
    """
    kinds = [_kind_named(format_name)] if format_name is not None else _accepted(request)
    return not kinds or "json" in kinds or _ANY in kinds


def is_readable(request: Request, format_name: Any) -> bool:
    """Return whether the Accept header lists media types alone.

    It is readable too if another part of the request decides on the format.
    """
    return (
        format_name is not None
        or not _goes_by_accept(request)
        or all(map(_is_type, _media_types(request)))
    )


def error_kind(request: Request, format_name: Any = None) -> str:
    """Return the format of an error page: `json`, `xml`, `yaml` or `html`."""
    if format_name is not None:
        first = _kind_named(format_name)
    elif _goes_by_accept(request):
        first = next(iter(_accepted(request)), _ANY)
    else:
        first = _kind_named(suffix_of(request) or "html")
    return "html" if first == _ANY else first


def page_kind(request: Request) -> str:
    """Return the format of an error that the framework words.

    It is JSON, unless the quirk `framework-error-pages` makes it depend on the request. A format
    that the path or the body names counts after the endpoint has read it.
    """
    if not has_quirk("framework-error-pages"):
        return "json"
    return error_kind(request, g.get("format", request.args.get("format")))


def varies(request: Request, format_name: Any) -> bool:
    """Return whether the Accept header decides on the format. `Vary` says so."""
    return format_name is None and _goes_by_accept(request)


def _kind_named(name: Any) -> str:
    return _NAMES.get(name, _ANY) if isinstance(name, str) else _ANY


def _is_xhr(request: Request) -> bool:
    return request.headers.get("X-Requested-With", "").lower() == "xmlhttprequest"


def _goes_by_accept(request: Request) -> bool:
    header = request.headers.get("Accept", "").strip()
    if _is_xhr(request):
        return bool(header or request.mimetype)
    return bool(header) and not _LIKE_A_BROWSER.search(header)


def _media_types(request: Request) -> list[str]:
    """Return the media types of the Accept header, the preferred one first.

    Without the header it returns the type of the body.
    """
    header = request.headers.get("Accept", "").strip()
    if not header:
        return [request.mimetype]
    ranges = [media_range.strip() for media_range in header.split(",") if media_range.strip()]
    if len(ranges) > 1:
        ranges.sort(key=_quality, reverse=True)
    return [media_range.split(";")[0].strip() for media_range in ranges]


def _is_type(media: str) -> bool:
    return _TYPE.match(media) is not None or media.endswith("/*")


def _accepted(request: Request) -> list[str]:
    if not _goes_by_accept(request):
        return ["html"]
    medias = _media_types(request)
    if not all(map(_is_type, medias)):
        return ["html"]
    return [kind for media in medias if (kind := _kind(media)) is not None]


def _quality(media_range: str) -> float:
    match = _QUALITY.search(media_range)
    if match is None:
        return 0.0 if media_range.startswith("*/*") else 1.0
    try:
        return float(match[1])
    except ValueError:
        return 0.0


def _kind(media: str) -> str | None:
    return _ANY if media in _STARRED else _KINDS.get(media)
