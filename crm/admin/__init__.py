from crm.admin.consents import ConsentAdmin, RedactionAdmin
from crm.admin.creators import AiToolAdmin, CreatorAdmin, WorkflowStepAdmin
from crm.admin.interviews import InterviewAdmin, StudyAdmin
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
    "RedactionAdmin",
    "StudyAdmin",
    "UserAdmin",
    "WorkflowStepAdmin",
]
