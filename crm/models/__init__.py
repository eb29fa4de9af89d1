from crm.models.audit import AuditEntry
from crm.models.balances import PayerBalance
from crm.models.changes import Change
from crm.models.consents import Consent
from crm.models.creators import (
    AiTool,
    Creator,
    PayerName,
    StepEffort,
    Tier,
    TierChange,
    ToolUse,
    WorkflowStep,
)
from crm.models.interviews import (
    GuideQuestion,
    Interview,
    Quoting,
    Study,
    TranscriptVersion,
    Utterance,
)
from crm.models.jobs import Job
from crm.models.paying import (
    ExchangeRate,
    MonthDue,
    PayingAsOf,
    PayingMonth,
    PayingSpell,
    PayingTally,
    SpellDue,
)
from crm.models.payments import Payment, PaymentImport
from crm.models.plans import Plan
from crm.models.redactions import Redaction
from crm.models.users import User

__all__ = [
    "AiTool",
    "AuditEntry",
    "Change",
    "Consent",
    "Creator",
    "ExchangeRate",
    "GuideQuestion",
    "Interview",
    "Job",
    "MonthDue",
    "PayerBalance",
    "PayerName",
    "PayingAsOf",
    "PayingMonth",
    "PayingSpell",
    "PayingTally",
    "Payment",
    "PaymentImport",
    "Plan",
    "Quoting",
    "Redaction",
    "SpellDue",
    "StepEffort",
    "Study",
    "Tier",
    "TierChange",
    "ToolUse",
    "TranscriptVersion",
    "User",
    "Utterance",
    "WorkflowStep",
]
