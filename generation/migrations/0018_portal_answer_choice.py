"""Whether answers come by e-mail is one of a creator's choices about notices now."""

from django.db import migrations


def move(apps, schema_editor):
    choice = apps.get_model("crm", "NoticeChoice")
    before = apps.get_model("generation", "AnswerOptOut")
    choice.objects.bulk_create(
        [
            choice(creator_id=creator, kind="answer", channel="email", wanted=False)
            for creator in before.objects.values_list("creator_id", flat=True)
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("generation", "0017_film_jobs"),
        ("crm", "0018_portal_notices"),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.DeleteModel(name="AnswerOptOut"),
    ]
