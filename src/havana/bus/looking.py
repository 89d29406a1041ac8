"""Looking at a Redis without leaving anything there."""

import asyncio

from havana.bus.redis_connection import Address, Gone, Pace, connected

OLDEST = 6


def look(url: str, pace: Pace = Pace()) -> str:  # noqa: B008 - it is frozen
    """Its name and version, after it has passed a message on. `Gone` or `ValueError` says why it cannot be used."""
    return asyncio.run(_look(Address(url), pace.answer_s))


async def _look(address: Address, answer_s: float) -> str:
    async with connected(address, answer_s) as connection:
        info, _ = await connection.ask([("INFO", "server"), ("PUBLISH", "havana:doctor", "")])
    lines = (line.partition(":") for line in info.decode().splitlines())
    said = {name: value for name, _, value in lines}
    if "valkey_version" in said:
        return f"Valkey {said['valkey_version']}"
    version = said.get("redis_version", "")
    if int(version.partition(".")[0] or 0) < OLDEST:
        raise Gone(f"is Redis {version}; Havana needs {OLDEST} or newer")
    return f"Redis {version}"
