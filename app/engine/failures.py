"""What can go wrong in the engine room: a sentence for people and the element it is about."""

from __future__ import annotations

from app.i18n import Text


class EngineError(Exception):
    """An act or a definition the engine room refuses; nothing of a refused act may be saved."""

    def __init__(self, text: Text, *, code: str = "engine", element: str = "") -> None:
        """`code` is for machines, `element` the id in the diagram, empty where there is none."""
        super().__init__(f"{element}: {text}" if element else str(text))
        self.text = text
        self.code = code
        self.element = element

    def at(self, element: str) -> EngineError:
        """The same error, said about this element unless it already names one."""
        if self.element or not element:
            return self
        return type(self)(self.text, code=self.code, element=element)


class ExpressionError(EngineError):
    """An expression that is not allowed, does not parse or cannot be worked out."""


class DecisionError(EngineError):
    """A decision table that is wrong or gives no single answer."""
