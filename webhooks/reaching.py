"""Reaching an address somebody typed, without reaching into our own network.

The name is resolved once, every address it has must be public, and that very address is then
connected to: a name that points elsewhere a moment later leads nowhere. Redirects are not followed.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

TIMEOUT_S = 5
ALTOGETHER_S = 10
READ_AT_MOST = 1024
HTTPS = 443


class Refused(Exception):
    """The address is none we send to; carries a code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_url(url: str) -> tuple[str, int, str]:
    """Return host, port and path, or raise Refused: https, a name, no credentials."""
    try:
        parts = urlsplit(url)
        port = parts.port or HTTPS
    except ValueError:
        raise Refused("no_url") from None
    if parts.scheme != "https" or not parts.hostname or not url.isascii() or not url.isprintable():
        raise Refused("no_https")
    if parts.username or parts.password or parts.fragment or " " in url:
        raise Refused("no_url")
    path = parts.path or "/"
    return parts.hostname, port, f"{path}?{parts.query}" if parts.query else path


def public_address(host: str, port: int) -> str:
    """Return an address of the host; raise Refused when even one of them is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Refused("unknown_host") from None
    addresses = [str(sockaddr[0]) for *_, sockaddr in found]
    if not addresses or not all(is_public(address) for address in addresses):
        raise Refused("private_address")
    return addresses[0]


def is_public(address: str) -> bool:
    """Return whether the address lies in the open internet, also one written as IPv6."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_public(str(inner)) and not ip.is_multicast
        if ip in NAT64:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


NAT64 = ipaddress.ip_network("64:ff9b::/96")


class _Pinned(http.client.HTTPSConnection):
    """Connects to the address that was checked; the certificate must be that of the name."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT_S)
        self.context = ssl.create_default_context()
        self.address = address

    def connect(self) -> None:
        """Open the connection."""
        plain = socket.create_connection((self.address, self.port), TIMEOUT_S)
        self.sock = self.context.wrap_socket(plain, server_hostname=self.host)

    def give_up(self) -> None:
        """End it from outside: who answers a byte a second would never run into a timeout."""
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send it and return the status; raises Refused, or OSError when nobody answers in time."""
    host, port, path = check_url(url)
    connection = _Pinned(host, port, public_address(host, port))
    deadline = threading.Timer(ALTOGETHER_S, connection.give_up)
    deadline.start()
    try:
        connection.request("POST", path, body, dict(headers))
        answer = connection.getresponse()
        answer.read(READ_AT_MOST)
        return answer.status
    except http.client.HTTPException as error:
        raise OSError("no HTTP") from error
    finally:
        deadline.cancel()
        connection.close()
