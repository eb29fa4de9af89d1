from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("generation", "0022_frames_studio_tasks")]

    operations = [
        migrations.AddField(
            model_name="castcorrection",
            name="look",
            field=models.JSONField(blank=True, default=dict, verbose_name="look"),
        ),
        migrations.AlterField(
            model_name="castcorrection",
            name="kind",
            field=models.CharField(
                choices=[
                    ("merge", "is the same person as"),
                    ("split", "is somebody else than"),
                    ("rename", "is to be called"),
                    ("remove", "is no person"),
                    ("add", "is a person"),
                    ("look", "looks as you chose"),
                ],
                max_length=6,
                verbose_name="correction",
            ),
        ),
    ]
