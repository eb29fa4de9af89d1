from insights.admin.assistants import AssistantJobAdmin
from insights.admin.evidence import EvidenceAdmin
from insights.admin.exchange import QdaImportAdmin
from insights.admin.needs import NeedAdmin
from insights.admin.pains import PainPointAdmin
from insights.admin.voice import PainReportAdmin

__all__ = [
    "AssistantJobAdmin",
    "EvidenceAdmin",
    "NeedAdmin",
    "PainPointAdmin",
    "PainReportAdmin",
    "QdaImportAdmin",
]
