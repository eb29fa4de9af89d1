"""The guide of a study: edited freely, kept as a version of its own once it was used."""

from django.db import transaction

from crm.models import GuideVersion, Study, User


@transaction.atomic
def guide_freeze(*, study: Study, actor: User | None = None) -> GuideVersion | None:
    """The version that an interview held now is asked by; None where the guide is empty.

    The newest one where nothing was edited since, else a new one.
    """
    Study.objects.select_for_update().get(pk=study.pk)
    questions = [
        {"zh": row.text_zh, "en": row.text_en} for row in study.questions.order_by("position", "pk")
    ]
    newest = study.guide_versions.order_by("-number").first()
    if newest is not None and newest.questions == questions:
        return newest
    if not questions:
        return None
    number = newest.number + 1 if newest is not None else 1
    return GuideVersion.objects.create(study=study, number=number, questions=questions, by=actor)
