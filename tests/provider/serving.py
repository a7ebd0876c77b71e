"""A server of ours that answers in a thread of its own, as long as somebody is in its context."""

from __future__ import annotations

import threading
from http.server import ThreadingHTTPServer
from socketserver import ThreadingTCPServer
from typing import Self


class Serving:
    """What the fake providers have in common; use them as context managers."""

    def __init__(self, server: ThreadingTCPServer | ThreadingHTTPServer) -> None:
        """Take a server that listens already."""
        self.server = server
        self.port = int(server.server_address[1])  # type: ignore[arg-type,index]
        server.daemon_threads = True
        self._thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def __enter__(self) -> Self:
        """Start answering."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and give the port back."""
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()
