"""Sums the calls that were there before the triggers were."""

from django.db import migrations

FILL = """
        INSERT INTO engines_callday (day, engine, model, purpose, currency, shard, calls, failed, input_tokens, output_tokens, cached_tokens, cost_micro)
        SELECT day, engine, model, purpose, currency, pg_backend_pid() % 16, sum(calls), sum(failed), sum(input_tokens), sum(output_tokens), sum(cached_tokens), sum(cost_micro)
          FROM (
        SELECT (coalesce(ended_at, reserved_at) AT TIME ZONE 'Asia/Shanghai')::date AS day,
               engine, model, purpose, currency, (CASE WHEN state = 'settled' THEN 1 ELSE 0 END) AS calls,
               (CASE WHEN state = 'failed' THEN 1 ELSE 0 END) AS failed, (CASE WHEN state = 'settled' THEN 1 ELSE 0 END) * input_tokens, (CASE WHEN state = 'settled' THEN 1 ELSE 0 END) * output_tokens, (CASE WHEN state = 'settled' THEN 1 ELSE 0 END) * cached_tokens, (CASE WHEN state = 'settled' THEN 1 ELSE 0 END) * cost_micro
          FROM engines_paidcall
    ) AS rows (day, engine, model, purpose, currency, calls, failed, input_tokens, output_tokens, cached_tokens, cost_micro)
         GROUP BY day, engine, model, purpose, currency
        HAVING sum(calls) <> 0 OR sum(failed) <> 0 OR sum(input_tokens) <> 0 OR sum(output_tokens) <> 0 OR sum(cached_tokens) <> 0 OR sum(cost_micro) <> 0
         ORDER BY day, engine, model, purpose, currency
        ON CONFLICT (day, engine, model, purpose, currency, shard) DO UPDATE SET calls = engines_callday.calls + EXCLUDED.calls, failed = engines_callday.failed + EXCLUDED.failed, input_tokens = engines_callday.input_tokens + EXCLUDED.input_tokens, output_tokens = engines_callday.output_tokens + EXCLUDED.output_tokens, cached_tokens = engines_callday.cached_tokens + EXCLUDED.cached_tokens, cost_micro = engines_callday.cost_micro + EXCLUDED.cost_micro;
    """


class Migration(migrations.Migration):
    dependencies = [("engines", "0005_prompts_call_days")]

    operations = [migrations.RunSQL(FILL, "DELETE FROM engines_callday")]
