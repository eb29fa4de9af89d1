"""What the team keeps about records of creators, when the person behind one leaves for good."""

from django.db.models.functions import Now

from crm.models import Appointment, Creator, CreatorImportRow, CreatorMerge, StudyInvitation


def end(creator: Creator) -> dict[str, int]:
    """Forget how the record came here and what was merged into it; its links stop working."""
    CreatorImportRow.objects.filter(creator=creator).update(before="", after="")
    CreatorMerge.objects.filter(target=creator).update(kept="", source_name="—")
    StudyInvitation.objects.filter(creator=creator, revoked_at=None).update(
        revoked_at=Now(), expires_at=Now()
    )
    booked = Appointment.objects.filter(creator=creator, state=Appointment.State.BOOKED)
    over = booked.update(state=Appointment.State.CANCELLED, ended_at=Now())
    return {"appointments": over}
