"""Search in one call of the database: its plans are kept, so that a rare word costs a few reads.

`pingju_search` takes one of two ways. Down the newest interviews, one by one, until there are
enough hits: for words that everybody says. Through the index of grams, to the ids of all that could
match, which are then filtered and put in order: for all others, and for words that turn out to be
common only in old interviews. The count comes with the page, up to `most` and one more.

Its settings say what holds inside: plans for values unknown (they do not differ), no compilation
and no helpers for what takes a millisecond, and an order read from an index instead of made.
More elements of the index are counted by ANALYZE, so that a word whose share is not known is rare.
"""

from django.db import migrations

CODED = """
EXISTS (SELECT FROM insights_highlight h JOIN insights_evidence e ON e.highlight_id = h.id
         WHERE h.transcript_id = u.transcript_id AND h.start < u."end" AND h."end" > u.start
           AND (of_pain IS NULL OR e.pain_id = of_pain))
"""
MATCHES = """
CASE WHEN NOT cased THEN u.text LIKE ANY (patterns)
     WHEN u.text LIKE ANY (letters) THEN u.text COLLATE "C" ILIKE ANY (patterns)
          OR u.text LIKE ANY (odd) AND u.text ILIKE ANY (patterns)
     ELSE false END
"""
INTERVIEWS = """
i.usable AND (of_tier IS NULL OR i.tier_then = of_tier)
AND (of_study IS NULL OR i.study_id = of_study)
AND (since IS NULL OR i.at >= since) AND (until IS NULL OR i.at < until)
AND (NOT coded OR i.id <> ALL (withheld))
"""
UTTERANCES = f"""
(speaker_like IS NULL OR u.speaker ILIKE speaker_like) AND (NOT coded OR {CODED})
"""
NEWEST = """
NOT EXISTS (SELECT FROM crm_transcriptversion newer
             WHERE newer.interview_id = t.interview_id AND newer.version > t.version)
"""
SAID = """
CREATE TYPE pingju_said AS (
    id bigint, transcript_id bigint, start integer, "end" integer, index integer,
    interview bigint, at timestamptz
)
"""
DOWNWARDS = """
CREATE FUNCTION pingju_search_downwards(
    patterns text[], letters text[], odd text[], cased boolean, wanted integer, interviews integer,
    of_tier text, of_study bigint, since timestamptz, until timestamptz, speaker_like text,
    coded boolean, of_pain bigint, withheld bigint[], OUT ids bigint[], OUT ended boolean
) LANGUAGE plpgsql STABLE AS $$
DECLARE
    version bigint;
BEGIN
    ids := '{{}}';
    ended := false;
    FOR version IN
        SELECT (SELECT t.id FROM crm_transcriptversion t WHERE t.interview_id = i.id
                 ORDER BY t.version DESC LIMIT 1)
          FROM crm_interview i WHERE {interviews}
         ORDER BY i.at DESC, i.id DESC
    LOOP
        IF interviews IS NOT NULL THEN
            interviews := interviews - 1;
            IF interviews < 0 THEN RETURN; END IF;
        END IF;
        ids := ids || ARRAY(
            SELECT u.id FROM crm_utterance u
             WHERE u.transcript_id = version AND {matches} AND {utterances}
             ORDER BY u.index LIMIT wanted - cardinality(ids));
        IF cardinality(ids) >= wanted THEN RETURN; END IF;
    END LOOP;
    ended := true;
END $$
"""
SEARCH = """
CREATE FUNCTION pingju_search(
    patterns text[], grams text[], letters text[], odd text[], cased boolean, rank_cap integer,
    count_cap integer, page integer, skipped integer, wanted integer,
    first_interviews integer, later_interviews integer, by_date boolean DEFAULT false,
    of_tier text DEFAULT NULL, study_key text DEFAULT NULL, since timestamptz DEFAULT NULL,
    until timestamptz DEFAULT NULL, speaker_like text DEFAULT NULL, coded boolean DEFAULT false,
    of_pain bigint DEFAULT NULL, withheld bigint[] DEFAULT '{{}}'
) RETURNS TABLE (
    n bigint, ranked boolean, id bigint, interview bigint, index integer, speaker text, text text,
    start_ms integer, tier text, creator bigint, name text, at_us bigint, transcript bigint
) LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan
SET jit = off SET max_parallel_workers_per_gather = 0 SET work_mem = '16MB'
SET enable_sort = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
    of_study bigint := (SELECT s.id FROM crm_study s WHERE s.key = study_key);
    probe integer := rank_cap + 1;
    ids bigint[] := '{{}}';
    said pingju_said[];
    form text;
    ended boolean := false;
    way text := CASE WHEN first_interviews > 0 THEN 'down' ELSE 'index' END;
BEGIN
    IF study_key IS NOT NULL AND of_study IS NULL THEN of_study := -1; END IF;
    n := NULL;
    ranked := false;
    IF way = 'down' THEN
        SELECT d.ids, d.ended INTO ids, ended FROM pingju_search_downwards(
            patterns, letters, odd, cased, wanted, first_interviews, of_tier, of_study, since, until,
            speaker_like, coded, of_pain, withheld) d;
        IF ended OR wanted > count_cap AND cardinality(ids) >= wanted THEN
            n := cardinality(ids);
        ELSIF cardinality(ids) >= wanted THEN
            way := 'count';
            probe := count_cap + 1;
        ELSE
            way := 'index';
        END IF;
    END IF;
    WHILE n IS NULL LOOP
        said := '{{}}';
        FOREACH form IN ARRAY grams LOOP
            said := said || ARRAY(
                SELECT (u.id, u.transcript_id, u.start, u."end", u.index, i.id, i.at)::pingju_said
                  FROM (SELECT u.* FROM crm_utterance u
                         WHERE pingju_grams(u.text) @> form::bigint[] AND {matches}
                        OFFSET 0) u  -- the index first, whatever the planner thinks
                  JOIN crm_transcriptversion t ON t.id = u.transcript_id
                  JOIN crm_interview i ON i.id = t.interview_id
                 WHERE {newest} AND {interviews} AND {utterances}
                 LIMIT probe);
        END LOOP;
        IF cardinality(grams) > 1 THEN
            said := ARRAY(SELECT DISTINCT x::pingju_said FROM unnest(said) x);
        END IF;
        IF way = 'count' THEN
            n := cardinality(said);
        ELSIF probe IS NULL OR cardinality(said) <= rank_cap AND cardinality(grams) > 0 THEN
            n := cardinality(said);
            ranked := NOT by_date AND n <= rank_cap;
            ids := ARRAY(
                SELECT u.id FROM unnest(said) u
                 ORDER BY CASE WHEN ranked AND u.interview <> ALL (withheld) THEN {evidence}
                               ELSE false END DESC,
                          u.at DESC, u.interview DESC, u.index);
        ELSIF cardinality(grams) = 0 OR count_cap <= rank_cap THEN
            -- Too many to rank: the newest of them, and if those are far apart, all of them after all.
            SELECT d.ids, d.ended INTO ids, ended FROM pingju_search_downwards(
                patterns, letters, odd, cased, CASE WHEN cardinality(grams) = 0 AND wanted IS NOT NULL
                    THEN greatest(wanted, count_cap + 1) ELSE wanted END,
                CASE WHEN cardinality(grams) > 0 THEN later_interviews END,
                of_tier, of_study, since, until, speaker_like, coded, of_pain, withheld) d;
            IF ended OR cardinality(ids) >= wanted THEN
                n := greatest(cardinality(said), cardinality(ids));
            END IF;
            probe := NULL;
        ELSE
            probe := NULL;
        END IF;
    END LOOP;
    RETURN QUERY
    SELECT n, ranked, p.* FROM (SELECT) one LEFT JOIN (
        SELECT u.id, t.interview_id, u.index, u.speaker::text, u.text, u.start_ms,
               i.tier_then::text, i.creator_id, c.name::text,
               (extract(epoch FROM i.at) * 1000000)::bigint, u.transcript_id
          FROM unnest(ids[skipped + 1:skipped + page]) WITH ORDINALITY found(id, place)
          JOIN crm_utterance u ON u.id = found.id
          JOIN crm_transcriptversion t ON t.id = u.transcript_id
          JOIN crm_interview i ON i.id = t.interview_id
          JOIN crm_creator c ON c.id = i.creator_id
         ORDER BY found.place) p ON true;
END $$
"""
SIGNATURES = (
    "pingju_search_downwards(text[], text[], text[], boolean, integer, integer, text, bigint, "
    "timestamptz, timestamptz, text, boolean, bigint, bigint[])",
    "pingju_search(text[], text[], text[], text[], boolean, integer, integer, integer, integer, "
    "integer, integer, integer, boolean, text, text, timestamptz, timestamptz, text, boolean, "
    "bigint, bigint[])",
)
PARTS = {
    "interviews": INTERVIEWS,
    "matches": MATCHES,
    "utterances": UTTERANCES,
    "newest": NEWEST,
    "evidence": CODED.replace("of_pain IS NULL OR e.pain_id = of_pain", "true"),
}


class Migration(migrations.Migration):
    dependencies = [("insights", "0011_portal_voice"), ("crm", "0010_ledger_payer_search")]

    operations = [
        migrations.RunSQL(SAID, "DROP TYPE pingju_said"),
        migrations.RunSQL(DOWNWARDS.format(**PARTS), f"DROP FUNCTION {SIGNATURES[0]}"),
        migrations.RunSQL(SEARCH.format(**PARTS), f"DROP FUNCTION {SIGNATURES[1]}"),
        migrations.RunSQL(
            "ALTER INDEX crm_utterance_grams ALTER COLUMN 1 SET STATISTICS 500",
            "ALTER INDEX crm_utterance_grams ALTER COLUMN 1 SET STATISTICS 200",
        ),
    ]
