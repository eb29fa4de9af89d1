"""Search: single characters, pairs and, without Han, threes of neighbouring characters in a GIN index.

Characters are code points, so a gram is a number and no two grams share one. Statistics of the
expression tell the search how common a gram is; the index of interviews is the way down from the
newest. The pending list is kept short, because every search reads it.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION pingju_grams(t text) RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT s::bigint[]
           || ARRAY(SELECT (a::bigint << 21) | b FROM unnest(s, s[2:]) u(a, b)
                     WHERE b IS NOT NULL)
           || ARRAY(SELECT (1::bigint << 60) | (a::bigint << 26) | (b::bigint << 13) | c
                      FROM unnest(s, s[2:], s[3:]) u(a, b, c)
                     WHERE a < 8192 AND b < 8192 AND c < 8192)
      FROM (SELECT ARRAY(SELECT ascii(x) FROM unnest(string_to_array(lower(t), NULL)) x) AS s) q
$$
"""
BIGRAMS = r"""
CREATE FUNCTION pingju_bigrams(t text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT coalesce(array_agg(DISTINCT pair), '{}')
      FROM (SELECT c || lead(c) OVER (ORDER BY o) AS pair
              FROM unnest(string_to_array(lower(t), NULL)) WITH ORDINALITY AS u(c, o)) w
     WHERE pair IS NOT NULL AND pair !~ '\s'
$$
"""


class Migration(migrations.Migration):
    dependencies = [("insights", "0004_assistants_exchange")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION pingju_grams(text)"),
        migrations.RunSQL(
            "CREATE INDEX crm_utterance_grams ON crm_utterance USING gin (pingju_grams(text)) "
            "WITH (gin_pending_list_limit = 512)",
            "DROP INDEX crm_utterance_grams",
        ),
        migrations.RunSQL(
            "ALTER INDEX crm_utterance_grams ALTER COLUMN 1 SET STATISTICS 200",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "CREATE INDEX crm_interview_newest ON crm_interview (at DESC, id DESC)",
            "DROP INDEX crm_interview_newest",
        ),
        migrations.RunSQL(
            "DROP INDEX crm_utterance_bigrams",
            "CREATE INDEX crm_utterance_bigrams ON crm_utterance USING gin (pingju_bigrams(text))",
        ),
        migrations.RunSQL("DROP FUNCTION pingju_bigrams(text)", BIGRAMS),
    ]
