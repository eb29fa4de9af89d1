from crm.admin.consents import ConsentAdmin, RedactionAdmin
from crm.admin.creators import AiToolAdmin, CreatorAdmin, WorkflowStepAdmin
from crm.admin.interviews import InterviewAdmin
from crm.admin.invitations import LoginInvitationAdmin
from crm.admin.leavings import LeavingAdmin
from crm.admin.merges import CreatorMergeAdmin
from crm.admin.money import ExchangeRateAdmin, PayingSpellAdmin
from crm.admin.notices import PaymentOrderAdmin, ProviderEventAdmin
from crm.admin.payments import PaymentAdmin, PaymentImportAdmin
from crm.admin.plans import (
    PlanAdmin,
    PlanOrderAdmin,
    QuotaUseAdmin,
    RefundRequestAdmin,
    SubscriptionEventAdmin,
)
from crm.admin.reconciliations import ReconciliationAdmin
from crm.admin.rosters import CreatorImportAdmin
from crm.admin.segments import SegmentAdmin
from crm.admin.studies import StudyAdmin, StudyMailAdmin
from crm.admin.tier_rules import TierRuleAdmin
from crm.admin.users import AuditEntryAdmin, UserAdmin

__all__ = [
    "AiToolAdmin",
    "AuditEntryAdmin",
    "ConsentAdmin",
    "CreatorAdmin",
    "CreatorImportAdmin",
    "CreatorMergeAdmin",
    "ExchangeRateAdmin",
    "InterviewAdmin",
    "LeavingAdmin",
    "LoginInvitationAdmin",
    "PayingSpellAdmin",
    "PaymentAdmin",
    "PaymentImportAdmin",
    "PaymentOrderAdmin",
    "PlanAdmin",
    "PlanOrderAdmin",
    "ProviderEventAdmin",
    "QuotaUseAdmin",
    "ReconciliationAdmin",
    "RedactionAdmin",
    "RefundRequestAdmin",
    "SegmentAdmin",
    "StudyAdmin",
    "StudyMailAdmin",
    "SubscriptionEventAdmin",
    "TierRuleAdmin",
    "UserAdmin",
    "WorkflowStepAdmin",
]
