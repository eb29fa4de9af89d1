"""Substring search over Chinese and English: pairs of neighbouring characters in a GIN index."""

from django.db import migrations

FUNCTION = r"""
CREATE FUNCTION pingju_bigrams(t text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT coalesce(array_agg(DISTINCT pair), '{}')
      FROM (SELECT c || lead(c) OVER (ORDER BY o) AS pair
              FROM unnest(string_to_array(lower(t), NULL)) WITH ORDINALITY AS u(c, o)) w
     WHERE pair IS NOT NULL AND pair !~ '\s'
$$
"""


class Migration(migrations.Migration):
    dependencies = [("insights", "0001_initial"), ("crm", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION pingju_bigrams(text)"),
        migrations.RunSQL(
            "CREATE INDEX crm_utterance_bigrams ON crm_utterance USING gin (pingju_bigrams(text))",
            "DROP INDEX crm_utterance_bigrams",
        ),
    ]
