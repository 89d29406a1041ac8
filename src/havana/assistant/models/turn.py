"""What one turn of a model has brought so far, and the time that is left for it."""

import asyncio
from collections.abc import Collection

from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart

from havana.assistant.interface import CutShort, ModelFailed, Prompt
from havana.assistant.models.leaks import Leaks
from havana.assistant.models.settings import ModelSettings


class Turn:
    """The time that a turn has, the words that it has shown, and the tokens that were written for it."""

    def __init__(self, settings: ModelSettings, prompt: Prompt) -> None:
        now = asyncio.get_running_loop().time()
        self._end = now + settings.turn_s
        # Whatever is tried again, nobody waits much longer for a first word than the model may take for one.
        self._first_word = now + 2 * settings.first_token_s
        self._text_ended = "\n"
        self._gap = ""
        self._paragraph_open = False
        self.shown = False
        self.prompt = prompt
        self.written = 0

    def within(self, seconds: float) -> float:
        """The end of a wait, on the loop's clock."""
        latest = self._end if self.shown else min(self._end, self._first_word)
        return min(asyncio.get_running_loop().time() + seconds, latest)

    @property
    def over(self) -> bool:
        return asyncio.get_running_loop().time() >= self._end

    def has(self, seconds: float) -> bool:
        return self.within(seconds + 0.001) > asyncio.get_running_loop().time() + seconds

    def begin_paragraph(self) -> None:
        self._gap = "" if not self.shown or self._text_ended.isspace() else "\n\n"
        self._paragraph_open = False

    def show(self, text: str) -> str:
        """The text as it continues what was shown: no white space for a beginning, a gap after a call."""
        if not self._paragraph_open:
            text = text.lstrip()
            text = self._gap + text if text else ""
        if text:
            self._paragraph_open = self.shown = True
            self._text_ended = text[-1]
        return text


class Reply:
    """What came of one request so far."""

    def __init__(self, tools: Collection[str]) -> None:
        self._tools = tools
        self.begin()

    def begin(self) -> None:
        """Forgets what an earlier try brought."""
        self.whole = False
        self.calls: list[ToolCallPart] = []
        self._leaks = Leaks(self._tools)
        self._text = ""
        self._response: ModelResponse | None = None

    def read(self, text: str) -> str:
        self._text += (visible := self._leaks.feed(text))
        return visible

    def rest(self) -> str:
        self._text += (visible := self._leaks.finish())
        self._add_leaked()
        return visible

    def received(self, response: ModelResponse) -> None:
        self._response = response
        # Chat Completions always have a reason here; the newer API has none where the stream just ended.
        self.whole = self.whole and response.finish_reason is not None
        self.calls = [part for part in response.parts if isinstance(part, ToolCallPart)]
        self._add_leaked()

    def _add_leaked(self) -> None:
        self.calls += [
            # Arguments that nobody can read stay unreadable: the model is told, as with any bad call.
            ToolCallPart(call.name, call.arguments if call.arguments is not None else "?")
            for call in self._leaks.calls
        ]
        self._leaks.calls.clear()

    @property
    def finish_reason(self) -> str | None:
        return self._response.finish_reason if self._response else None

    @property
    def names_no_call(self) -> bool:
        return self.finish_reason == "tool_call" and not self._text.strip()

    def message(self) -> ModelResponse:
        """The reply as the model shall remember it: calls as calls, and no thoughts in the text."""
        if self._response is None:
            return ModelResponse(parts=[*self.calls])
        parts = self._response.parts
        if "".join(part.content for part in parts if isinstance(part, TextPart)) == self._text:
            return self._response
        others = [part for part in parts if not isinstance(part, TextPart | ToolCallPart)]
        words = [TextPart(self._text)] if self._text.strip() else []
        return ModelResponse(parts=[*others, *words, *self.calls])

    def check(self, turn: Turn) -> None:
        """Raises unless this is an ending that a reader can be left with."""
        if self.finish_reason == "length" and turn.shown:
            raise CutShort("model_failure", "the answer was longer than it may be")
        if self.finish_reason in ("length", "content_filter", "error"):
            raise ModelFailed("model_failure", f"the answer ended with {self.finish_reason}")
        if not turn.shown:
            raise ModelFailed("model_failure", "the answer was empty")
