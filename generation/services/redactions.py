"""What a withdrawal reaches in generation: the decisions that rest on the words."""

from django.db.models import QuerySet

from crm.models import Interview, Redaction
from generation.models import Justification
from generation.services.grounds import grounds_check
from insights.models import Evidence
from insights.selectors import current


def reach(redaction: Redaction, interviews: QuerySet[Interview]) -> dict[str, int]:
    """Mark every feature whose evidence is in these interviews, and tell its owner."""
    said = set(
        Evidence.objects.filter(highlight__transcript__interview__in=interviews).values_list(
            "pain_id", flat=True
        )
    )
    rests = Justification.objects.filter(pain__isnull=False).values_list("feature_id", "pain_id")
    cited = [(feature, pain) for feature, pain in rests if pain is not None]
    now = current({pain for _feature, pain in cited})
    features = {feature for feature, pain in cited if now[pain] in said}
    return {"features": grounds_check(features=features)}
