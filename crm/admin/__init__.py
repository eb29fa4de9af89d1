from crm.admin.consents import ConsentAdmin, RedactionAdmin
from crm.admin.creators import AiToolAdmin, CreatorAdmin, WorkflowStepAdmin
from crm.admin.interviews import InterviewAdmin, StudyAdmin
from crm.admin.notices import PaymentOrderAdmin, ProviderEventAdmin
from crm.admin.payments import PaymentAdmin, PaymentImportAdmin
from crm.admin.users import AuditEntryAdmin, UserAdmin

__all__ = [
    "AiToolAdmin",
    "AuditEntryAdmin",
    "ConsentAdmin",
    "CreatorAdmin",
    "InterviewAdmin",
    "PaymentAdmin",
    "PaymentImportAdmin",
    "PaymentOrderAdmin",
    "ProviderEventAdmin",
    "RedactionAdmin",
    "StudyAdmin",
    "UserAdmin",
    "WorkflowStepAdmin",
]
