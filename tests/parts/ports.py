"""Ports for servers that tests start."""

import socket


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, each another one."""
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports: list[int] = [each.getsockname()[1] for each in listeners]
    for each in listeners:
        each.close()
    return ports


def free_port() -> int:
    """A port that nobody listens on."""
    return free_ports(1)[0]
