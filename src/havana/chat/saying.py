"""The words that Havana itself says to a visitor, made of a site's settings."""

import datetime as dt

import msgspec

from havana.chat import events as e
from havana.chat import hours
from havana.chat.site import Site

WAYS_OUT: tuple[e.Offer, ...] = ("leave_contact", "withdraw_request")
A_PERSON: tuple[e.Offer, ...] = ("request_human", "keep_going")


class Saying(msgspec.Struct, frozen=True):
    """What is said at a moment (`now`)."""

    site: Site
    now: dt.datetime

    def say(self, words: str, offers: tuple[e.Offer, ...] = (), *, key: str | None = None, **names: str) -> e.Proposed:
        # Not str.format: the words are a site's setting, and a stray brace in them must not break a hand-over.
        for name, value in names.items():
            words = words.replace("{" + name + "}", value)
        return e.Proposed(e.MessagePosted(words, offers), self.site.system_author, key)

    def waiting(self, on_duty: bool) -> e.Proposed:
        """To somebody who begins to wait."""
        words = self.site.words
        return self.say(words.waiting) if self.is_attended(on_duty) else self.nobody(words.nobody)

    def nobody(
        self, words: str, offers: tuple[e.Offer, ...] = WAYS_OUT, *, key: str | None = None, **names: str
    ) -> e.Proposed:
        """That nobody is here, when they are back if the site has hours, and what can be done meanwhile."""
        opening = hours.opens(self.site.hours, self.site.timezone, self.now)
        if opening is None:
            return self.say(words, offers, key=key, **names)
        back = f"{words} {self.site.words.back}"
        return self.say(back, offers, key=key, next=hours.spoken(opening, self.now), **names)

    def is_attended(self, on_duty: bool) -> bool:
        """Whether a person may be promised. Outside the hours a console that somebody left open promises nothing."""
        return on_duty and hours.opens(self.site.hours, self.site.timezone, self.now) is None
