"""Sentence: a message in every language, as readers of the API get it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, create_model

from service.messages.catalogue import SOURCE, languages
from service.messages.message import Message
from service.messages.render import render


class _InEveryLanguage(BaseModel):
    model_config = ConfigDict(frozen=True)

    @classmethod
    def of(cls, message: Message, **fields: Any) -> Self:
        """Return ``message`` in every language; ``fields`` are those that a subclass adds."""
        return cls(**{code: render(message, code) for code in languages()}, **fields)

    def in_(self, language: str) -> str:
        """Return the sentence in a language; English where there are no words in it."""
        return str(getattr(self, language if language in languages() else SOURCE))


if TYPE_CHECKING:
    Language = str

    class Sentence(_InEveryLanguage):
        """The same sentence in the languages that pages are in, a field each."""

        def __getattr__(self, language: str) -> str: ...

else:
    Language = Literal[languages()]
    Sentence = create_model(
        "Sentence",
        __base__=_InEveryLanguage,
        __module__=__name__,
        __doc__="The same sentence in the languages that pages are in.",
        **dict.fromkeys(languages(), (str, ...)),
    )
