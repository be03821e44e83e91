"""A language model behind any OpenAI-compatible server, through LlamaIndex: asked for replies of a form."""

from typing import TypeVar

from llama_index.core.prompts import PromptTemplate
from llama_index.llms.openai_like import OpenAILike
from openai import OpenAIError
from pydantic import BaseModel, ValidationError

from kb.errors import WriterError

_TOKENS_A_WORD = 1.6
_PROMPT_TOKENS = 300

Reply = TypeVar("Reply", bound=BaseModel)


class LlamaModel:
    """A model that replies in at most `reply_tokens`; `name` is what its server calls it."""

    def __init__(
        self,
        *,
        url: str,
        model: str,
        api_key: str,
        context_window: int,
        timeout: float,
        reply_tokens: int,
    ) -> None:
        self.name = model
        self.room = int((context_window - reply_tokens - _PROMPT_TOKENS) / _TOKENS_A_WORD)
        """Words that it can be given to read beside a prompt."""
        self._llm = OpenAILike(
            model=model,
            api_base=url,
            api_key=api_key or "none",
            context_window=context_window,
            max_tokens=reply_tokens,
            temperature=0.0,
            timeout=timeout,
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
