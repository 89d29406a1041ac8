"""Why connections end. The code tells the client whether to come back."""

from enum import IntEnum


class Close(IntEnum):
    """4000 to 4499: reconnect. 4500 to 4999: do not, for it would only happen again."""

    GOING_AWAY = 1001
    ABNORMAL = 1006
    POLICY = 1008
    TOO_LARGE = 1009
    RESTART = 1012
    TRY_LATER = 1013
    DRAIN = 4000
    SLOW = 4002
    POSITION_LOST = 4003
    NO_PONG = 4004
    TOKEN_EXPIRED = 4005
    SERVER_ERROR = 4006
    RATE = 4007
    BAD_TOKEN = 4500
    BAD_FRAME = 4501
    NO_HELLO = 4502
    BLOCKED = 4503
    TOO_MANY = 4504
    VERSION = 4505
    SITE_DISABLED = 4506

    @property
    def reconnect(self) -> bool:
        """Whether a client that is closed with this code comes back by itself."""
        if self < 4000:
            return self not in (Close.POLICY, Close.TOO_LARGE)
        return self < 4500

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    Close.GOING_AWAY: "the page or the server goes away",
    Close.ABNORMAL: "the connection broke",
    Close.POLICY: "refused by a proxy's policy",
    Close.TOO_LARGE: "a frame over 64 KiB",
    Close.RESTART: "the server restarts",
    Close.TRY_LATER: "a proxy asks to try again later",
    Close.DRAIN: "the server shuts down; wait for `retry_ms` of the reason, then come back",
    Close.SLOW: "you read too slowly; come back and resume from the log",
    Close.POSITION_LOST: "the server lost your place in a log; come back and resume",
    Close.NO_PONG: "no sign of life for 35 s",
    Close.TOKEN_EXPIRED: "the token has expired; get a fresh one first",
    Close.SERVER_ERROR: "an error of the server",
    Close.RATE: "too many commands at once",
    Close.BAD_TOKEN: "the token is not valid, or its session has ended",
    Close.BAD_FRAME: "not JSON, binary, no `id`, no `do`, or nested too deeply",
    Close.NO_HELLO: "no hello within 10 s, or something else before it",
    Close.BLOCKED: "this visitor is blocked",
    Close.TOO_MANY: "this visitor has too many connections",
    Close.VERSION: "this version of the protocol is not spoken here",
    Close.SITE_DISABLED: "the site is switched off",
}


class Hangup(Exception):
    """The connection ends with this code. `reason` is short and may be read by anybody."""

    def __init__(self, code: Close, reason: str = "") -> None:
        super().__init__(f"{int(code)} {reason}".strip())
        self.code = code
        self.reason = reason
