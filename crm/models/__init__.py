from crm.models.appointments import (
    Appointment,
    Incentive,
    IncentiveStep,
    Slot,
    StudyInvitation,
    StudyMail,
)
from crm.models.audit import AuditEntry
from crm.models.balances import PayerBalance
from crm.models.changes import Change
from crm.models.consents import Consent, ConsentForm
from crm.models.creator_notices import CreatorNotice, NoticeChoice, NoticeDelivery, NoticeHook
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
from crm.models.guide_answers import GuideAnswer
from crm.models.guides import GuideVersion
from crm.models.interviews import (
    GuideQuestion,
    Interview,
    Quoting,
    Study,
    TranscriptVersion,
    Utterance,
)
from crm.models.jobs import Job
from crm.models.logins import LoginInvitation
from crm.models.mappings import BillMapping
from crm.models.matches import PayerMatch
from crm.models.merges import CreatorMerge, CreatorsDiffer
from crm.models.orders import PaymentOrder
from crm.models.own_data import DataExport, Leaving
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
from crm.models.provider_events import ProviderEvent
from crm.models.quotas import QuotaEntry, QuotaUse
from crm.models.reconciliations import Reconciliation, ReconciliationLine
from crm.models.recordings import Recording, Transcription, TranscriptionPart
from crm.models.redactions import Redaction
from crm.models.refusals import RefusedNotice
from crm.models.rosters import CreatorImport, CreatorImportJob, CreatorImportRow
from crm.models.segments import Segment
from crm.models.subscriptions import PlanOrder, PracticeNotice, RefundRequest, SubscriptionEvent
from crm.models.team_notices import TeamNotice
from crm.models.tier_rules import TierRefusal, TierRule
from crm.models.users import User

__all__ = [
    "AiTool",
    "Appointment",
    "AuditEntry",
    "BillMapping",
    "Change",
    "Consent",
    "ConsentForm",
    "Creator",
    "CreatorImport",
    "CreatorImportJob",
    "CreatorImportRow",
    "CreatorMerge",
    "CreatorNotice",
    "CreatorsDiffer",
    "DataExport",
    "ExchangeRate",
    "GuideAnswer",
    "GuideQuestion",
    "GuideVersion",
    "Incentive",
    "IncentiveStep",
    "Interview",
    "Job",
    "Leaving",
    "LoginInvitation",
    "MonthDue",
    "NoticeChoice",
    "NoticeDelivery",
    "NoticeHook",
    "PayerBalance",
    "PayerMatch",
    "PayerName",
    "PayingAsOf",
    "PayingMonth",
    "PayingSpell",
    "PayingTally",
    "Payment",
    "PaymentImport",
    "PaymentOrder",
    "Plan",
    "PlanOrder",
    "PracticeNotice",
    "ProviderEvent",
    "QuotaEntry",
    "QuotaUse",
    "Quoting",
    "Reconciliation",
    "ReconciliationLine",
    "Recording",
    "Redaction",
    "RefundRequest",
    "RefusedNotice",
    "Segment",
    "Slot",
    "SpellDue",
    "StepEffort",
    "Study",
    "StudyInvitation",
    "StudyMail",
    "SubscriptionEvent",
    "TeamNotice",
    "Tier",
    "TierChange",
    "TierRefusal",
    "TierRule",
    "ToolUse",
    "TranscriptVersion",
    "Transcription",
    "TranscriptionPart",
    "User",
    "Utterance",
    "WorkflowStep",
]
