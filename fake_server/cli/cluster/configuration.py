"""The configuration of nginx for several processes; `examples/cluster/understudy.conf` is one."""

from collections.abc import Sequence

_HTTP = r"""# nginx in front of equal processes of Understudy: each world lives in the process that
# the hash of its name chooses. It belongs into `http { }`. docs/scaling.md says why.

# The world that a request is for: of its path, of its path in the control plane, of X-Fake-World.
# A request that names none is for `default`. Only names that a world can have are hashed.
map $http_x_fake_world $understudy_header_world {
    default "default";
    "~^(?<headed>[A-Za-z0-9_-]+)$" $headed;
}
map $uri $understudy_world {
    default $understudy_header_world;
    "~^/+w/+(?<prefixed>[A-Za-z0-9_-]+)(?:/|$)" $prefixed;
    "~^/+_fake/+worlds/+(?<controlled>[A-Za-z0-9_-]+)(?:/|$)" $controlled;
}

# HTTP/1.0 needs no Host, and HTTP/1.1 does.
map $http_host $understudy_host {
    default $http_host;
    "" "$server_addr:$server_port";
}

# URLs in answers have the scheme that the client used.
map $http_x_forwarded_proto $understudy_scheme {
    default $http_x_forwarded_proto;
    "" $scheme;
}

upstream understudy {
    hash $understudy_world consistent;
    # The weight makes the shares of the ring even.
    # No failing over: a world is in one process, and another would answer with a fresh `default`.
@SERVERS@
    keepalive 64;
}

server {
@LISTENERS@

    # Bytes reach the processes as the client sent them, which have limits of their own.
    merge_slashes off;
    ignore_invalid_headers off;
    underscores_in_headers on;
    client_header_buffer_size 4k;
    large_client_header_buffers 4 72k;
    client_max_body_size 0;
    keepalive_requests 1000000;

    location / {
        proxy_pass http://understudy;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        # URLs in answers, and who may drive the control plane, follow Host.
        proxy_set_header Host $understudy_host;
        proxy_set_header X-Forwarded-Proto $understudy_scheme;
        # A process refuses a request that it takes for another world's.
        proxy_set_header X-Fake-Routed $understudy_world;
        # The time of the world, not that of the machine.
        proxy_pass_header Date;
        proxy_pass_header Server;
        proxy_redirect off;
        proxy_next_upstream off;
        proxy_connect_timeout 5s;
        # A fault may hold an answer back for long, and a part of one.
        proxy_read_timeout 1h;
        proxy_send_timeout 1h;
        proxy_request_buffering off;
        proxy_buffering off;
        proxy_buffer_size 64k;
        proxy_buffers 4 64k;
        # An answer of nginx's own, not one of a fault.
        error_page 502 504 =502 @no_answer;
    }

    location @no_answer {
        default_type application/problem+json;
        add_header X-Fake-Server problem always;
        set $problem '{"type":"urn:understudy:unreachable-server","title":"Bad Gateway"';
        set $problem '$problem,"status":502,"detail":"no answer for world $understudy_world';
        set $problem '$problem: its process has ended, and its worlds with it';
        return 502 '$problem, or a fault closed the connection"}';
    }
}
"""

_MAIN = """daemon off;
worker_processes auto;
pid nginx.pid;
error_log stderr crit;
@USER@
events {
    worker_connections 8192;
}
http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
@TLS@
    include understudy.conf;
}
"""


_CERTIFICATE = """    ssl_certificate certificate.pem;
    ssl_certificate_key key.pem;
"""


def cluster_configuration(listeners: Sequence[str], processes: Sequence[str]) -> str:
    """Return the directives of nginx's `http { }`.

    - `listeners`: values of `listen`, such as `127.0.0.1:8042`.
    - `processes`: addresses such as `127.0.0.1:43211`. Their order decides where a world lives.
    """
    servers = "\n".join(f"    server {address} weight=16 max_fails=0;" for address in processes)
    listens = "\n".join(f"    listen {listener};" for listener in listeners)
    return _HTTP.replace("@SERVERS@", servers).replace("@LISTENERS@", listens)


def main_configuration(user: str | None, *, tls: bool) -> str:
    """Return the configuration around it, for an nginx in the foreground with files of its own.

    - `user`: the name of the user that the workers run as, where nginx is started by root.
    - `tls`: the folder has `certificate.pem` and `key.pem`, for listeners that say `ssl`.
    """
    text = _MAIN.replace("@USER@\n", "" if user is None else f"user {user};\n")
    return text.replace("@TLS@\n", _CERTIFICATE if tls else "")
