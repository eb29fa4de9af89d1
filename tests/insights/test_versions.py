"""A corrected transcript is a new version: highlights go along, or are listed; two people never lose."""

import hashlib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.changes import data_state
from crm.exceptions import DomainError
from crm.models import AuditEntry, TranscriptVersion, Utterance
from crm.selectors import transcript_current
from crm.services.consents import consent_withdraw
from crm.services.versions import (
    Speech,
    VersionMoved,
    speakers_rename,
    utterance_edit,
    version_add,
    version_restore,
)
from crm.transcripts.anchoring import Anchors, joined
from crm.transcripts.comparing import compared
from insights.models import CodingUnit, Evidence, Highlight, Suggestion
from insights.search import search
from insights.services.carrying import highlight_place
from tests.conftest import Person
from tests.factories.crm import UserFactory, transcript_of
from tests.factories.insights import PainPointFactory, tag

TURNS = [
    ("研究员", "最费时间的是什么？"),
    ("墨白", "分禁要画三天😀，𠮷野家那张重画了五次。真的很累。"),
    ("研究员", "后来呢？"),
    ("墨白", "后来就放弃了，找人代画。"),
]


def marked(version: TranscriptVersion, quote: str) -> Evidence:
    return tag(PainPointFactory(), transcript=version, quote=quote)


def test_a_corrected_turn_is_a_new_version_and_the_old_one_stays(bob: Person) -> None:
    base = transcript_of(TURNS)

    made, carried = utterance_edit(
        base=base, index=1, text="分镜要画三天😀，𠮷野家那张重画了五次。真的很累。", actor=bob.user
    )

    assert (made.version, made.format) == (2, "edited")
    assert made.text == "\n".join(turn.text for turn in made.utterances.order_by("index"))
    assert made.sha256 == hashlib.sha256(made.text.encode()).hexdigest()
    base.refresh_from_db()
    assert "分禁" in base.text
    assert transcript_current(base.interview) == made
    assert carried.lost == []
    assert AuditEntry.objects.filter(action="transcript.version_added").count() == 1


def test_highlights_before_and_after_move_to_the_character_with_rare_ones_between(
    bob: Person,
) -> None:
    base = transcript_of(TURNS)
    quotes = ["最费时间", "三天😀，𠮷野家", "真的很累", "后来就放弃了"]
    rows = [marked(base, quote) for quote in quotes]

    made, carried = utterance_edit(
        base=base,
        index=1,
        text="我的分镜要画三天😀，𠮷野家那张重画了五次。真的很累。",
        actor=bob.user,
    )

    assert len(carried.moved) == 4
    for row, quote in zip(rows, quotes, strict=True):
        highlight = Highlight.objects.get(pk=row.highlight_id)
        assert highlight.transcript == made
        assert highlight.text == quote == made.text[highlight.start : highlight.end]


def test_a_quote_that_is_corrected_inside_follows_and_counts_as_changed(bob: Person) -> None:
    base = transcript_of(TURNS)
    row = marked(base, "分禁要画三天")
    before = data_state().of(("evidence",))

    made, carried = utterance_edit(
        base=base, index=1, text=TURNS[1][1].replace("分禁", "分镜"), actor=bob.user
    )

    assert carried.changed == [row.highlight_id]
    highlight = Highlight.objects.get(pk=row.highlight_id)
    assert highlight.text == "分镜要画三天"
    assert highlight.transcript == made
    assert data_state().of(("evidence",)) != before


def test_what_was_replaced_is_listed_and_can_be_placed_or_taken_back(
    staff: Person,
) -> None:
    base = transcript_of(TURNS)
    row = marked(base, "重画了五次")
    page = f"/admin/insights/evidence/workspace/{base.interview_id}/"

    made, carried = utterance_edit(
        base=base, index=1, text="分禁要画三天😀，听不清。真的很累。", actor=staff.user
    )

    assert carried.lost == [row.highlight_id]
    assert Highlight.objects.get(pk=row.highlight_id).transcript == base
    assert [item["text"] for item in staff.client.get(page).context["lost"]] == ["重画了五次"]
    start = made.text.index("听不清")
    wish = {"highlight": row.highlight_id, "transcript": made.pk, "start": start, "end": start + 3}
    answer = staff.client.post(
        f"{page}place/", {**wish, "quote": "听不清"}, content_type="application/json"
    )
    assert answer.json()["lost"] == []
    assert Highlight.objects.get(pk=row.highlight_id).text == "听不清"
    with pytest.raises(DomainError):
        highlight_place(
            highlight_id=row.highlight_id, transcript=made, start=0, end=3, quote="不对的",
            actor=staff.user,
        )  # fmt: skip


def test_two_passages_that_would_become_one_are_not_merged_in_silence(bob: Person) -> None:
    base = transcript_of([("墨", "很累很累")])
    first, second = marked(base, "很累很"), marked(base, "很累很累")

    _made, carried = utterance_edit(base=base, index=0, text="很累很", actor=bob.user)

    assert sorted([*carried.moved, *carried.changed, *carried.lost]) == sorted(
        [first.highlight_id, second.highlight_id]
    )
    assert len(carried.lost) == 1


def test_passages_of_blind_rounds_and_suggestions_go_along_only_unchanged(bob: Person) -> None:
    from insights.models import CodingRound

    base = transcript_of(TURNS)
    made_round = CodingRound.objects.create(
        title="轮", first_coder=bob.user, second_coder=UserFactory(), seed=1, created_by=bob.user
    )
    kept = base.utterances.get(index=3)
    gone = base.utterances.get(index=1)
    for position, row in enumerate((kept, gone)):
        CodingUnit.objects.create(
            round=made_round, position=position, transcript=base, start=row.start, end=row.end
        )
        Suggestion.objects.create(
            transcript=base, start=row.start, end=row.end, text=row.text,
            pain=PainPointFactory(), stance="for", way="offline",
        )  # fmt: skip

    made, _carried = utterance_edit(base=base, index=1, text="完全不同的话", actor=bob.user)

    assert set(CodingUnit.objects.values_list("transcript", flat=True)) == {made.pk, base.pk}
    assert [row.text for row in Suggestion.objects.all()] == [kept.text]


def test_speakers_are_renamed_and_merged_without_touching_a_quote(bob: Person) -> None:
    base = transcript_of([*TURNS, ("说话人3", "我补充一句。")])
    row = marked(base, "后来就放弃了")

    made, carried = speakers_rename(base=base, names={"说话人3": "墨白"}, actor=bob.user)

    assert {turn.speaker for turn in made.utterances.all()} == {"研究员", "墨白"}
    assert made.text == base.text
    assert carried.moved == [row.highlight_id]


@pytest.mark.parametrize("text", ["", "  \n ", "字" * 20_001])
def test_a_turn_that_cannot_be_is_refused(bob: Person, text: str) -> None:
    base = transcript_of(TURNS)

    with pytest.raises(DomainError):
        utterance_edit(base=base, index=1, text=text, actor=bob.user)
    with pytest.raises(DomainError):
        utterance_edit(base=base, index=1, text=TURNS[1][1], actor=bob.user)  # unchanged
    assert TranscriptVersion.objects.count() == 1


def test_the_second_of_two_people_is_told_and_offered_both_corrections_in_one(
    bob: Person, staff: Person
) -> None:
    base = transcript_of(TURNS)
    utterance_edit(base=base, index=1, text=TURNS[1][1].replace("分禁", "分镜"), actor=bob.user)

    with pytest.raises(VersionMoved, match="bob") as moved:
        utterance_edit(
            base=base, index=1, text=TURNS[1][1].replace("很累", "非常累"), actor=staff.user
        )

    assert moved.value.theirs == TURNS[1][1].replace("分禁", "分镜")
    assert moved.value.merged == "分镜要画三天😀，𠮷野家那张重画了五次。真的非常累。"
    assert TranscriptVersion.objects.count() == 2
    made, _carried = utterance_edit(
        base=moved.value.newest, index=1, text=moved.value.merged, actor=staff.user
    )
    assert made.version == 3


def test_where_both_changed_the_same_place_nothing_is_joined(bob: Person, staff: Person) -> None:
    base = transcript_of(TURNS)
    utterance_edit(base=base, index=1, text=TURNS[1][1].replace("三天", "四天"), actor=bob.user)

    with pytest.raises(VersionMoved) as moved:
        utterance_edit(
            base=base, index=1, text=TURNS[1][1].replace("三天", "五天"), actor=staff.user
        )

    assert moved.value.merged is None
    assert "四天" in str(moved.value.theirs)


def test_after_a_withdrawal_nothing_is_corrected(bob: Person) -> None:
    base = transcript_of(TURNS)
    consent_withdraw(creator=base.interview.creator, purposes=["record"])

    with pytest.raises(DomainError):
        utterance_edit(base=base, index=1, text="别的话", actor=bob.user)


def test_search_finds_the_newest_words_only(bob: Person) -> None:
    base = transcript_of(TURNS)
    utterance_edit(base=base, index=1, text=TURNS[1][1].replace("分禁", "分镜"), actor=bob.user)

    assert search("分禁").count == 0
    assert search("分镜").count == 1


def test_a_whole_new_transcript_keeps_the_passages_that_are_in_it(bob: Person) -> None:
    base = transcript_of(TURNS)
    kept, gone = marked(base, "后来就放弃了"), marked(base, "𠮷野家那张重画了五次")

    made, carried = version_add(
        interview=base.interview,
        speeches=[Speech("甲", "开头的闲聊。"), Speech("墨白", "嗯，后来就放弃了，找人代画。")],
        format="speech",
        actor=bob.user,
    )

    assert kept.highlight_id in [*carried.moved, *carried.changed]
    assert carried.lost == [gone.highlight_id]
    assert Highlight.objects.get(pk=kept.highlight_id).transcript == made
    assert Utterance.objects.filter(transcript=made).count() == 2


# -- the pure part ----------------------------------------------------------------------------

TEXTS = st.text(alphabet="分镜画三天😀𠮷\n ab", max_size=40)


@given(TEXTS, TEXTS, st.data())
@settings(max_examples=150, deadline=None)
def test_a_passage_is_found_within_the_new_text_or_not_at_all(
    old: str, new: str, data: st.DataObject
) -> None:
    if not old:
        return
    start = data.draw(st.integers(0, len(old) - 1))
    end = data.draw(st.integers(start + 1, len(old)))

    anchor = Anchors(old, new).of(start, end)

    if anchor is not None:
        assert 0 <= anchor.start < anchor.end <= len(new)
        assert anchor.same is (new[anchor.start : anchor.end] == old[start:end])
    if old == new:
        assert anchor is not None
        assert (anchor.start, anchor.end) == (start, end)


@given(TEXTS, TEXTS, TEXTS)
@settings(max_examples=150, deadline=None)
def test_words_put_before_and_behind_only_shift_a_passage(text: str, head: str, tail: str) -> None:
    if not text:
        return
    anchor = Anchors(text, text + tail).of(0, len(text))

    assert anchor is not None
    assert anchor.same
    moved = Anchors(text, head + text).of(0, len(text))
    assert moved is not None


@given(TEXTS, TEXTS)
@settings(max_examples=150, deadline=None)
def test_a_correction_joined_with_none_is_that_correction(base: str, mine: str) -> None:
    assert joined(base, mine, base) == mine
    assert joined(base, base, mine) == mine
    assert joined(base, mine, mine) in (mine, None)


def test_a_long_transcript_is_compared_in_time() -> None:
    dice = random.Random(4)
    lines = ["".join(dice.choices("分镜要画三天后来就放弃了", k=40)) for _ in range(1500)]
    changed = [line if n % 50 else line[:10] + "改" + line[12:] for n, line in enumerate(lines)]

    anchors = Anchors("\n".join(lines), "\n".join(changed))

    assert sum(anchors.of(n * 41, n * 41 + 40) is not None for n in range(1500)) >= 1470


def test_versions_are_compared_turn_by_turn_to_the_character() -> None:
    old = [("甲", "分禁😀要画三天"), ("乙", "后来呢"), ("甲", "放弃了")]
    new = [("甲", "分镜😀要画三天"), ("研究员", "后来呢"), ("甲", "放弃了")]

    found = compared(old, new)

    assert found.renamed == {("乙", "研究员"): 1}
    (turn,) = found.turns
    assert [(part.kind, part.text) for part in turn.parts] == [
        ("same", "分"), ("gone", "禁"), ("added", "镜"), ("same", "😀要画三天"),
    ]  # fmt: skip
    # With other turns in it: what stands for what is found by what they say.
    longer = compared(old, [("丙", "喂"), *old, ("丙", "再见")])
    assert [(turn.index, turn.parts[0].text) for turn in longer.turns] == [(0, "喂"), (4, "再见")]
    shorter = compared(old, old[1:])
    assert [(turn.index, turn.parts[0].kind) for turn in shorter.turns] == [(None, "gone")]


def test_an_older_version_is_brought_back_and_finds_what_was_lost_since(staff: Person) -> None:
    base = transcript_of(TURNS)
    lost, kept = marked(base, "重画了五次"), marked(base, "后来就放弃了")
    utterance_edit(base=base, index=1, text="听不清。", actor=staff.user)
    url = f"/admin/crm/interview/{base.interview_id}/versions/"
    page = staff.client.get(url).content.decode()
    assert "听不清" in page
    assert '<del class="pj-del">' in page

    staff.client.post(url, {"back": base.pk})

    newest = transcript_current(base.interview)
    assert newest is not None
    assert (newest.version, newest.text) == (3, base.text)
    for row in (lost, kept):
        assert Highlight.objects.get(pk=row.highlight_id).transcript == newest
    with pytest.raises(DomainError):
        version_restore(version=base, actor=staff.user)
    assert staff.client.get(url, {"a": "1", "b": "3"}).status_code == 200
    assert staff.client.post(url, {"back": "0"}).status_code == 302
    assert base.interview.transcripts.count() == 3
    # Withdrawn: neither who spoke nor a way back is shown, and the workspace says why it is empty.
    consent_withdraw(creator=base.interview.creator, purposes=["record"])
    page = staff.client.get(url, {"a": "1", "b": "2"}).content.decode()
    assert "pj-del" not in page
    assert 'name="back"' not in page
    space = staff.client.get(f"/admin/insights/evidence/workspace/{base.interview_id}/")
    assert "创作者已撤回对这次访谈的使用同意" in space.content.decode()
