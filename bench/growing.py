"""The parts of the report that are about more than one process, and more than a day's messages."""

from figures import NAMES, Figures
from tables import number, spread, table

PARTS = """\
64 visitors write as fast as they are acknowledged, each with a reader. A thousand times in a second of processor time,
`bench/sampled.py` looks at what the loop's thread is doing: the innermost Python function that belongs to a part
tells which. *Socket* is the WebSockets, frames, and what is sent to whom; *desk* the rules and who may do what;
*database* all that is ours between the desk and the database, and SQLite itself; *bus* what is said to other nodes.
What uvloop and the kernel did before they called a part is counted to it. PostgreSQL and Redis are processes of their
own, on the other core, counted by the kernel. Microseconds of processor time for one message:
"""
STORM = """\
Two nodes; one is killed (`kill -9`) while it has all the clients. All of them connect to the other at once, without the
pause that our page makes first, say hello, follow from the last event that they have, write, and are acknowledged, with
nothing missing and nothing twice. Both nodes share a core; PostgreSQL, Redis and all the clients share the other.
"""
MILLIONS = """\
The same operations, by the product's own functions, on two installations in turns (`bench/millions.py`): one of {large}
messages ({events} events) in {conversations} conversations, one of {small}. In both, as many conversations are open.
Milliseconds from asking to having, medians; *ratio* is of the medians of the same round, large by small. The articles
that are searched are the same in both: messages cannot be searched yet.
"""
SAID = {
    "post": "a visitor's message",
    "post_at_once": "64 messages at once",
    "note": "a note in an old conversation",
    "open_as_agent": "opening a conversation, an agent",
    "open_as_visitor": "opening a conversation, a visitor",
    "back_as_visitor": "a visitor comes back: what is unread",
    "mark_read": "marking as read",
    "inbox": "the inbox's first page",
    "inbox_waiting": "who waits",
    "inbox_mine": "what an agent holds",
    "inbox_of_a_site": "the inbox of one site",
    "list_closed": "a page of what is closed",
    "list_far_back": "a page far back",
    "search": "a search in the articles",
    "known_key": "whether a first message is known",
    "changed_since": "the sweep: what has changed",
    "held_by": "which conversations an agent holds",
    "holders": "who holds anything",
    "next_job": "when the next job is due",
}


def parts(figures: Figures) -> str:
    names = ("socket", "desk", "database", "bus", "other")
    rows = []
    for subject in figures.subjects("parts"):
        own = [figures.part(subject, name) for name in names]
        beside = [figures.beside("parts", subject, name) for name in ("PostgreSQL", "Redis")]
        rows.append(
            (NAMES[subject], *(number(value) for value in own), number(sum(own)), *(number(value) for value in beside))
        )
    head = ("", *names, "the node in all", "PostgreSQL", "Redis")
    return f"{PARTS}\n{table(head, rows)}"


def storm(figures: Figures) -> str:
    clients = "300 clients (a quick run)" if figures.results["quick"] else "5,000 clients"
    half, whole = (figures.spread("storm", "two_nodes", field) for field in ("half_s", "all_s"))
    rows = [("until half are back", f"{spread(half, 1)} s"), ("until all are", f"{spread(whole, 1)} s")]
    return f"{STORM}\n{table((clients, ''), rows)}"


def millions(figures: Figures) -> str:
    sections = []
    for database, (small, large) in figures.installations.items():
        rows = [
            (
                SAID[cost["operation"]],
                number(cost["small_ms"], 2),
                number(cost["large_ms"], 2),
                spread(figures.cost_ratio(cost), 2),
            )
            for cost in figures.costs(database)
        ]
        head = (database, f"{small['messages']:,}", f"{large['messages']:,}", "ratio")
        took = f"{large['bytes'] / 1e9:.1f} GB on the disk, filled in {large['filled_s']:.0f} s"
        sections.append(f"{table(head, rows)}\n\n{database}: {took}.")
    _, large = next(iter(figures.installations.values()))
    small = next(iter(figures.installations.values()))[0]
    said = MILLIONS.format(
        large=f"{large['messages']:,}",
        events=f"{large['events']:,}",
        conversations=f"{large['conversations']:,}",
        small=f"{small['messages']:,} in {small['conversations']:,}",
    )
    return "\n\n".join([said, *sections])
