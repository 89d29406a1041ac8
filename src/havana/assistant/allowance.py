"""How much a site lets its assistant answer: by visitor and hour, and by money and day.

Asked before an answer, told after it: answers that run side by side may together cost a little more than the day has.
"""

import datetime as dt
from collections.abc import Callable, Collection

import structlog

from havana.accounts.limits import Limits
from havana.assistant.interface import Model, Spent
from havana.assistant.models.opening import members, warm
from havana.assistant.models.settings import BUILTIN
from havana.chat.site import Site
from havana.storage import sites, spending
from havana.storage.database import Database
from havana.storage.trouble import patiently

MICROS = 1_000_000
"""Of a dollar."""

log = structlog.get_logger()


class Exhausted(Exception):
    """There is no answer now; the message tells the team which limit it was."""


class Allowance:
    def __init__(self, database: Database, limits: Limits, clock: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._limits = limits
        self._clock = clock
        self._told: set[str] = set()

    async def model_for(self, site: Site, visitor: str, model: Model) -> Model:
        """The model that may answer: of a chain whose money is spent, the one that costs nothing. Or `Exhausted`."""
        if self._limits.waits_for_answer(visitor, site.answers_per_hour):
            raise Exhausted(
                f"The visitor has had as many answers as one may have in an hour (answers_per_hour = "
                f"{site.answers_per_hour})."
            )
        free = next((one for one in members(model) if one.name == BUILTIN), None)
        spent = 0 if free is model else await spent_today(self._database, site, self._clock())
        if site.money_per_day is None or spent < site.money_per_day * MICROS:
            return model
        if free is not None:
            return free
        raise Exhausted(
            f"What the assistant may cost today is spent: {spent / MICROS:.2f} dollars (money_per_day = "
            f"{site.money_per_day:g}). The next day begins at 00:00 UTC."
        )

    async def spend(self, site: Site, visitor: str, spent: Spent, *, said: bool) -> None:
        """An answer has ended, in whatever way. `said`: the visitor has read something of it."""
        if said:
            self._limits.count_answer(visitor, site.answers_per_hour)
        if not spent.models:
            return
        log.info(
            "answered",
            model=" after ".join(reversed(spent.models)),
            input_tokens=spent.input_tokens,
            output_tokens=spent.output_tokens,
            dollars=spent.micros / MICROS,
        )
        if spent.unpriced and site.money_per_day is not None and site.id not in self._told:
            # Once: the limit may be younger than this process.
            self._told.add(site.id)
            _warn(spent.unpriced, [site.key])
        await add_spent(self._database, site, self._clock(), spent, answers=1)


async def prepare(model: Model, database: Database) -> None:
    """Makes the model ready before the first visitor comes, and says which limits will not hold for it."""
    if unpriced := await warm(model):
        limited = [
            site.key for site in await patiently(lambda: database.read(sites.every)) if site.money_per_day is not None
        ]
        if limited:
            _warn(unpriced, limited)
        else:
            log.info("price not known: counts as 0", models=", ".join(unpriced))


def _warn(models: Collection[str], keys: Collection[str]) -> None:
    log.warning(
        "money_per_day does not limit a model whose price is not known",
        sites=", ".join(keys),
        models=", ".join(models),
        set=f"HAVANA_MODEL_PRICES={','.join(f'{model}=INPUT/OUTPUT' for model in models)}",
        unit="dollars for a million tokens",
    )


async def spent_today(database: Database, site: Site, now: dt.datetime) -> int:
    """In millionths of a dollar; it is looked at only where there is a limit."""
    if site.money_per_day is None:
        return 0
    return await database.read(lambda conn: spending.micros_of(conn, site.id, now.date()))


async def may_write(database: Database, site: Site, now: dt.datetime) -> bool:
    """Whether there is money left for what a model writes for the team."""
    return site.money_per_day is None or await spent_today(database, site, now) < site.money_per_day * MICROS


async def add_spent(database: Database, site: Site, now: dt.datetime, spent: Spent, *, answers: int = 0) -> None:
    """What was asked of a model is counted to its site's day; what it wrote for the team is no answer."""
    if spent.models:
        unpriced, tokens = sum(spent.unpriced.values()), (spent.input_tokens, spent.output_tokens)
        day = spending.Day(site.id, now.date(), answers, *tokens, spent.micros, unpriced)
        await patiently(lambda: database.write(lambda conn: spending.add(conn, day)))
