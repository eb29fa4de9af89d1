from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

# A name without blanks and marks, in small letters: as crm.payer_search.plain() makes it.
PLAIN = r"""
CREATE FUNCTION crm_plain(said text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$ SELECT lower(regexp_replace(said, '(\W|_)+', '', 'g')) $$;
"""

WORDS = [
    ("crm_creator", "name", "creator_name"),
    ("crm_creator", "handle", "creator_handle"),
    ("crm_payername", "name", "payer_name"),
]


def _indexes() -> list[migrations.RunSQL]:
    """From the front, from the back (`*北` shows only the end), and by likeness."""
    found = []
    for table, column, name in WORDS:
        plain = f"crm_plain({column})"
        kinds = {
            "plain": f"({plain} text_pattern_ops)",
            "back": f"(reverse({plain}) text_pattern_ops)",
            "like": f"USING gin ({plain} gin_trgm_ops)",
        }
        for kind, how in kinds.items():
            found.append(
                migrations.RunSQL(
                    f"CREATE INDEX {name}_{kind} ON {table} {how}", f"DROP INDEX {name}_{kind}"
                )
            )
    return found


class Migration(migrations.Migration):

    dependencies = [
        ("crm", "0009_ledger_reconciliation"),
    ]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(PLAIN, "DROP FUNCTION crm_plain(text)"),
        *_indexes(),
        migrations.RunSQL(
            "CREATE INDEX user_email_like ON crm_user USING gin (lower(email) gin_trgm_ops)",
            "DROP INDEX user_email_like",
        ),
    ]
