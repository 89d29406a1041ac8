"""Connections to a PostgreSQL server. Where nobody stands between, statements stay prepared on them."""

from functools import partial
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import await_only

PREPARED = 200
"""Statements that a connection keeps: more than Havana has."""


def engine_to(url: str, connect_s: float, command_s: float, size: int) -> AsyncEngine:
    """Up to `size` connections, which give up after so many seconds."""
    reach = partial(asyncpg.connect, url, timeout=connect_s, command_timeout=command_s)

    async def connect() -> tuple[Any, bool]:
        connection = await reach(statement_cache_size=PREPARED)
        try:
            if await _is_direct(connection):
                return connection, True
            await connection.close()
        except BaseException:
            connection.terminate()
            raise
        return await reach(statement_cache_size=0), False

    def creator() -> Any:
        connection, direct = await_only(connect())

        async def connected() -> Any:
            return connection

        driver: Any = engine.sync_engine.dialect.dbapi
        if direct:
            return driver.connect(async_creator_fn=connected, prepared_statement_cache_size=PREPARED)
        return driver.connect(
            async_creator_fn=connected, prepared_statement_cache_size=0, prepared_statement_name_func=_unnamed
        )

    engine = create_async_engine(
        "postgresql+asyncpg://",
        creator=creator,
        pool_size=size,
        max_overflow=0,
        pool_timeout=connect_s + command_s,
        # An error's text goes to the log, and values are what people said.
        hide_parameters=True,
    )
    return engine


async def _is_direct(connection: Any) -> bool:
    """Whether we talk to the process that greeted us.

    A pooler gives each transaction whichever process is free, and there what was prepared before is unknown. So it
    greets with a number of its own: by that number a client asks for a statement to be cancelled, and the pooler has
    to know whose.
    """
    async with connection.transaction():
        process = await connection.prepare("SELECT pg_backend_pid()", name="")
        return bool(await process.fetchval() == connection.get_server_pid())


def _unnamed() -> str:
    return ""
