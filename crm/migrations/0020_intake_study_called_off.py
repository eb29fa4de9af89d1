from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0019_intake_tier_undo'),
    ]

    operations = [
        migrations.AddField(
            model_name='study',
            name='called_off_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='called off'),
        ),
        migrations.AddField(
            model_name='study',
            name='called_off_why',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=240, verbose_name='why'),
        ),
    ]
