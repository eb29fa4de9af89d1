"""Counting evidence by pain point from an index alone; highlights found by their words."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("insights", "0008_assistants_work")]

    operations = [
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(
                fields=["pain", "stance", "creator", "interview"], name="evidence_pain_counted"
            ),
        ),
        migrations.RunSQL(
            "CREATE INDEX insights_highlight_grams ON insights_highlight "
            "USING gin (pingju_grams(text)) WITH (gin_pending_list_limit = 512)",
            "DROP INDEX insights_highlight_grams",
        ),
    ]
