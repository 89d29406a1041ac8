"""The words that stand for somebody's name in a canned answer. The console fills them in when it is chosen."""

import re

from havana.chat.errors import BadRequest

VARIABLES = ("visitor", "agent", "site")
# What looks like one. Other things in braces, such as code, are nobody's name.
_VARIABLE = re.compile(r"\{(\s*[^\W\d][\w .-]*)\}")


def check_variables(text: str) -> None:
    """Refuses what would reach a visitor as it stands: a word in braces that nobody fills in."""
    for named in _VARIABLE.findall(text):
        if named not in VARIABLES:
            known = ", ".join("{" + name + "}" for name in VARIABLES)
            raise BadRequest(f"Nothing is known to put in for {{{named}}}. There are {known}.")
