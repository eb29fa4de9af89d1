from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('insights', '0016_insight_exchange_jobs'),
    ]

    operations = [
        migrations.AlterField(
            model_name='painchange',
            name='kind',
            field=models.CharField(choices=[('merge', 'Merge'), ('split', 'Split'), ('move', 'Move')], max_length=8, verbose_name='kind'),
        ),
    ]
