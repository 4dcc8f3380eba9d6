"""Owns the wall around the tests: sockets of the test process reach this machine only. Knows no test."""

import ipaddress
import socket
from collections.abc import Callable
from typing import Any

import pytest


def is_local(address: Any) -> bool:
    """Returns whether a socket address is on this machine: a Unix socket, or loopback by number or name."""
    if isinstance(address, (str, bytes)):
        return True
    host = str(address[0]).split("%", 1)[0]
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def wall(patch: pytest.MonkeyPatch) -> None:
    """Makes every outgoing connection and name look-up that leaves this machine an error, until `patch` ends."""

    def guarded(name: str) -> Callable[..., Any]:
        kept = getattr(socket.socket, name)

        def call(self: socket.socket, *arguments: Any) -> Any:
            if self.family != socket.AF_UNIX and not is_local(arguments[-1]):
                raise PermissionError(f"a test may not leave this machine: {name} {arguments[-1]!r}")
            return kept(self, *arguments)

        return call

    for name in ("connect", "connect_ex", "sendto"):
        patch.setattr(socket.socket, name, guarded(name))
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *arguments: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not is_local((name,)):
            raise PermissionError(f"a test may not leave this machine: look-up of {name!r}")
        return look_up(host, *arguments, **named)

    patch.setattr(socket, "getaddrinfo", getaddrinfo)
