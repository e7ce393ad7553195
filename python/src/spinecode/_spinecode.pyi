"""The compiled part of spinecode: cases, answers and engines."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from os import PathLike
from types import MappingProxyType
from typing import Any, Final, Literal, Self, TypeAlias, final, overload

__all__ = [
    "Adjustment",
    "Assumption",
    "Basis",
    "Case",
    "Change",
    "CitationInfo",
    "Claim",
    "ClaimChange",
    "ClaimLine",
    "CodeCoverage",
    "CodeDifference",
    "CodePair",
    "CodedCase",
    "Coding",
    "Companion",
    "Coverage",
    "Difference",
    "Drawing",
    "EditReport",
    "Engine",
    "EngineInfo",
    "Eras",
    "Evidence",
    "Explained",
    "Explanation",
    "FactInfo",
    "Finding",
    "GuidanceUse",
    "Inclusion",
    "KindInfo",
    "Knowledge",
    "LayerHolding",
    "LeadingKind",
    "LifeStretch",
    "Line",
    "LineChange",
    "LineDifference",
    "LineRef",
    "LineVerdicts",
    "LintCheck",
    "LintFinding",
    "LintReport",
    "Lookup",
    "Node",
    "NotReported",
    "Notice",
    "Procedure",
    "ProfileInfo",
    "Question",
    "Remedy",
    "Repair",
    "RoleUse",
    "RowNote",
    "RuleInfo",
    "RuleUse",
    "RuleVersion",
    "Sibling",
    "Site",
    "Step",
    "Stretch",
    "Succession",
    "TableHolding",
    "Turn",
    "UnitLimit",
    "Violation",
    "Way",
    "WhatIf",
    "WhenFact",
    "WhyNot",
    "Withheld",
    "__version__",
    "_core_seconds",
    "_reopen",
    "_restore",
    "connect",
    "kinds",
    "profiles",
]

_Date: TypeAlias = dt.date | str
_Number: TypeAlias = int | float | Decimal | str
"""A date of service: `datetime.date` (never a datetime), or text such as `2024-03-05`, which the engine judges."""

_Fact: TypeAlias = str | bool | int | Sequence[str] | None
"""A fact's value; `None` says that it is unknown, as leaving it out does."""

_Trace: TypeAlias = Literal["none", "ids", "full"]
"""How much of the evaluation an answer tells."""

__version__: Final[str]

@final
class Site:
    """Exactly one place, with its side.

    >>> from spinecode import Site
    >>> Site(joint="L4-L5", side="left")
    Site(joint='L4-L5', side='left')
    """

    __match_args__ = ("place_type", "place", "side")
    def __new__(
        cls,
        *,
        joint: str | None = None,
        interspace: str | None = None,
        foramen: str | None = None,
        vertebra: str | None = None,
        nerve: str | None = None,
        region: str | None = None,
        structure: str | None = None,
        side: str | None = None,
    ) -> Self:
        """Make a site of exactly one place."""
    @property
    def place_type(self) -> str:
        """Type of the place: `joint`, `interspace`, `foramen`, `vertebra`, `nerve`, `region` or `structure`."""

    @property
    def place(self) -> str:
        """The place, as written."""

    @property
    def side(self) -> str | None:
        """`left`, `right`, `bilateral` or `midline`."""

    @property
    def joint(self) -> str | None:
        """The place, if it is a facet joint (`L4-L5`)."""

    @property
    def interspace(self) -> str | None:
        """The place, if it is a disc space."""

    @property
    def foramen(self) -> str | None:
        """The place, if it is a foramen, named by its root."""

    @property
    def vertebra(self) -> str | None:
        """The place, if it is a vertebra."""

    @property
    def nerve(self) -> str | None:
        """The place, if it is a nerve."""

    @property
    def region(self) -> str | None:
        """The place, if it is a region."""

    @property
    def structure(self) -> str | None:
        """The place, if it is a muscle, limb joint, bursa ..."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Site:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Site:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Procedure:
    """One act of a kind.

    `kinds()` lists the kinds and the facts each allows. `levels` and `nerves` with `side` are a short form of `sites`.
    """

    __match_args__ = (
        "kind",
        "levels",
        "nerves",
        "sites",
        "side",
        "id",
        "performed_by",
        "encounter",
        "distinct_from",
        "facts",
    )
    def __new__(
        cls,
        kind: str,
        *,
        levels: Sequence[str] = (),
        nerves: Sequence[str] = (),
        sites: Sequence[Site | Mapping[str, Any]] = (),
        side: str | None = None,
        id: str | None = None,
        performed_by: str | None = None,
        encounter: str | None = None,
        distinct_from: Sequence[str] = (),
        **facts: _Fact,
    ) -> Self:
        """Make a procedure; the facts of its kind are further keywords. A fact left out is unknown, not absent."""
    @property
    def kind(self) -> str:
        """Kind, from the published list."""

    @property
    def levels(self) -> tuple[str, ...]:
        """Short form: places of the kind's usual type, all with `side`."""

    @property
    def nerves(self) -> tuple[str, ...]:
        """Short form: nerves, all with `side`."""

    @property
    def sites(self) -> tuple[Site, ...]:
        """Places, each with its own side."""

    @property
    def side(self) -> str | None:
        """Side of the short forms, or of a procedure without places."""

    @property
    def id(self) -> str | None:
        """Your id; the position of the procedure when absent."""

    @property
    def performed_by(self) -> str | None:
        """Who did it."""

    @property
    def encounter(self) -> str | None:
        """Which meeting of patient and clinician."""

    @property
    def distinct_from(self) -> tuple[str, ...]:
        """Ids of procedures that this one is documented as distinct from."""

    @property
    def facts(self) -> MappingProxyType[str, str | bool | int | tuple[str, ...]]:
        """All other facts, by name; read only."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Procedure:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Procedure:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Case:
    """What was done for one patient on one date.

    >>> from spinecode import Case, Procedure
    >>> case = Case("2024-03-05", [Procedure("lumbar_puncture", guidance="none")], place_of_service="22")
    >>> case.date_of_service
    datetime.date(2024, 3, 5)
    >>> Case.from_dict(case.to_dict()) == case
    True
    """

    __match_args__ = (
        "date_of_service",
        "procedures",
        "place_of_service",
        "setting",
        "payer",
        "state",
        "diagnoses",
        "case_id",
    )
    def __new__(
        cls,
        date_of_service: _Date,
        procedures: Sequence[Procedure | Mapping[str, Any]],
        place_of_service: str | None = None,
        setting: str | None = None,
        payer: str | None = None,
        state: str | None = None,
        diagnoses: Sequence[str] = (),
        case_id: str | None = None,
    ) -> Self:
        """Make a case. It is judged when it is coded, so that every violation is told at once."""
    @property
    def date_of_service(self) -> dt.date | str:
        """Date of service; text that is no ISO date stays as it was written."""

    @property
    def procedures(self) -> tuple[Procedure, ...]:
        """What was done."""

    @property
    def place_of_service(self) -> str | None:
        """Two-digit place of service code."""

    @property
    def setting(self) -> str | None:
        """`professional`, `asc_facility`, `outpatient_hospital` or `undetermined`."""

    @property
    def payer(self) -> str | None:
        """The payer's name; a map gives its profile."""

    @property
    def state(self) -> str | None:
        """Two-letter state."""

    @property
    def diagnoses(self) -> tuple[str, ...]:
        """ICD-10-CM codes; carried, not judged."""

    @property
    def case_id(self) -> str | None:
        """Your own id, echoed in the answer."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Case:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Case:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class ClaimLine:
    """One line of a claim, as written; the engine judges it.

    >>> from spinecode import ClaimLine
    >>> str(ClaimLine("64493", "2024-03-05", ["50"]))
    '64493-50'
    """

    __match_args__ = (
        "code",
        "date_of_service",
        "modifiers",
        "units",
        "line_number",
        "place_of_service",
        "diagnosis_pointers",
        "charge",
        "status",
    )
    def __new__(
        cls,
        code: str,
        date_of_service: _Date,
        modifiers: Sequence[str] = (),
        units: _Number | None = None,
        *,
        line_number: int | str | None = None,
        place_of_service: str | None = None,
        diagnosis_pointers: Sequence[int | str] = (),
        charge: _Number | None = None,
        status: str | None = None,
    ) -> Self:
        """Make a line; its number is its position, and its units are one, where they are not given."""
    @property
    def line_number(self) -> str | None:
        """Its number on the claim."""

    @property
    def code(self) -> str:
        """Procedure code."""

    @property
    def modifiers(self) -> tuple[str, ...]:
        """Modifiers in their order."""

    @property
    def units(self) -> str | None:
        """Units, as written."""

    @property
    def date_of_service(self) -> dt.date | str:
        """Date of service; text that is no ISO date stays as it was written."""

    @property
    def place_of_service(self) -> str | None:
        """Two-digit place of service."""

    @property
    def diagnosis_pointers(self) -> tuple[str, ...]:
        """Positions of its diagnoses, from 1, as written."""

    @property
    def charge(self) -> str | None:
        """Charge in dollars, as written."""

    @property
    def status(self) -> str | None:
        """`paid`, `pending`, `denied`, `reversed` or `void`."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> ClaimLine:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> ClaimLine:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Claim:
    """A claim, as written; the engine judges it. Names follow the 837 and the Tuva Project's `medical_claim`.

    >>> from spinecode import Claim, ClaimLine
    >>> claim = Claim([ClaimLine("64493", "2024-03-05", ["50"])], payer="Medicare", diagnoses=["M47.816"])
    >>> claim.lines[0].modifiers
    ('50',)
    """

    __match_args__ = (
        "lines",
        "claim_id",
        "person_id",
        "payer",
        "state",
        "claim_type",
        "place_of_service",
        "rendering_npi",
        "billing_npi",
        "diagnoses",
        "history",
        "case",
    )
    def __new__(
        cls,
        lines: Sequence[ClaimLine | Mapping[str, Any]],
        *,
        claim_id: str | None = None,
        person_id: str | None = None,
        payer: str | None = None,
        plan: str | None = None,
        state: str | None = None,
        claim_type: str | None = None,
        bill_type_code: str | None = None,
        place_of_service: str | None = None,
        rendering_npi: str | None = None,
        billing_npi: str | None = None,
        group_id: str | None = None,
        specialty: str | None = None,
        frequency_code: str | None = None,
        received_date: _Date | None = None,
        patient_age: int | str | None = None,
        diagnoses: Sequence[str] = (),
        history: Sequence[ClaimLine | Mapping[str, Any]] | None = None,
        case: Case | Mapping[str, Any] | str | bytes | None = None,
    ) -> Self:
        """Make a claim; without `history`, what hangs on earlier services is not checked."""
    @property
    def lines(self) -> tuple[ClaimLine, ...]:
        """Its lines."""

    @property
    def claim_id(self) -> str | None:
        """Your own id, echoed in the report."""

    @property
    def person_id(self) -> str | None:
        """Whose claim it is; claims of one person are judged together by billing day."""

    @property
    def payer(self) -> str | None:
        """The payer's name."""

    @property
    def plan(self) -> str | None:
        """The payer's plan."""

    @property
    def state(self) -> str | None:
        """Two-letter state."""

    @property
    def claim_type(self) -> str | None:
        """`professional` or `institutional`."""

    @property
    def bill_type_code(self) -> str | None:
        """Type of bill of an institutional claim."""

    @property
    def place_of_service(self) -> str | None:
        """Two-digit place of service of lines that say none."""

    @property
    def rendering_npi(self) -> str | None:
        """Who did the work."""

    @property
    def billing_npi(self) -> str | None:
        """Who bills."""

    @property
    def group_id(self) -> str | None:
        """Group practice."""

    @property
    def specialty(self) -> str | None:
        """Medicare specialty code."""

    @property
    def frequency_code(self) -> str | None:
        """1 original, 7 replacement, 8 void."""

    @property
    def received_date(self) -> dt.date | str | None:
        """When the payer received it."""

    @property
    def patient_age(self) -> str | None:
        """Age in years, as written."""

    @property
    def diagnoses(self) -> tuple[str, ...]:
        """ICD-10-CM codes, in the order of the claim."""

    @property
    def history(self) -> tuple[ClaimLine, ...] | None:
        """Earlier lines of the same person; `None`: not given, which is not the same as none."""

    @property
    def case(self) -> Case | None:
        """What was documented."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Claim:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Claim:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class CodedCase:
    """The answer of `code`."""

    __match_args__ = (
        "status",
        "reported",
        "billed",
        "withheld",
        "not_reported",
        "questions",
        "codings",
        "notices",
        "knowledge",
        "explanation",
        "date_of_service",
        "case_id",
    )
    @property
    def status(self) -> Literal["coded", "needs_facts", "out_of_scope"]:
        """Whether the case could be coded: `coded`, `needs_facts` or `out_of_scope`."""

    @property
    def reported(self) -> tuple[Line, ...]:
        """The code-set answer, the same under every profile."""

    @property
    def billed(self) -> tuple[Line, ...]:
        """What the profile sends."""

    @property
    def withheld(self) -> tuple[Withheld, ...]:
        """Reported, but kept off the claim by a payer's table."""

    @property
    def not_reported(self) -> tuple[NotReported, ...]:
        """Services without a line of their own, and why."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """At most three, the most informative first."""

    @property
    def codings(self) -> tuple[Coding, ...]:
        """At most 24 codings that remain possible."""

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Doubts, limits, advice."""

    @property
    def knowledge(self) -> Knowledge:
        """What the answer rests on."""

    @property
    def explanation(self) -> Explanation | None:
        """The trace, as far as asked for."""

    @property
    def date_of_service(self) -> dt.date:
        """Date of service."""

    @property
    def case_id(self) -> str | None:
        """The caller's id."""

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON without the explanation, in hexadecimal."""

    def to_frame(self, library: str | None = None) -> Any:
        """Give every line as a row of a frame, in `polars` or `pandas`; see `spinecode.to_frame`."""

    def svg(self) -> str:
        """Draw the spine with what was done, as SVG.

        An answer remembers its case for this; one read from JSON or unpickled has none, and raises `UnsupportedError`:
        `Engine.draw` draws a case.
        """

    def _repr_html_(self) -> str: ...
    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> CodedCase:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the canonical JSON: the same bytes on every face."""

    @staticmethod
    def from_json(text: str) -> CodedCase:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Drawing:
    """The spine with what was done, seen from behind: the patient's left is on the left. A notebook shows it.

    >>> from spinecode import Engine
    >>> case = {"date_of_service": "2024-03-05", "procedures": [{"kind": "vertebroplasty", "levels": ["T12", "L1"]}]}
    >>> Engine().draw(case).svg[:4]
    '<svg'
    """

    __match_args__ = ("svg",)
    def __new__(cls, svg: str) -> Self:
        """Hold an SVG document."""
    @property
    def svg(self) -> str:
        """The SVG document, one line; it also stands inside HTML."""

    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Line:
    """One line of an answer; `str(line)` is how a claim writes it."""

    __match_args__ = (
        "code",
        "units",
        "modifiers",
        "side",
        "procedures",
        "sites",
        "performed_by",
        "label",
        "rule",
        "confidence",
        "verified_through",
    )
    @property
    def code(self) -> str:
        """Procedure code."""

    @property
    def units(self) -> int:
        """Whole units."""

    @property
    def modifiers(self) -> tuple[str, ...]:
        """Modifiers in the payer's order; in `reported` only those that assert what was done."""

    @property
    def side(self) -> str | None:
        """Side, for a one-sided code, in `reported`."""

    @property
    def procedures(self) -> tuple[str, ...]:
        """Ids of the procedures that the line reports, in the case's order."""

    @property
    def sites(self) -> tuple[str, ...]:
        """Sites that the line reports, such as `L4-L5 left`."""

    @property
    def performed_by(self) -> str | None:
        """Who performed it, where the case says."""

    @property
    def label(self) -> str:
        """Our own short label of the code."""

    @property
    def rule(self) -> str:
        """The rule that decided the line."""

    @property
    def confidence(self) -> str:
        """How sure the facts behind the line are: `high`, `medium` or `low`."""

    @property
    def verified_through(self) -> dt.date | None:
        """Last day on which the facts behind the line were verified."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Line:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Line:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Withheld:
    """A reported line, or units of it, that a payer's table keeps off the claim."""

    __match_args__ = ("line", "layer", "rule", "reason", "args", "row")
    @property
    def line(self) -> Line:
        """The line as it would have been billed, with the units kept off."""

    @property
    def layer(self) -> str:
        """Layer: `ptp`, `mue` or `add_on_table`."""

    @property
    def rule(self) -> str:
        """Rule that keeps it off."""

    @property
    def reason(self) -> str:
        """Published reason."""

    @property
    def args(self) -> MappingProxyType[str, str]:
        """Arguments of the reason; read only."""

    @property
    def row(self) -> str:
        """The row of the facts."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Withheld:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Withheld:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class NotReported:
    """A service done or expected that has no line of its own."""

    __match_args__ = ("code", "reason", "rule", "procedures", "args")
    @property
    def code(self) -> str:
        """The code one might have used."""

    @property
    def reason(self) -> str:
        """Published reason."""

    @property
    def rule(self) -> str:
        """Rule that decided."""

    @property
    def procedures(self) -> tuple[str, ...]:
        """Ids of the procedures concerned."""

    @property
    def args(self) -> MappingProxyType[str, str]:
        """Arguments of the reason; read only."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> NotReported:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> NotReported:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Question:
    """A fact to be asked."""

    __match_args__ = ("path", "procedure", "fact", "text", "values")
    @property
    def path(self) -> str:
        """Path of the fact in the case, such as `procedures[0].guidance`."""

    @property
    def procedure(self) -> str:
        """Id of the procedure."""

    @property
    def fact(self) -> str:
        """The fact."""

    @property
    def text(self) -> str:
        """The question for a person."""

    @property
    def values(self) -> tuple[str, ...]:
        """The values it may take."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Question:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Question:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Assumption:
    """One answer to the questions, assumed."""

    __match_args__ = ("path", "value")
    @property
    def path(self) -> str:
        """Path of the fact."""

    @property
    def value(self) -> str:
        """Its value."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Assumption:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Assumption:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Coding:
    """A coding that remains possible."""

    __match_args__ = ("assuming", "reported", "billed")
    @property
    def assuming(self) -> tuple[Assumption, ...]:
        """Under these answers."""

    @property
    def reported(self) -> tuple[Line, ...]:
        """The code-set answer."""

    @property
    def billed(self) -> tuple[Line, ...]:
        """What the profile sends."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Coding:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Coding:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Notice:
    """A doubt, a limit of the knowledge, or advice."""

    __match_args__ = ("reason", "subject", "args")
    @property
    def reason(self) -> str:
        """Published reason."""

    @property
    def subject(self) -> str | None:
        """What it is about: a code, a path, a conflict."""

    @property
    def args(self) -> MappingProxyType[str, str]:
        """Arguments of the reason; read only."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Notice:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Notice:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Knowledge:
    """What an answer rests on."""

    __match_args__ = ("engine", "facts", "release", "profile", "profile_hash", "overlay", "as_of")
    @property
    def engine(self) -> str:
        """Engine version."""

    @property
    def facts(self) -> str:
        """Hash of the built-in facts."""

    @property
    def release(self) -> str | None:
        """Release id, where one was loaded."""

    @property
    def profile(self) -> str:
        """Profile name."""

    @property
    def profile_hash(self) -> str:
        """Hash of the profile."""

    @property
    def overlay(self) -> str | None:
        """Hash of the user's own facts, where given."""

    @property
    def as_of(self) -> dt.date | None:
        """Only what had been published by this day."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Knowledge:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Knowledge:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Explanation:
    """The trace carried by an answer."""

    __match_args__ = ("level", "rules", "rows", "citations", "steps")
    @property
    def level(self) -> _Trace:
        """How much is told."""

    @property
    def rules(self) -> tuple[str, ...]:
        """Rules that decided, as `ID/version`, sorted."""

    @property
    def rows(self) -> tuple[str, ...]:
        """Rows of the facts that applied, sorted."""

    @property
    def citations(self) -> tuple[str, ...]:
        """Citations of those rows and rules, sorted."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step, at level `full`."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Explanation:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Explanation:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Step:
    """One step of an evaluation."""

    __match_args__ = ("step", "rule", "subject", "row", "result")
    @property
    def step(self) -> str:
        """Which of the closed set."""

    @property
    def rule(self) -> str | None:
        """The rule that took it."""

    @property
    def subject(self) -> str | None:
        """What it is about: a path of the case, a code, a site."""

    @property
    def row(self) -> str | None:
        """The row of the facts it rests on."""

    @property
    def result(self) -> str | None:
        """What came of it."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Step:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Step:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Violation:
    """One fault of an input; `str(violation)` is one sentence for a person."""

    __match_args__ = ("path", "reason", "value", "expected", "suggestion")
    @property
    def path(self) -> str:
        """JSON path of the field, such as `procedures[0].levels[1]`."""

    @property
    def reason(self) -> str:
        """Why, from the published list."""

    @property
    def value(self) -> str | None:
        """The value, where it is coded vocabulary, cut at 32 characters."""

    @property
    def expected(self) -> str:
        """What would be right."""

    @property
    def suggestion(self) -> str | None:
        """The near name, where there is one."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Violation:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Violation:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class KindInfo:
    """One published kind of procedure."""

    __match_args__ = ("kind", "label", "family", "sites", "facts")
    @property
    def kind(self) -> str:
        """Name."""

    @property
    def label(self) -> str:
        """Our own short label."""

    @property
    def family(self) -> str | None:
        """Family that codes it; absent while the kind is known but not coded."""

    @property
    def sites(self) -> tuple[str, ...]:
        """Site types it may be done at."""

    @property
    def facts(self) -> tuple[FactInfo, ...]:
        """Facts it allows."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> KindInfo:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> KindInfo:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class FactInfo:
    """One fact a kind allows."""

    __match_args__ = ("fact", "value_type", "values", "question")
    @property
    def fact(self) -> str:
        """Name."""

    @property
    def value_type(self) -> str:
        """`word`, `words`, `flag` or `number`."""

    @property
    def values(self) -> tuple[str, ...]:
        """Values, for words."""

    @property
    def question(self) -> str:
        """The question asked when it is unknown."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> FactInfo:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> FactInfo:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class RuleInfo:
    """A rule, with its versions and sources."""

    __match_args__ = ("id", "name", "family", "layer", "versions")
    @property
    def id(self) -> str:
        """Id, never reused."""

    @property
    def name(self) -> str:
        """Name of the fault or decision."""

    @property
    def family(self) -> str:
        """Family, or `all`."""

    @property
    def layer(self) -> str:
        """Layer."""

    @property
    def versions(self) -> tuple[RuleVersion, ...]:
        """Versions, oldest first."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> RuleInfo:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> RuleInfo:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class RuleVersion:
    """One version of a rule."""

    __match_args__ = ("version", "first_day", "last_day", "what", "confidence", "citations")
    @property
    def version(self) -> int:
        """Version, from 1."""

    @property
    def first_day(self) -> dt.date | None:
        """First day in force (`from` in JSON), or None: before the facts begin."""

    @property
    def last_day(self) -> dt.date | None:
        """Last day in force, or None: not known to have ended."""

    @property
    def what(self) -> str:
        """What this version does."""

    @property
    def confidence(self) -> str:
        """`high`, `medium` or `low`."""

    @property
    def citations(self) -> tuple[CitationInfo, ...]:
        """Citations."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> RuleVersion:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> RuleVersion:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class CitationInfo:
    """A source."""

    __match_args__ = ("id", "title", "link", "authority_from", "authority_to")
    @property
    def id(self) -> str:
        """Key."""

    @property
    def title(self) -> str:
        """Title."""

    @property
    def link(self) -> str:
        """Where."""

    @property
    def authority_from(self) -> dt.date | None:
        """First date of service for which it is authority."""

    @property
    def authority_to(self) -> dt.date | None:
        """Last such date."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> CitationInfo:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> CitationInfo:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class ProfileInfo:
    """A payer profile."""

    __match_args__ = ("name", "hash", "label", "layers")
    @property
    def name(self) -> str:
        """Name."""

    @property
    def hash(self) -> str:
        """Hash."""

    @property
    def label(self) -> str:
        """Label."""

    @property
    def layers(self) -> tuple[str, ...]:
        """Layers it names."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> ProfileInfo:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> ProfileInfo:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Explained:
    """The whole explanation of one answer; `str` gives the tree as text."""

    __match_args__ = ("tree", "coded")
    @property
    def tree(self) -> tuple[Node, ...]:
        """What was decided, and under each decision what it rests on."""

    @property
    def coded(self) -> CodedCase:
        """The answer, with every step."""

    def to_frame(self, library: str | None = None) -> Any:
        """Give every statement of the tree as a row, with its depth, in `polars` or `pandas`."""

    def _repr_html_(self) -> str: ...
    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Explained:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the canonical JSON: the same bytes on every face."""

    @staticmethod
    def from_json(text: str) -> Explained:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Node:
    """One statement of an explanation, and those that it rests on."""

    __match_args__ = (
        "what",
        "subject",
        "result",
        "rule",
        "row",
        "first_day",
        "last_day",
        "confidence",
        "citations",
        "children",
    )
    @property
    def what(self) -> str:
        """`line`, `withheld`, `not_reported`, `question`, `notice`, `rule`, `steps` or a kind of step."""

    @property
    def subject(self) -> str:
        """What it is about."""

    @property
    def result(self) -> str | None:
        """What came of it."""

    @property
    def rule(self) -> str | None:
        """The rule that decided."""

    @property
    def row(self) -> str | None:
        """The row of the facts it rests on."""

    @property
    def first_day(self) -> dt.date | None:
        """First day of service of that row; none: before the facts begin."""

    @property
    def last_day(self) -> dt.date | None:
        """Last day of service of that row; none: not known to have ended."""

    @property
    def confidence(self) -> str | None:
        """How sure that row is."""

    @property
    def citations(self) -> tuple[str, ...]:
        """Where that row was read."""

    @property
    def children(self) -> tuple[Node, ...]:
        """What it rests on."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Node:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Node:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Change:
    """One change of a case, as it was applied."""

    __match_args__ = ("path", "value")
    @property
    def path(self) -> str:
        """Path of the fact."""

    @property
    def value(self) -> str:
        """The value it was given; empty: it was taken away."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Change:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Change:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class WhyNot:
    """Why a code is not in an answer; `str` says it in words."""

    __match_args__ = (
        "code",
        "reason",
        "subject",
        "args",
        "rule",
        "row",
        "citations",
        "lines",
        "changes",
        "label",
        "date_of_service",
        "case_id",
    )
    @property
    def code(self) -> str:
        """The code asked about."""

    @property
    def reason(self) -> str:
        """The first condition that fails: a published reason."""

    @property
    def subject(self) -> str | None:
        """What it is about: a path of the case, a code."""

    @property
    def args(self) -> MappingProxyType[str, str]:
        """Arguments of the reason; read only."""

    @property
    def rule(self) -> str | None:
        """The rule that decided."""

    @property
    def row(self) -> str | None:
        """The row of the facts it rests on."""

    @property
    def citations(self) -> tuple[str, ...]:
        """Where that row was read."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines that do report it, where they do."""

    @property
    def changes(self) -> tuple[Remedy, ...]:
        """Single changes that would put it into the answer, the smallest first."""

    @property
    def label(self) -> str | None:
        """Our own short label of the code, where it is known."""

    @property
    def date_of_service(self) -> dt.date:
        """Date of service."""

    @property
    def case_id(self) -> str | None:
        """The caller's id of the case."""

    @property
    def knowledge(self) -> Knowledge:
        """What the answer rests on."""

    def to_frame(self, library: str | None = None) -> Any:
        """Give every change as a row, in `polars` or `pandas`."""

    def _repr_html_(self) -> str: ...
    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> WhyNot:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the canonical JSON: the same bytes on every face."""

    @staticmethod
    def from_json(text: str) -> WhyNot:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Remedy:
    """A single change that would put a code into the answer."""

    __match_args__ = ("change", "billed")
    @property
    def change(self) -> Change:
        """The change."""

    @property
    def billed(self) -> tuple[Line, ...]:
        """What would then be billed."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Remedy:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Remedy:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class WhatIf:
    """An answer before and after changes; `str` gives the difference as text."""

    __match_args__ = ("changes", "difference", "before", "after")
    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes, in the order given."""

    @property
    def difference(self) -> Difference:
        """What differs."""

    @property
    def before(self) -> CodedCase:
        """The answer as it stands."""

    @property
    def after(self) -> CodedCase:
        """The answer with the changes."""

    def to_frame(self, library: str | None = None) -> Any:
        """Give every line of both answers as a row, in `polars` or `pandas`."""

    def _repr_html_(self) -> str: ...
    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> WhatIf:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the canonical JSON: the same bytes on every face."""

    @staticmethod
    def from_json(text: str) -> WhatIf:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Difference:
    """What differs between two answers."""

    __match_args__ = (
        "status_before",
        "status_after",
        "reported",
        "billed",
        "withheld_gone",
        "withheld_new",
        "not_reported_gone",
        "not_reported_new",
        "questions_gone",
        "questions_new",
        "notices_gone",
        "notices_new",
    )
    @property
    def status_before(self) -> str:
        """Status of the first."""

    @property
    def status_after(self) -> str:
        """Status of the second."""

    @property
    def reported(self) -> LineDifference:
        """In the code-set answer."""

    @property
    def billed(self) -> LineDifference:
        """In what the profile sends."""

    @property
    def withheld_gone(self) -> tuple[Withheld, ...]:
        """Kept off the claim no longer."""

    @property
    def withheld_new(self) -> tuple[Withheld, ...]:
        """Newly kept off the claim."""

    @property
    def not_reported_gone(self) -> tuple[NotReported, ...]:
        """Services no longer without a line."""

    @property
    def not_reported_new(self) -> tuple[NotReported, ...]:
        """Services newly without a line."""

    @property
    def questions_gone(self) -> tuple[Question, ...]:
        """Questions that are settled."""

    @property
    def questions_new(self) -> tuple[Question, ...]:
        """New questions."""

    @property
    def notices_gone(self) -> tuple[Notice, ...]:
        """Notices that are gone."""

    @property
    def notices_new(self) -> tuple[Notice, ...]:
        """New notices."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Difference:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Difference:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class LineDifference:
    """What differs between two lists of lines."""

    __match_args__ = ("gone", "new", "changed")
    @property
    def gone(self) -> tuple[Line, ...]:
        """Lines that are gone."""

    @property
    def new(self) -> tuple[Line, ...]:
        """Lines that are new."""

    @property
    def changed(self) -> tuple[LineChange, ...]:
        """Lines of one code whose units, modifiers, side or sites changed."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> LineDifference:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> LineDifference:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class LineChange:
    """A line that stayed with another writing."""

    __match_args__ = ("before", "after")
    @property
    def before(self) -> Line:
        """As it was."""

    @property
    def after(self) -> Line:
        """As it is."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> LineChange:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> LineChange:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Eras:
    """One case over all eras of the facts; `str` gives it as text."""

    __match_args__ = ("stretches", "turns", "knowledge", "case_id")
    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The stretches of dates in which the answer stays the same, oldest first."""

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What changed between one stretch and the next, and why."""

    @property
    def knowledge(self) -> Knowledge:
        """What the answers rest on."""

    @property
    def case_id(self) -> str | None:
        """The caller's id of the case."""

    def to_frame(self, library: str | None = None) -> Any:
        """Give every line of every stretch as a row, in `polars` or `pandas`."""

    def _repr_html_(self) -> str: ...
    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Eras:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the canonical JSON: the same bytes on every face."""

    @staticmethod
    def from_json(text: str) -> Eras:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Stretch:
    """Dates of service on which the answer is the same."""

    __match_args__ = (
        "first_day",
        "last_day",
        "status",
        "reported",
        "billed",
        "withheld",
        "not_reported",
        "questions",
        "notices",
    )
    @property
    def first_day(self) -> dt.date:
        """First day."""

    @property
    def last_day(self) -> dt.date | None:
        """Last day; none: not known to end."""

    @property
    def status(self) -> str:
        """`coded`, `needs_facts` or `out_of_scope`."""

    @property
    def reported(self) -> tuple[Line, ...]:
        """The code-set answer."""

    @property
    def billed(self) -> tuple[Line, ...]:
        """What the profile sends."""

    @property
    def withheld(self) -> tuple[Withheld, ...]:
        """Kept off the claim."""

    @property
    def not_reported(self) -> tuple[NotReported, ...]:
        """Services without a line of their own."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """What would be asked."""

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Doubts, limits, advice, as on the first day."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Stretch:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Stretch:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Turn:
    """What changed on a day, and why."""

    __match_args__ = ("on", "difference", "ended", "began")
    @property
    def on(self) -> dt.date:
        """First day of the later stretch."""

    @property
    def difference(self) -> Difference:
        """What differs."""

    @property
    def ended(self) -> tuple[RowNote, ...]:
        """Rows behind the earlier answer that ended."""

    @property
    def began(self) -> tuple[RowNote, ...]:
        """Rows behind the later answer that began."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Turn:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Turn:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class RowNote:
    """A row of the facts and where it was read."""

    __match_args__ = ("row", "citations")
    @property
    def row(self) -> str:
        """The row."""

    @property
    def citations(self) -> tuple[str, ...]:
        """Its citations."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> RowNote:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> RowNote:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class EngineInfo:
    """What an engine is and rests on."""

    __match_args__ = (
        "engine",
        "facts",
        "release",
        "overlay",
        "coverage_from",
        "profiles",
        "kinds",
        "rules",
        "layers",
        "violation_reasons",
        "notice_reasons",
        "exclusion_reasons",
    )
    @property
    def engine(self) -> str:
        """Engine version."""

    @property
    def facts(self) -> str:
        """Hash of the built-in facts."""

    @property
    def release(self) -> str | None:
        """Release id, where one is loaded."""

    @property
    def overlay(self) -> str | None:
        """Hash of the user's own facts."""

    @property
    def coverage_from(self) -> dt.date | None:
        """First date of service covered."""

    @property
    def profiles(self) -> tuple[ProfileInfo, ...]:
        """Payer profiles."""

    @property
    def kinds(self) -> tuple[KindInfo, ...]:
        """Kinds of procedures."""

    @property
    def rules(self) -> tuple[str, ...]:
        """Rule ids."""

    @property
    def layers(self) -> tuple[str, ...]:
        """Layers."""

    @property
    def violation_reasons(self) -> tuple[str, ...]:
        """Reasons of violations."""

    @property
    def notice_reasons(self) -> tuple[str, ...]:
        """Reasons of notices."""

    @property
    def exclusion_reasons(self) -> tuple[str, ...]:
        """Reasons of services not reported and lines withheld."""

    @property
    def why_not_reasons(self) -> tuple[str, ...]:
        """Reasons why a code is not in an answer, beside those."""

    @property
    def edit_layers(self) -> tuple[str, ...]:
        """Layers of an edit report, in their order."""

    @property
    def verdicts(self) -> tuple[str, ...]:
        """Verdicts, the gravest last."""

    @property
    def severities(self) -> tuple[str, ...]:
        """Severities of findings, the gravest last."""

    @property
    def unchecked_reasons(self) -> tuple[str, ...]:
        """Reasons why something was not checked."""

    @property
    def finding_rules(self) -> tuple[str, ...]:
        """Rules that findings may name."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> EngineInfo:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> EngineInfo:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Evidence:
    """How a fact is verified."""

    __match_args__ = (
        "row",
        "first_day",
        "last_day",
        "known_from",
        "verified_through",
        "confidence",
        "citations",
        "past_verification",
    )
    @property
    def row(self) -> str:
        """Row of the facts."""

    @property
    def first_day(self) -> dt.date | None:
        """First day it holds for. Absent: before the facts begin."""

    @property
    def last_day(self) -> dt.date | None:
        """Last day it holds for. Absent: not known to have ended."""

    @property
    def known_from(self) -> dt.date | None:
        """When it was published, where that was later than its first day."""

    @property
    def verified_through(self) -> dt.date | None:
        """Last day on which it was verified. Absent: it is a reading of the sources that has no such day."""

    @property
    def confidence(self) -> str:
        """How sure it is: `high`, `medium` or `low`."""

    @property
    def citations(self) -> tuple[str, ...]:
        """Keys of its sources."""

    @property
    def past_verification(self) -> bool:
        """The date asked for lies after the last day on which it was verified."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Evidence:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Evidence:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class WhenFact:
    """A fact of the case and the values of it that lead there."""

    __match_args__ = ("fact", "values")
    @property
    def fact(self) -> str:
        """The fact, or the name of a disagreement between sources: then the values are positions in it."""

    @property
    def values(self) -> tuple[str, ...]:
        """One of these."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> WhenFact:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> WhenFact:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class LifeStretch:
    """One stretch of a code's life."""

    __match_args__ = ("label", "valid", "laterality", "add_on", "split", "evidence")
    @property
    def label(self) -> str:
        """Our own short label in this stretch."""

    @property
    def valid(self) -> bool:
        """A code in this stretch; false for a misprint that never was one."""

    @property
    def laterality(self) -> str:
        """Sides: `unilateral`, `bilateral_inherent` or `not_lateral`."""

    @property
    def add_on(self) -> bool:
        """An add-on code in this stretch."""

    @property
    def split(self) -> bool:
        """Professional and technical parts are billed apart."""

    @property
    def evidence(self) -> Evidence:
        """How it is verified."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> LifeStretch:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> LifeStretch:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class LeadingKind:
    """A kind of procedure that leads to the code."""

    __match_args__ = ("kind", "label", "family", "synonyms")
    @property
    def kind(self) -> str:
        """Name."""

    @property
    def label(self) -> str:
        """Our own short label."""

    @property
    def family(self) -> str:
        """Family that codes it."""

    @property
    def synonyms(self) -> tuple[str, ...]:
        """Other words for it."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> LeadingKind:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> LeadingKind:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class RoleUse:
    """The part a code plays in a family."""

    __match_args__ = (
        "family",
        "code_set",
        "region",
        "role",
        "nth_from",
        "nth_to",
        "cap",
        "unit",
        "ways",
        "in_force",
        "evidence",
    )
    @property
    def family(self) -> str:
        """Family."""

    @property
    def code_set(self) -> str:
        """Code set of the family; for separate guidance, the code set it stands beside."""

    @property
    def region(self) -> str | None:
        """Code region. Absent: any."""

    @property
    def role(self) -> str:
        """`first`, `second`, `third_plus`, `additional` ..., or `guidance` for separate guidance."""

    @property
    def nth_from(self) -> int:
        """First level, in order of counting, that it covers."""

    @property
    def nth_to(self) -> int | None:
        """Last such level. Absent: and beyond."""

    @property
    def cap(self) -> int | None:
        """Most units a side a session. Absent: no cap."""

    @property
    def unit(self) -> str:
        """What one unit counts."""

    @property
    def ways(self) -> tuple[Way, ...]:
        """Facts that lead to it; each list is one way."""

    @property
    def in_force(self) -> bool:
        """Whether it plays this part on the date asked for."""

    @property
    def evidence(self) -> Evidence:
        """How it is verified."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> RoleUse:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> RoleUse:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Way:
    """One way to a code set: all of these facts together."""

    __match_args__ = ("when",)
    @property
    def when(self) -> tuple[WhenFact, ...]:
        """The facts; none: nothing more is needed."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Way:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Way:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Companion:
    """A code that stands beside this one, on the date asked for."""

    __match_args__ = ("code", "label", "relation", "layer", "evidence")
    @property
    def code(self) -> str:
        """The other code."""

    @property
    def label(self) -> str:
        """Its label."""

    @property
    def relation(self) -> str:
        """What the other is to this one: `primary` or `add_on`."""

    @property
    def layer(self) -> str:
        """Who says so: `code_set` or `add_on_table`."""

    @property
    def evidence(self) -> Evidence:
        """How it is verified."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Companion:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Companion:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class GuidanceUse:
    """What guidance does, on the date asked for."""

    __match_args__ = ("service", "guidance", "effect", "codes", "unit", "code_set", "evidence")
    @property
    def service(self) -> str:
        """Service it guides: a family, or a part of one."""

    @property
    def guidance(self) -> str | None:
        """`none`, `fluoroscopy`, `ct`, `ultrasound`, `mr`. Absent: whatever it was."""

    @property
    def effect(self) -> str:
        """`included`, `separate`, or `no_code` where the facts name none."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The guidance codes concerned."""

    @property
    def unit(self) -> str | None:
        """What one unit of separate guidance counts."""

    @property
    def code_set(self) -> str:
        """The code set it leads to."""

    @property
    def evidence(self) -> Evidence:
        """How it is verified."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> GuidanceUse:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> GuidanceUse:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Inclusion:
    """One family taking in another, on the date asked for."""

    __match_args__ = ("family", "includes", "scope", "rule", "evidence")
    @property
    def family(self) -> str:
        """The family that is reported."""

    @property
    def includes(self) -> str:
        """The family that is not."""

    @property
    def scope(self) -> str:
        """`same_site`, `same_level`, `session`, or `guidance` where only its guidance is taken in."""

    @property
    def rule(self) -> str:
        """The rule."""

    @property
    def evidence(self) -> Evidence:
        """How it is verified."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Inclusion:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Inclusion:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class UnitLimit:
    """A limit of units, on the date asked for."""

    __match_args__ = ("units", "mai", "evidence")
    @property
    def units(self) -> int:
        """Units a day."""

    @property
    def mai(self) -> int:
        """Adjudication indicator."""

    @property
    def evidence(self) -> Evidence:
        """How it is verified."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> UnitLimit:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> UnitLimit:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class CodePair:
    """A procedure-to-procedure pair, on the date asked for."""

    __match_args__ = ("column1", "column2", "bypassable", "table", "evidence")
    @property
    def column1(self) -> str:
        """Column 1."""

    @property
    def column2(self) -> str:
        """Column 2: the line that is denied."""

    @property
    def bypassable(self) -> bool:
        """A modifier can make both payable."""

    @property
    def table(self) -> str:
        """`practitioner`, `hospital` or `both`."""

    @property
    def evidence(self) -> Evidence:
        """How it is verified."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> CodePair:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> CodePair:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Succession:
    """What became what on a day, and under which facts."""

    __match_args__ = (
        "first_day",
        "families",
        "when",
        "before",
        "after",
        "beside",
        "role_before",
        "role_after",
        "unit_before",
        "unit_after",
        "basis",
        "evidence",
    )
    @property
    def first_day(self) -> dt.date:
        """First day of the new law."""

    @property
    def families(self) -> tuple[str, ...]:
        """Families in which it happened; none where the code table alone says it."""

    @property
    def when(self) -> tuple[WhenFact, ...]:
        """The facts that part this succession from others of the same code; none: always."""

    @property
    def before(self) -> tuple[str, ...]:
        """Codes before."""

    @property
    def after(self) -> tuple[str, ...]:
        """Codes since; none: no code of its own any more."""

    @property
    def beside(self) -> tuple[str, ...]:
        """Codes that stay, one or another beside it."""

    @property
    def role_before(self) -> str:
        """Part played before, with its region, such as `first, lumbosacral`."""

    @property
    def role_after(self) -> str:
        """Part played since."""

    @property
    def unit_before(self) -> str:
        """What one unit counted before."""

    @property
    def unit_after(self) -> str:
        """What one unit counts since."""

    @property
    def basis(self) -> str:
        """`rows`: derived from the rows that the rules decide by; `code_table`: stated of the code alone."""

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """How it is verified."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Succession:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Succession:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class CodeDifference:
    """What tells two codes of a family apart."""

    __match_args__ = ("fact", "here", "there")
    @property
    def fact(self) -> str:
        """`code_set`, `region`, `role`, `unit`, `guidance` or `date`."""

    @property
    def here(self) -> str:
        """Of the code asked for."""

    @property
    def there(self) -> str:
        """Of the other."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> CodeDifference:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> CodeDifference:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Sibling:
    """A code to use instead on that date."""

    __match_args__ = ("code", "label", "relation", "families", "differs", "ways", "evidence")
    @property
    def code(self) -> str:
        """The code."""

    @property
    def label(self) -> str:
        """Its label."""

    @property
    def relation(self) -> str:
        """`sibling`, `successor`, `predecessor` or `suggestion`."""

    @property
    def families(self) -> tuple[str, ...]:
        """Families they share."""

    @property
    def differs(self) -> tuple[CodeDifference, ...]:
        """By what it differs."""

    @property
    def ways(self) -> tuple[Way, ...]:
        """Facts that lead to it; each is one way."""

    @property
    def evidence(self) -> Evidence:
        """How it is verified."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Sibling:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Sibling:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class RuleUse:
    """A rule that decides about the code on that date."""

    __match_args__ = ("id", "version", "name", "layer", "what", "evidence")
    @property
    def id(self) -> str:
        """Id."""

    @property
    def version(self) -> int:
        """Version in force."""

    @property
    def name(self) -> str:
        """Name of the decision."""

    @property
    def layer(self) -> str:
        """Layer."""

    @property
    def what(self) -> str:
        """What it does."""

    @property
    def evidence(self) -> Evidence:
        """How it is verified."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> RuleUse:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> RuleUse:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Basis:
    """What a look-up rests on."""

    __match_args__ = ("engine", "facts", "release", "overlay", "as_of")
    @property
    def engine(self) -> str:
        """Engine version."""

    @property
    def facts(self) -> str:
        """Hash of the built-in facts."""

    @property
    def release(self) -> str | None:
        """Release id, where one was loaded."""

    @property
    def overlay(self) -> str | None:
        """Hash of the user's own facts, where given."""

    @property
    def as_of(self) -> dt.date | None:
        """Only what had been published by this day."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Basis:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Basis:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Lookup:
    """What is known of one code on one date."""

    __match_args__ = (
        "code",
        "on",
        "status",
        "label",
        "first_day",
        "last_day",
        "life",
        "roles",
        "replaces",
        "replaced_by",
        "instead",
        "notices",
    )
    @property
    def code(self) -> str:
        """The code."""

    @property
    def on(self) -> dt.date:
        """The date it was looked up for."""

    @property
    def status(self) -> str:
        """State on that date: `alive`, `not_yet`, `ended`, `interrupted`, `never_valid` or `not_in_loaded_lists`."""

    @property
    def label(self) -> str | None:
        """Our own short label, on that date or on the nearest day of its life."""

    @property
    def first_day(self) -> dt.date | None:
        """First day of its life. Absent: before the facts begin, or never."""

    @property
    def last_day(self) -> dt.date | None:
        """Last day of its life. Absent: not known to have ended, or never."""

    @property
    def not_derived(self) -> str | None:
        """Why no case leads to it, where it is known but not derived."""

    @property
    def life(self) -> tuple[LifeStretch, ...]:
        """Each stretch of its life, oldest first."""

    @property
    def kinds(self) -> tuple[LeadingKind, ...]:
        """Kinds of procedure that lead to it."""

    @property
    def roles(self) -> tuple[RoleUse, ...]:
        """Parts it plays, those in force first."""

    @property
    def companions(self) -> tuple[Companion, ...]:
        """Primaries and add-on codes on that date."""

    @property
    def guidance(self) -> tuple[GuidanceUse, ...]:
        """What guidance does on that date."""

    @property
    def inclusions(self) -> tuple[Inclusion, ...]:
        """What its families take in, and what takes them in, on that date."""

    @property
    def limits(self) -> tuple[UnitLimit, ...]:
        """Limits of units on that date."""

    @property
    def pairs(self) -> tuple[CodePair, ...]:
        """Pairs on that date."""

    @property
    def replaces(self) -> tuple[Succession, ...]:
        """What it replaced."""

    @property
    def replaced_by(self) -> tuple[Succession, ...]:
        """What replaced it."""

    @property
    def instead(self) -> tuple[Sibling, ...]:
        """What to use instead on that date, and by what it differs."""

    @property
    def rules(self) -> tuple[RuleUse, ...]:
        """Rules of its families on that date."""

    @property
    def citations(self) -> tuple[CitationInfo, ...]:
        """Every source named above."""

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Doubts and limits of the knowledge."""

    @property
    def knowledge(self) -> Basis:
        """What the answer rests on."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Lookup:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Lookup:
        """Read what `to_json` gives."""

    def to_text(self) -> str:
        """Give the whole as text to be read."""

    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class TableHolding:
    """What one table holds."""

    __match_args__ = ("table", "rows", "first_day", "last_day", "verified_through", "confidence", "citations")
    @property
    def table(self) -> str:
        """Table."""

    @property
    def rows(self) -> int:
        """How many rows."""

    @property
    def first_day(self) -> dt.date | None:
        """First day they hold for. Absent: before the facts begin."""

    @property
    def last_day(self) -> dt.date | None:
        """Last day they hold for. Absent: not known to have ended."""

    @property
    def verified_through(self) -> dt.date | None:
        """Day through which all of them were verified."""

    @property
    def confidence(self) -> str:
        """The weakest of them: `high`, `medium` or `low`."""

    @property
    def citations(self) -> tuple[str, ...]:
        """Keys of their sources."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> TableHolding:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> TableHolding:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class LayerHolding:
    """What one layer holds for a code."""

    __match_args__ = ("layer", "holds", "reason", "tables")
    @property
    def layer(self) -> str:
        """Layer."""

    @property
    def holds(self) -> bool:
        """Whether it holds data."""

    @property
    def reason(self) -> str | None:
        """Why it does not: `no_table`, `no_code_list`, `not_on_that_date`, `not_derived` or `past_verification`."""

    @property
    def tables(self) -> tuple[TableHolding, ...]:
        """Its tables."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> LayerHolding:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> LayerHolding:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class CodeCoverage:
    """What the layers hold for one code."""

    __match_args__ = ("code", "label", "layers")
    @property
    def code(self) -> str:
        """The code."""

    @property
    def label(self) -> str | None:
        """Our own short label. Absent: no loaded list holds the code."""

    @property
    def layers(self) -> tuple[LayerHolding, ...]:
        """Every layer, in their order."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> CodeCoverage:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> CodeCoverage:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Coverage:
    """Which layers hold data for which codes."""

    __match_args__ = ("on", "coverage_from", "codes", "citations", "knowledge")
    @property
    def on(self) -> dt.date | None:
        """Date asked for. Absent: every date."""

    @property
    def coverage_from(self) -> dt.date | None:
        """First date of service that the facts cover."""

    @property
    def codes(self) -> tuple[CodeCoverage, ...]:
        """Codes, sorted."""

    @property
    def citations(self) -> tuple[CitationInfo, ...]:
        """Every source named above."""

    @property
    def knowledge(self) -> Basis:
        """What the answer rests on."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Coverage:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Coverage:
        """Read what `to_json` gives."""

    def to_text(self) -> str:
        """Give the whole as text to be read."""

    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class LintFinding:
    """One thing found."""

    __match_args__ = ("severity", "check", "table", "subject", "args")
    @property
    def severity(self) -> str:
        """`error` or `warning`."""

    @property
    def check(self) -> str:
        """The check that found it."""

    @property
    def table(self) -> str:
        """Table of the facts."""

    @property
    def subject(self) -> str:
        """Row, key or source that it is about."""

    @property
    def args(self) -> Mapping[str, str]:
        """Arguments."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> LintFinding:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> LintFinding:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class LintCheck:
    """One check, and whether it could be made."""

    __match_args__ = ("check", "severity", "made", "found")
    @property
    def check(self) -> str:
        """Name."""

    @property
    def severity(self) -> str:
        """Severity of what it finds."""

    @property
    def made(self) -> bool:
        """Whether it was made: some need the conformance cases."""

    @property
    def found(self) -> int:
        """How much it found."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> LintCheck:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> LintCheck:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class LintReport:
    """What lint found."""

    __match_args__ = ("rows", "cases", "checks", "findings", "knowledge")
    @property
    def rows(self) -> int:
        """How many rows of the facts were looked at."""

    @property
    def cases(self) -> int:
        """How many questions of conformance cases were asked."""

    @property
    def checks(self) -> tuple[LintCheck, ...]:
        """Every check."""

    @property
    def findings(self) -> tuple[LintFinding, ...]:
        """What was found: errors first."""

    @property
    def knowledge(self) -> Basis:
        """What the answer rests on."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> LintReport:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> LintReport:
        """Read what `to_json` gives."""

    def to_text(self) -> str:
        """Give the whole as text to be read."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class LineRef:
    """A line that a finding or a change is about."""

    __match_args__ = (
        "claim_id",
        "line",
        "code",
    )
    @property
    def claim_id(self) -> str | None:
        """The claim it stands on, where that is another one of the same billing day."""

    @property
    def line(self) -> str:
        """Its number."""

    @property
    def code(self) -> str:
        """Its code as written."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> LineRef:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> LineRef:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class LineVerdicts:
    """What the layers say of one line."""

    __match_args__ = (
        "line",
        "code",
        "left_out",
        "verdicts",
        "not_checked",
    )
    @property
    def line(self) -> str:
        """Its number."""

    @property
    def code(self) -> str:
        """Its code as written."""

    @property
    def left_out(self) -> str | None:
        """Why it took no part: `void`, `replacement`, `reversed` or `denied`."""

    @property
    def verdicts(self) -> MappingProxyType[str, str]:
        """What each layer says: `pass`, `fail`, `warn`, `bypassed`, `not_applicable` or `not_checked`."""

    @property
    def not_checked(self) -> MappingProxyType[str, str]:
        """Why a layer was not checked, or not wholly."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> LineVerdicts:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> LineVerdicts:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Adjustment:
    """What a payer likely answers. Suggested, never the payer's own word."""

    __match_args__ = (
        "group",
        "carc",
        "rarc",
    )
    @property
    def group(self) -> str:
        """Group: `CO`, `PR`, `OA` ..."""

    @property
    def carc(self) -> str:
        """Claim adjustment reason code."""

    @property
    def rarc(self) -> tuple[str, ...]:
        """Remittance advice remark codes."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Adjustment:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Adjustment:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Finding:
    """One thing found."""

    __match_args__ = (
        "rule",
        "name",
        "layer",
        "severity",
        "verdict",
        "lines",
        "args",
        "modifier",
        "adjustment",
        "rows",
        "citations",
        "confidence",
    )
    @property
    def rule(self) -> str:
        """Rule id, never reused."""

    @property
    def name(self) -> str:
        """The rule's name."""

    @property
    def layer(self) -> str:
        """Layer."""

    @property
    def severity(self) -> str:
        """How grave: `info`, `warning` or `error`."""

    @property
    def verdict(self) -> str:
        """What it says of the first line."""

    @property
    def lines(self) -> tuple[LineRef, ...]:
        """The lines; the one that must change first."""

    @property
    def args(self) -> MappingProxyType[str, str]:
        """Arguments: the other code, the limit ..."""

    @property
    def modifier(self) -> str | None:
        """The modifier that bypassed, or would."""

    @property
    def adjustment(self) -> Adjustment | None:
        """What a payer likely answers."""

    @property
    def rows(self) -> tuple[str, ...]:
        """Rows of the facts, or editions of a release's tables."""

    @property
    def citations(self) -> tuple[str, ...]:
        """Sources."""

    @property
    def confidence(self) -> str:
        """How sure the facts behind it are: `high`, `medium` or `low`."""

    @property
    def nearest_edition(self) -> bool:
        """It rests on the nearest edition loaded, not on that of the date."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Finding:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Finding:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class ClaimChange:
    """One change of a claim."""

    __match_args__ = (
        "action",
        "line",
        "modifier",
        "to",
        "units",
        "code",
        "modifiers",
        "date_of_service",
    )
    @property
    def action(self) -> str:
        """`drop_line`, `add_modifier`, `drop_modifier`, `move_modifier`, `set_units`, `replace_code` or `add_line`."""

    @property
    def line(self) -> LineRef | None:
        """The line; absent for one that is added."""

    @property
    def modifier(self) -> str | None:
        """The modifier, where one is added, dropped or moved."""

    @property
    def to(self) -> LineRef | None:
        """The line that a modifier goes to."""

    @property
    def units(self) -> int | None:
        """The new units."""

    @property
    def code(self) -> str | None:
        """The new code."""

    @property
    def modifiers(self) -> tuple[str, ...]:
        """Modifiers of a line that is added."""

    @property
    def date_of_service(self) -> dt.date | None:
        """Date of a line that is added."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> ClaimChange:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> ClaimChange:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Repair:
    """A set of changes after which the claim passes."""

    __match_args__ = (
        "changes",
        "meaning",
        "if_documented",
        "settles",
    )
    @property
    def changes(self) -> tuple[ClaimChange, ...]:
        """The changes, all of them."""

    @property
    def meaning(self) -> tuple[str, ...]:
        """What the changed claim says that the old one did not."""

    @property
    def if_documented(self) -> tuple[str, ...]:
        """What must be documented for it; empty: it asserts nothing new."""

    @property
    def settles(self) -> tuple[str, ...]:
        """Rules of the findings that it settles."""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Repair:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> Repair:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class EditReport:
    """What is said of one claim."""

    __match_args__ = (
        "verdict",
        "findings",
        "lines",
        "repairs",
        "questions",
        "left_out",
        "notices",
        "knowledge",
        "setting",
        "claim_id",
    )
    @property
    def verdict(self) -> str:
        """The gravest verdict of any layer and line."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found."""

    @property
    def lines(self) -> tuple[LineVerdicts, ...]:
        """Each line, layer by layer."""

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """Smallest sets of changes that pass, the best first; only where asked for."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """Clinical facts that would decide between repairs."""

    @property
    def left_out(self) -> MappingProxyType[str, int]:
        """How many lines took no part, by reason."""

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Limits of the knowledge."""

    @property
    def knowledge(self) -> Knowledge:
        """What the report rests on."""

    @property
    def setting(self) -> str:
        """Who sends the claim, as derived."""

    @property
    def claim_id(self) -> str | None:
        """The caller's id."""

    def to_frame(self, library: str | None = None) -> Any:
        """Give every finding as a row of a frame, in `polars` or `pandas`; see `spinecode.to_frame`."""

    def _repr_html_(self) -> str: ...
    def to_dict(self) -> dict[str, Any]:
        """Give the value as dictionaries, lists, strings and numbers, dates in ISO form."""

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> EditReport:
        """Read what `to_dict` gives."""

    def to_json(self) -> str:
        """Give the value as JSON text."""

    @staticmethod
    def from_json(text: str) -> EditReport:
        """Read what `to_json` gives."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Engine:
    """Codes cases, in process; `connect` gives one that asks a server, with the same methods.

    An engine may be used from many threads at once; it lets go of the interpreter's lock while it works. It pickles by
    how it was opened, and refuses to unpickle where it would not give the same answers (`KnowledgeError`).
    """

    def __new__(
        cls,
        facts: str | PathLike[str] | None = None,
        release: str | PathLike[str] | None = None,
        load: Literal["map", "copy"] = "map",
    ) -> Self:
        """Open the built-in facts, under `facts`, a folder of your own facts and profiles.

        `release` is a file of CMS's tables, as `spinecode data build` writes it: its tables are asked first,
        the built-in rows where they cannot say. `load` says how it is taken into memory: `map` opens it at once
        and shares it between processes, `copy` is for files that are changed in place or lie on a network.
        """

    @property
    def facts(self) -> str | None:
        """Folder of your own facts and profiles, where one was given."""

    @property
    def release(self) -> str | None:
        """File of the release of CMS's tables, where one was given."""

    @property
    def url(self) -> str | None:
        """Address of the server, for an engine made by `connect`."""

    def code(
        self,
        case: Case | Mapping[str, Any] | str | bytes,
        payer: str | None = None,
        as_of: _Date | None = None,
        release: str | None = None,
        trace: _Trace = "ids",
    ) -> CodedCase:
        """Code one case: a `Case`, a dictionary or JSON text.

        `payer` overrides the case's own; `as_of` leaves out what was published later; `release` must be the id of the
        release loaded. Raises `InputError`, with every violation, when the case cannot be taken.
        """

    def draw(
        self,
        case: Case | Mapping[str, Any] | str | bytes,
        payer: str | None = None,
        as_of: _Date | None = None,
        release: str | None = None,
    ) -> Drawing:
        """Draw the spine with what a case says was done, labelled with the codes of its answer."""

    def code_many(
        self,
        cases: Iterable[Case | Mapping[str, Any] | str | bytes],
        payer: str | None = None,
        as_of: _Date | None = None,
        release: str | None = None,
        trace: _Trace = "ids",
    ) -> list[CodedCase | Exception]:
        """Code many cases, in order.

        A case that cannot be coded does not stop the others: the exception that `code` would have raised stands in
        its place. Only a bad option, or an error of the iterable itself, is raised.
        """

    # A text is an iterable of texts to the checker; here it is one claim.
    @overload
    def edit(  # type: ignore[overload-overlap]
        self,
        claims: Claim | Mapping[str, Any] | str | bytes,
        payer: str | None = None,
        as_of: _Date | None = None,
        release: str | None = None,
        *,
        alone: bool = False,
        repair: bool = False,
        nearest_quarter: bool = False,
    ) -> EditReport:
        """Edit one claim, or several that are judged together by billing day.

        A `Claim`, a dictionary or JSON text gives its report; several give a list of reports, and the first
        that cannot be read raises `InputError`: `edit_many` gives errors in their places. `payer` overrides the
        claims' own; `alone` judges each claim by itself; `repair` looks for the smallest changes that pass;
        `nearest_quarter` judges dates outside the quarters loaded by the nearest one, and says so.
        """
    @overload
    def edit(
        self,
        claims: Iterable[Claim | Mapping[str, Any] | str | bytes],
        payer: str | None = None,
        as_of: _Date | None = None,
        release: str | None = None,
        *,
        alone: bool = False,
        repair: bool = False,
        nearest_quarter: bool = False,
    ) -> list[EditReport]: ...
    def edit_many(
        self,
        claims: Iterable[Claim | Mapping[str, Any] | str | bytes],
        payer: str | None = None,
        as_of: _Date | None = None,
        release: str | None = None,
        *,
        alone: bool = False,
        repair: bool = False,
        nearest_quarter: bool = False,
    ) -> list[EditReport | Exception]:
        """Edit many claims, judged together by billing day, in order.

        A claim that cannot be read does not stop the others: the exception that `edit` would have raised stands in its
        place.
        """

    def code_json(
        self,
        text: str,
        payer: str | None = None,
        as_of: _Date | None = None,
        release: str | None = None,
        trace: _Trace = "ids",
    ) -> CodedCase:
        """Code one case written as JSON."""

    def lookup(self, code: str, on: _Date | None = None, as_of: _Date | None = None) -> Lookup:
        """Look up one code: what it is on a date, what became of it, what goes with it, and how that is known.

        Without `on`, the last day of its life that was verified. A code that no loaded list holds is answered with the
        status `not_in_loaded_lists`. Raises `InputError` for text that is not written as a code.
        """

    def coverage(self, code: str | None = None, on: _Date | None = None, as_of: _Date | None = None) -> Coverage:
        """Tell which layers hold data for a code, or for every code, and from where."""

    def lint(self) -> LintReport:
        """Tell what the checks of the facts find, those that need conformance cases apart."""
    def explain(
        self,
        case: Case | Mapping[str, Any] | str | bytes,
        payer: str | None = None,
        as_of: _Date | None = None,
        release: str | None = None,
    ) -> Explained:
        """Tell the whole tree of one answer: under each decision what it rests on."""

    def why_not(
        self,
        case: Case | Mapping[str, Any] | str | bytes,
        code: str,
        payer: str | None = None,
        as_of: _Date | None = None,
        release: str | None = None,
    ) -> WhyNot:
        """Tell why a code is not in the answer, and the smallest single change that would put it there."""

    def what_if(
        self,
        case: Case | Mapping[str, Any] | str | bytes,
        changes: Mapping[str, object] | Iterable[str] | str,
        payer: str | None = None,
        as_of: _Date | None = None,
        release: str | None = None,
    ) -> WhatIf:
        """Compare the answer before and after changes.

        `changes` is a mapping of facts to values, or texts `FACT=VALUE`: `date_of_service`, `payer`, `setting`,
        `place_of_service`, or a fact of a procedure, as `procedures.0.guidance` where more than one could be meant.
        A list gives several words; `None` takes a fact away.
        """

    def eras(
        self,
        case: Case | Mapping[str, Any] | str | bytes,
        payer: str | None = None,
        as_of: _Date | None = None,
        release: str | None = None,
    ) -> Eras:
        """Code one case over all eras of the facts: the stretches of dates, what changed and why."""

    def rule(self, id: str) -> RuleInfo:
        """Look up one rule, with its versions and sources."""

    def info(self) -> EngineInfo:
        """Say what this engine is and rests on."""

    def kinds(self) -> tuple[KindInfo, ...]:
        """List the kinds of procedures it knows, with their facts."""

    def profiles(self) -> tuple[ProfileInfo, ...]:
        """List the payer profiles it knows."""

    def __reduce__(self) -> tuple[Any, ...]: ...

def kinds() -> tuple[KindInfo, ...]:
    """List the kinds of procedures that the engine in process knows, with their facts."""

def profiles() -> tuple[ProfileInfo, ...]:
    """List the payer profiles that the engine in process knows."""

def connect(
    url: str,
    ca: str | PathLike[str] | None = None,
    cert: str | PathLike[str] | None = None,
    key: str | PathLike[str] | None = None,
    domain: str | None = None,
    timeout: float | None = None,
) -> Engine:
    """Connect to a server: an engine with the same methods and the same answers as the one in process.

    `http://host:port` is plain text, `https://host:port` is TLS. `ca` is a PEM file of the authority to trust (those of
    the system otherwise), `cert` and `key` are PEM files of your own certificate for a server that asks for one,
    `domain` is the name that the server's certificate must bear. `timeout` is in seconds, for connecting and for each
    answer; by default 10 and 30. Raises `TransportError` when the server cannot be reached.

    The connection has a thread of its own. A forked process connects anew when it first asks.
    """

def _core_seconds(engine: Engine, case: Case, times: int, trace: _Trace, /) -> float: ...
def _reopen(
    how: tuple[
        str | PathLike[str] | None,
        tuple[
            str,
            str | PathLike[str] | None,
            str | PathLike[str] | None,
            str | PathLike[str] | None,
            str | None,
            float | None,
        ]
        | None,
    ],
    knowledge: str,
    /,
) -> Engine: ...
def _restore(cls: type[Any], text: str, /) -> object: ...
