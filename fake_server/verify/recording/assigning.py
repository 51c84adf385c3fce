"""Assigns exchanges to APIs, by their hosts and paths."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from fake_server.data_files import registry
from fake_server.verify.api_files.operations_by_path import operation_of
from fake_server.verify.server.raw_messages import Answer

_LOOPBACK = {"", "localhost", "127.0.0.1", "::1"}


def hosts_of(api: str) -> frozenset[str]:
    """Return the hosts of an API's service, as its `api.yaml` lists them."""
    return frozenset(registry.package(api).hosts)


def belongs_to(answer: Answer, api: str, hosts: Iterable[str] = ()) -> bool:
    """Return whether an exchange belongs to an API.

    It does if its host is one of the API's, or of `hosts`. A host that no API names decides
    nothing: then the API is that of the path. A host on this machine may have a world's prefix
    before the path.
    """
    host = _host(answer)
    if host in hosts_of(api) or host in hosts:
        return True
    if any(host in hosts_of(other) for other in registry.names()):
        return False
    if host in _LOOPBACK or registry.package(api).hosts_vary:
        return has_path_of(api, answer)
    return operation_of(api, answer.request.method, answer.request.target) is not None


def has_path_of(api: str, answer: Answer) -> bool:
    """Return whether a path is that of an operation, or begins as the API's paths do."""
    target = answer.request.target
    if operation_of(api, answer.request.method, target) is not None:
        return True
    path = "/" + target.partition("?")[0].lstrip("/")
    if path.startswith("/w/"):
        path = "/" + path.removeprefix("/w/").partition("/")[2]
    prefixes = registry.package(api).prefixes
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes)


def _host(answer: Answer) -> str:
    try:
        return urlsplit(answer.base_url).hostname or ""
    except ValueError:
        return ""


def parse_hosts(texts: Iterable[str], apis: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the hosts of `api=host` and `host` by API; a host alone is one of every API."""
    by_api: dict[str, list[str]] = {api: [] for api in apis}
    for text in texts:
        api, equals, host = text.partition("=")
        for name in [api] if equals else list(by_api):
            by_api.setdefault(name, []).append((host if equals else text).lower())
    return {api: tuple(names) for api, names in by_api.items()}
