"""Triggers that note, in the transaction of the change, which summaries it leaves behind.

Months are those of the house's own time zone, here and in `crm.services.paying`.
"""

import pgtrigger

_NOTE_PAYMENTS = """
    INSERT INTO crm_spelldue (creator_id)
        SELECT DISTINCT creator_id FROM noted WHERE creator_id IS NOT NULL;
    INSERT INTO crm_monthdue (month)
        SELECT DISTINCT date_trunc('month', occurred_at AT TIME ZONE 'Asia/Shanghai')::date
        FROM noted;
    WITH touched AS (
        SELECT charge.creator_id, charge.occurred_at
        FROM noted JOIN crm_payment charge ON charge.provider = noted.provider
            AND charge.object_id = noted.refund_of AND charge.kind = 'charge'
        WHERE noted.refund_of <> ''
    ), months AS (
        INSERT INTO crm_monthdue (month)
        SELECT DISTINCT date_trunc('month', occurred_at AT TIME ZONE 'Asia/Shanghai')::date
        FROM touched
    )
    INSERT INTO crm_spelldue (creator_id)
        SELECT DISTINCT creator_id FROM touched WHERE creator_id IS NOT NULL;
    RETURN NULL;
"""
_NOTE_FORMER_PAYERS = """
    INSERT INTO crm_spelldue (creator_id)
        SELECT DISTINCT creator_id FROM earlier WHERE creator_id IS NOT NULL;
"""

NOTE_PAYMENTS = [
    pgtrigger.Trigger(
        name="note_new_payments",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="noted"),
        func=_NOTE_PAYMENTS,
    ),
    pgtrigger.Trigger(
        name="note_matched_payments",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        referencing=pgtrigger.Referencing(new="noted", old="earlier"),
        func=_NOTE_FORMER_PAYERS + _NOTE_PAYMENTS,
    ),
]
"""Note, with the payments themselves, whose stretches and which months they change."""

NOTE_TIERS = [
    pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(new="noted"),
        func="""
    INSERT INTO crm_spelldue (creator_id) SELECT DISTINCT creator_id FROM noted;
    INSERT INTO crm_monthdue (month)
        SELECT DISTINCT date_trunc('month', paid.occurred_at AT TIME ZONE 'Asia/Shanghai')::date
        FROM noted JOIN crm_payment paid ON paid.creator_id = noted.creator_id
            AND paid.occurred_at >= noted.at;
    RETURN NULL;
""",
    )
    for name, operation in (
        ("note_tier_history", pgtrigger.Insert),
        ("note_tier_corrected", pgtrigger.Update),
    )
]
"""A tier that is said to have begun earlier moves what was paid since into it."""

NOTE_CREATORS = [
    pgtrigger.Trigger(
        name=f"note_{name}_creators",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(new="noted"),
        func="""
    INSERT INTO crm_spelldue (creator_id) SELECT id FROM noted;
    RETURN NULL;
""",
    )
    for name, operation in (("new", pgtrigger.Insert), ("changed", pgtrigger.Update))
]
"""Who has never paid counts too: in the denominators."""
