from insights.models.evidence import Asked, Evidence, Highlight
from insights.models.exchange import ExternalId, QdaImport
from insights.models.needs import Need
from insights.models.pains import PainPoint

__all__ = ["Asked", "Evidence", "ExternalId", "Highlight", "Need", "PainPoint", "QdaImport"]
