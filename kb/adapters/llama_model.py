"""A language model behind any OpenAI-compatible server, through LlamaIndex: asked for replies of a form."""

import re
import time
from typing import Any, TypedDict, TypeVar, Unpack

from llama_index.core.llms import ChatMessage
from llama_index.core.prompts import PromptTemplate
from llama_index.llms.openai_like import OpenAILike
from openai import (
    APIConnectionError,
    APIStatusError,
    InternalServerError,
    OpenAIError,
    RateLimitError,
)
from pydantic import BaseModel, ValidationError

from kb.errors import CutOffError, PassingWriterError, RefusedError, TooLongError, WriterError
from kb.gists import Used
from kb.models import Passage
from kb.text import clock

_TOKENS_A_WORD = 1.6
_PROMPT_TOKENS = 300
_TRIES = 3
_PAUSE = 0.5
"""Seconds before the second try; twice as long before the third."""
_TOO_LONG = re.compile(
    r"context[_ ](?:length|size|window)|maximum context|prompt is too long|too many tokens",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"\W*(?:i['’]m (?:very )?sorry|i am sorry|sorry,|i can(?:no|['’])t\b|i (?:am|['’]m) unable)",
    re.IGNORECASE,
)

Reply = TypeVar("Reply", bound=BaseModel)


class Server(TypedDict):
    """How a model is reached; `model` is what its server calls it, `timeout` in seconds."""

    url: str
    model: str
    api_key: str
    context_window: int
    timeout: float


class LlamaModel:
    """A model that replies in at most `reply_tokens`; `used` counts its tokens so far."""

    def __init__(self, *, reply_tokens: int, **server: Unpack[Server]) -> None:
        window = server["context_window"]
        self.name = server["model"]
        self.room = int((window - reply_tokens - _PROMPT_TOKENS) / _TOKENS_A_WORD)
        """Words that it can be given to read beside a prompt."""
        self.used = Used()
        self._llm = OpenAILike(
            model=self.name,
            api_base=server["url"],
            api_key=server["api_key"] or "none",
            context_window=window,
            max_tokens=reply_tokens,
            temperature=0.0,
            timeout=server["timeout"],
            max_retries=0,  # what may be tried again is known here
            is_chat_model=True,
            should_use_structured_outputs=True,
        )

    def reply(self, form: type[Reply], prompt: str, **said: str) -> Reply:
        """Ask, and give the reply in its form. `{name}` in the prompt is where `said` goes.

        Only what may pass is tried again here, twice: no connection, no answer in time, a server
        that is busy or failed. At temperature 0 all else would come out the same.

        Raises:
            PassingWriterError: it did not pass; later it may.
            TooLongError: the prompt is too long for the model's context. Halve it.
            CutOffError: the reply was cut off at `reply_tokens`. Ask for less.
            RefusedError: the model refuses.
            WriterError: the server says no, or the model keeps to no form.
        """
        # What was heard may try to close the tags around it.
        harmless = {name: _inert(text) for name, text in said.items()}
        messages = PromptTemplate(prompt).format_messages(**harmless)
        for attempt in range(1, _TRIES):
            try:
                return self._replied(form, messages)
            except PassingWriterError:
                time.sleep(_PAUSE * attempt)
        return self._replied(form, messages)

    def _replied(self, form: type[Reply], messages: list[ChatMessage]) -> Reply:
        try:
            response = self._llm.chat(messages, response_format=_schema(form))
        except OpenAIError as error:
            raise self._unanswered(error) from error
        except (ValueError, TypeError, AttributeError) as error:
            # LlamaIndex's own, over a reply that is no chat completion.
            raise self._formless() from error
        said = str(response.message.content or "")
        self._count(messages, said, response.raw)
        try:
            return form.model_validate_json(_json_in(said))
        except ValidationError as error:
            raise self._unfit(said, response.raw.choices[0]) from error

    def _count(self, messages: list[ChatMessage], said: str, raw: Any) -> None:  # noqa: ANN401 - OpenAI's
        usage = getattr(raw, "usage", None)
        asked = " ".join(str(message.content) for message in messages)
        self.used = Used(
            self.used.prompt + (usage.prompt_tokens if usage else _reckoned(asked)),
            self.used.reply + (usage.completion_tokens if usage else _reckoned(said)),
            self.used.requests + 1,
            self.used.estimated or not usage,
        )

    def _unanswered(self, error: OpenAIError) -> WriterError:
        if isinstance(error, APIStatusError) and _TOO_LONG.search(str(error)):
            return TooLongError(
                f"What was to be read is longer than the context of the language model {self.name}",
                hint="Set SOUNDPROOF_LLM_CONTEXT_WINDOW to what its server was started with.",
            )
        passing = isinstance(error, APIConnectionError | RateLimitError | InternalServerError)
        return (PassingWriterError if passing else WriterError)(
            f"The language model {self.name} could not be reached ({error})",
            hint="Check SOUNDPROOF_LLM_URL, SOUNDPROOF_LLM_MODEL and SOUNDPROOF_LLM_API_KEY.",
        )

    def _unfit(self, said: str, choice: Any) -> WriterError:  # noqa: ANN401 - OpenAI's
        """Say why a reply is none: cut off, refused, or of no form."""
        if choice.finish_reason == "length":
            return CutOffError(
                f"The reply of the language model {self.name} was cut off",
                hint="It may repeat itself: try a larger model, or one with a larger context.",
            )
        refusal = getattr(choice.message, "refusal", None)
        if refusal or choice.finish_reason == "content_filter" or _REFUSAL.match(said):
            return RefusedError(
                f"The language model {self.name} refuses to answer", hint="Try another model."
            )
        return self._formless()

    def _formless(self) -> WriterError:
        return WriterError(
            f"The language model {self.name} did not answer in the form it was asked for",
            hint="Try a larger model.",
        )


def place(sentence: Passage) -> str:
    """Say when a sentence was said and by whom, as far as that is known."""
    at = "" if sentence.span.start is None else clock(sentence.span.start)
    return " ".join(filter(None, (at, sentence.speaker)))


def _inert(text: str) -> str:
    """Take from a text what could close the tags around it in a prompt."""
    return text.replace("<", "‹").replace(">", "›")


def _schema(form: type[BaseModel]) -> dict[str, object]:
    """Give a form as servers want it: everything is required, and nothing else may be there."""
    schema = form.model_json_schema()
    for part in (schema, *schema.get("$defs", {}).values()):
        if "properties" in part:
            part |= {"additionalProperties": False, "required": list(part["properties"])}
    name = form.__name__.strip("_")
    return {
        "type": "json_schema",
        "json_schema": {"name": name, "schema": schema, "strict": True},
    }


def _json_in(said: str) -> str:
    """Leave out what models put around an object: fences, thoughts."""
    return said[max(said.find("{"), 0) : said.rfind("}") + 1 or None]


def _reckoned(text: str) -> int:
    return int(len(text.split()) * _TOKENS_A_WORD)
