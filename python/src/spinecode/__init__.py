"""Codes spine and interventional-pain procedures (CPT and HCPCS), exact for the date of service.

>>> import spinecode as sc
>>> case = sc.Case(
...     "2024-03-05",
...     [sc.Procedure("facet_injection", levels=["L4-L5"], side="left", target="joint", guidance="fluoroscopy")],
... )
>>> case.procedures[0].facts["guidance"]
'fluoroscopy'
"""

from spinecode._errors import InputError, KnowledgeError, SpinecodeError, TransportError, UnsupportedError
from spinecode._frames import to_frame
from spinecode._spinecode import (
    Assumption,
    Case,
    CitationInfo,
    CodedCase,
    Coding,
    Drawing,
    Engine,
    EngineInfo,
    Explanation,
    FactInfo,
    KindInfo,
    Knowledge,
    Line,
    Notice,
    NotReported,
    Procedure,
    ProfileInfo,
    Question,
    RuleInfo,
    RuleVersion,
    Site,
    Step,
    Violation,
    Withheld,
    __version__,
    connect,
    kinds,
    profiles,
)

__all__ = [
    "Assumption",
    "Case",
    "CitationInfo",
    "CodedCase",
    "Coding",
    "Drawing",
    "Engine",
    "EngineInfo",
    "Explanation",
    "FactInfo",
    "InputError",
    "KindInfo",
    "Knowledge",
    "KnowledgeError",
    "Line",
    "NotReported",
    "Notice",
    "Procedure",
    "ProfileInfo",
    "Question",
    "RuleInfo",
    "RuleVersion",
    "Site",
    "SpinecodeError",
    "Step",
    "TransportError",
    "UnsupportedError",
    "Violation",
    "Withheld",
    "__version__",
    "connect",
    "kinds",
    "profiles",
    "to_frame",
]
