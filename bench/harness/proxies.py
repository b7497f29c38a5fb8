"""The proxies under test and the backend behind them, each with the same work and the same share of the machine."""

import os
from pathlib import Path

from . import net
from .bench import Bench
from .server import Server

WORKERS = 2
# nginx bounds the length of one string in its configuration, so a body is a repeated piece.
PIECE = "0123456789abcdef" * 4

NGINX = """
{user}
worker_processes {workers};
daemon off;
pid nginx.pid;
error_log /dev/null crit;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  server_tokens off;
  tcp_nodelay on;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
{servers}
}}
"""

NGINX_BACKEND = """
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    default_type text/plain;
    set $piece "{piece}";
    location / {{ return 200 "{body}"; }}
  }}
"""

NGINX_PROXY = """
  upstream backend {{
    server 127.0.0.1:{target};
    keepalive 512;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
  }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{
      proxy_pass http://backend;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Port $server_port;
    }}
  }}
"""

HAPROXY = """
global
  nbthread {workers}
  maxconn 4096
defaults
  mode http
  option http-keep-alive
  option forwardfor
  http-reuse always
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend public
  bind 127.0.0.1:{port} backlog 4096
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Forwarded-Port %[dst_port]
  default_backend backend
backend backend
  server one 127.0.0.1:{target}
"""


def backend(bench: Bench, program: str, size: int) -> int:
    """An nginx that answers every request with `size` bytes, a multiple of 64, from memory; returns its port."""
    port = net.free_port()
    _nginx(
        bench,
        program,
        "backend",
        port,
        NGINX_BACKEND.format(port=port, piece=PIECE, body="$piece" * (size // len(PIECE))),
    )
    return port


def nginx(bench: Bench, program: str, target: int) -> tuple[Server, int]:
    """nginx as a reverse proxy."""
    port = net.free_port()
    return _nginx(bench, program, "nginx", port, NGINX_PROXY.format(port=port, target=target)), port


def haproxy(bench: Bench, program: str, target: int) -> tuple[Server, int]:
    """HAProxy as a reverse proxy."""
    port = net.free_port()
    file = bench.folder / f"haproxy-{port}.cfg"
    file.write_text(HAPROXY.format(workers=WORKERS, port=port, target=target))
    return _ready(bench.start(f"haproxy {port}", [program, "-db", "-f", str(file)]), port)


def taxiway(bench: Bench, program: Path, target: int) -> tuple[Server, int]:
    """Our edge, without a manifest."""
    port = net.free_port()
    command = [str(program), f"{net.HOST}:{port}", f"{net.HOST}:{target}", "--workers", str(WORKERS)]
    return _ready(bench.start(f"taxiway edge {port}", command), port)


def _nginx(bench: Bench, program: str, name: str, port: int, servers: str) -> Server:
    prefix = bench.folder / f"{name}-{port}"
    prefix.mkdir()
    user = "user root;" if os.geteuid() == 0 else ""
    (prefix / "nginx.conf").write_text(NGINX.format(user=user, workers=WORKERS, servers=servers))
    server = bench.start(f"{name} {port}", [program, "-p", str(prefix), "-c", "nginx.conf"])
    return _ready(server, port)[0]


def _ready(server: Server, port: int) -> tuple[Server, int]:
    server.wait_until(net.answers(port, "/"))
    return server, port
