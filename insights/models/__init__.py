from insights.models.assistants import AssistantJob, MachineReading, Suggestion
from insights.models.checks import MemberCheck, QuoteLimit
from insights.models.codebook import PainChange
from insights.models.evidence import Asked, Evidence, Highlight, QuoteLevel, narrowed
from insights.models.exchange import ExchangeJob, ExternalId, QdaImport
from insights.models.needs import Need
from insights.models.pains import PainPoint
from insights.models.readings import CounterReading
from insights.models.rounds import Adjudication, CodingRound, CodingUnit, UnitCode, UnitReading
from insights.models.shares import Share, ShareOpening
from insights.models.voice import PainReport, TopPain

__all__ = [
    "Adjudication",
    "Asked",
    "AssistantJob",
    "CodingRound",
    "CodingUnit",
    "CounterReading",
    "Evidence",
    "ExchangeJob",
    "ExternalId",
    "Highlight",
    "MachineReading",
    "MemberCheck",
    "Need",
    "PainChange",
    "PainPoint",
    "PainReport",
    "QdaImport",
    "QuoteLevel",
    "QuoteLimit",
    "Share",
    "ShareOpening",
    "Suggestion",
    "TopPain",
    "UnitCode",
    "UnitReading",
    "narrowed",
]
