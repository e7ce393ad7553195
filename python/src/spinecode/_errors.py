"""Exceptions: one base, one class for each class of error of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spinecode._spinecode import Violation


class SpinecodeError(Exception):
    """Why there is no answer. A line that a payer denies is no error: it is part of an answer."""

    reason: ClassVar[str] = "error"
    """Class of the error, stable, the same on every face."""


class InputError(SpinecodeError, ValueError):
    """The input is at fault; `violations` names every fault at once."""

    reason: ClassVar[str] = "input"
    violations: list[Violation]
    """Every fault, in order of path."""

    def __init__(self, message: str, violations: Iterable[Violation] = ()) -> None:
        """Keep the violations beside the message."""
        super().__init__(message)
        self.violations = list(violations)


class KnowledgeError(SpinecodeError):
    """The facts could not be loaded, or are not those that were asked for."""

    reason: ClassVar[str] = "knowledge"


class UnsupportedError(SpinecodeError):
    """This engine cannot do that."""

    reason: ClassVar[str] = "unsupported"


class TransportError(SpinecodeError):
    """The remote engine could not be reached, or broke off."""

    reason: ClassVar[str] = "transport"
