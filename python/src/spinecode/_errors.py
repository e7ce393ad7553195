"""Exceptions: one base, one class for each class of error of the engine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spinecode._spinecode import Violation


class SpinecodeError(Exception):
    """Why there is no answer. A line that a payer denies is no error: it is part of an answer."""

    reason: ClassVar[str] = "error"
    """Class of the error, stable, the same on every face."""
    violations: list[Violation]
    """Every fault of the input, in order of path; empty where the input is not at fault."""

    def __init__(self, message: str = "", violations: Iterable[Violation] = ()) -> None:
        """Keep the violations beside the message."""
        super().__init__(message)
        self.violations = list(violations)

    def to_json(self) -> str:
        """Give the one JSON object that a batch on any face writes in the place of an answer."""
        violations = ",".join(violation.to_json() for violation in self.violations)
        message = json.dumps(str(self), ensure_ascii=False)
        return f'{{"error":{{"class":"{self.reason}","message":{message},"violations":[{violations}]}}}}'


class InputError(SpinecodeError, ValueError):
    """The input is at fault; `violations` names every fault at once."""

    reason: ClassVar[str] = "input"


class KnowledgeError(SpinecodeError):
    """The facts could not be loaded, or are not those that were asked for."""

    reason: ClassVar[str] = "knowledge"


class UnsupportedError(SpinecodeError):
    """The engine was asked for what it cannot do."""

    reason: ClassVar[str] = "unsupported"


class TransportError(SpinecodeError):
    """The remote engine could not be reached, or broke off."""

    reason: ClassVar[str] = "transport"
