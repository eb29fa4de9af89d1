# Amounts in micro-units instead of minor units: a call may cost less than a fen.

from django.db import migrations, models
from django.db.models import F


def to_micro(apps, schema_editor):
    apps.get_model("engines", "Budget").objects.update(
        cap_micro=F("cap_micro") * 10_000,
        reserved_micro=F("reserved_micro") * 10_000,
        spent_micro=F("spent_micro") * 10_000,
    )
    apps.get_model("engines", "PaidCall").objects.update(
        reserved_micro=F("reserved_micro") * 10_000, cost_micro=F("cost_micro") * 10_000
    )


class Migration(migrations.Migration):
    dependencies = [("engines", "0001_initial")]

    operations = [
        migrations.RemoveConstraint("budget", "budget_not_negative"),
        migrations.RemoveConstraint("budget", "budget_under_cap"),
        migrations.RenameField("budget", "cap_minor", "cap_micro"),
        migrations.RenameField("budget", "reserved_minor", "reserved_micro"),
        migrations.RenameField("budget", "spent_minor", "spent_micro"),
        migrations.RenameField("paidcall", "reserved_minor", "reserved_micro"),
        migrations.RenameField("paidcall", "cost_minor", "cost_micro"),
        migrations.RunPython(to_micro, migrations.RunPython.noop),
    ]
