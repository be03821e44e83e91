"""A language model behind any OpenAI-compatible server, through LlamaIndex: asked for replies of a form."""

from typing import TypedDict, TypeVar, Unpack

from llama_index.core.prompts import PromptTemplate
from llama_index.llms.openai_like import OpenAILike
from openai import OpenAIError
from pydantic import BaseModel, ValidationError

from kb.errors import WriterError

_TOKENS_A_WORD = 1.6
_PROMPT_TOKENS = 300

Reply = TypeVar("Reply", bound=BaseModel)


class Server(TypedDict):
    """How a model is reached; `model` is what its server calls it, `timeout` in seconds."""

    url: str
    model: str
    api_key: str
    context_window: int
    timeout: float


class LlamaModel:
    """A model that replies in at most `reply_tokens`."""

    def __init__(self, *, reply_tokens: int, **server: Unpack[Server]) -> None:
        window = server["context_window"]
        self.name = server["model"]
        self.room = int((window - reply_tokens - _PROMPT_TOKENS) / _TOKENS_A_WORD)
        """Words that it can be given to read beside a prompt."""
        self._llm = OpenAILike(
            model=self.name,
            api_base=server["url"],
            api_key=server["api_key"] or "none",
            context_window=window,
            max_tokens=reply_tokens,
            temperature=0.0,
            timeout=server["timeout"],
            max_retries=2,
            is_chat_model=True,
            should_use_structured_outputs=True,
        )

    def reply(self, form: type[Reply], prompt: PromptTemplate, **said: str) -> Reply:
        """Ask, and give the reply in its form.

        Raises:
            WriterError: the server cannot be reached, or the model keeps to no form.
        """
        try:
            reply: Reply = self._llm.structured_predict(form, prompt, **said)
        except OpenAIError as error:
            raise WriterError(
                f"The language model {self.name} could not be reached ({error})",
                hint="Check SOUNDPROOF_LLM_URL, SOUNDPROOF_LLM_MODEL and SOUNDPROOF_LLM_API_KEY.",
            ) from error
        except (ValidationError, ValueError, TypeError, AttributeError) as error:
            # The last two are LlamaIndex's own, over a reply that is no chat completion.
            raise WriterError(
                f"The language model {self.name} did not answer in the form it was asked for",
                hint="Try a larger model.",
            ) from error
        return reply
