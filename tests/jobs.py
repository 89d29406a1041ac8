"""The kinds of jobs that this release does, for tests that take jobs without a worker."""

KINDS = (
    "answer",
    "assign",
    "assigned",
    "summary",
    "remind",
    "agent_gone",
    "agent_left",
    "agent_removed",
    "idle",
    "tool_calls",
    "tool_watch",
    "mail",
    "forget_mails",
    "forget",
    "unseen",
)
