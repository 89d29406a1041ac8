"""What the frames of the live channel have in common."""

from typing import Annotated, ClassVar, Literal

import msgspec

from havana.chat.events import snake_case

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class LiveCommand(msgspec.Struct, frozen=True, tag_field="do", tag=snake_case):
    """A command that only a connection has. `who` says who may send it."""

    who: ClassVar[tuple[Literal["visitor", "agent"], ...]] = ("visitor", "agent")


class Push(msgspec.Struct, frozen=True, tag_field="push", tag=lambda name: snake_case(name).removesuffix("_push")):
    """Something that nobody asked for."""
