"""Asks the public address as a browser does: a page, and the opening of the live channel."""

import json
import socket
import ssl
import urllib.error
import urllib.request
from http.client import HTTPException, HTTPMessage
from typing import IO

from websockets import Origin, Subprotocol
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from havana.doctor.reaching import Answer, Handshake

PATIENCE_S = 10.0
LARGEST = 10_000
SUBPROTOCOL = Subprotocol("chat.v1")
# Whose token is none of ours learns nothing and leaves nothing behind.
HELLO = json.dumps({"id": 1, "do": "hello", "v": 1, "token": "doctor", "client": "doctor/1"})


def get(url: str) -> Answer:
    """The answer itself: redirections are not followed, and no proxy of this machine's environment is asked."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay())
    try:
        with opener.open(url, timeout=PATIENCE_S) as response:
            return Answer(response.status, _text(response.read(LARGEST)))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, _text(error.read(LARGEST)), error.headers.get("Location"))
    except urllib.error.URLError as error:
        return Answer(error=_explained(error.reason))
    except (OSError, HTTPException) as error:
        return Answer(error=_explained(error))


def shake_hands(url: str) -> Handshake:
    """Opens the live channel from a page of `url`, says hello as nobody, and waits to be closed."""
    try:
        with connect(
            f"ws{url.removeprefix('http')}/live",
            origin=Origin(url),
            subprotocols=[SUBPROTOCOL],
            compression=None,
            proxy=None,
            open_timeout=PATIENCE_S,
            close_timeout=1,
        ) as live:
            return Handshake(Answer(101), live.subprotocol, _closed(live))
    except InvalidStatus as error:
        response = error.response
        return Handshake(Answer(response.status_code, _text(response.body or b""), response.headers.get("Location")))
    except (OSError, InvalidHandshake) as error:
        return Handshake(Answer(error=_explained(error)))


def _closed(live: ClientConnection) -> int | None:
    """With which code the server answers our hello; None if nothing comes back."""
    try:
        live.send(HELLO)
        while True:
            live.recv(timeout=PATIENCE_S)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None
    except TimeoutError:
        return None


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """None: the redirection is what we want to know of."""


def _text(body: bytes | bytearray) -> str:
    return body.decode(errors="replace")


def _explained(error: object) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return f"the certificate is not valid: {error.verify_message}"
        case ssl.SSLError():
            return "no TLS is spoken there"
        case socket.gaierror():
            return "the name is not known"
        case ConnectionRefusedError():
            return "nothing listens there"
        case TimeoutError():
            return f"no answer within {PATIENCE_S:.0f} s"
        case _:
            return str(error) or type(error).__name__
