"""What leaves the team: nobody's words without their consent, nobody's name without theirs to it."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from crm.exceptions import DomainError
from crm.models import (
    AuditEntry,
    Consent,
    CreatorMerge,
    PayerName,
    Study,
    TeamNotice,
    TranscriptVersion,
)
from crm.services.versions import utterance_edit
from generation.models import AlarmPolicy, Feature, GroundsChange, Justification
from generation.services.grounds import grounds_check
from insights.models import Evidence, PainPoint, QuoteLevel, QuoteLimit
from insights.outward import Cover, outward
from insights.querysets import EvidenceQuerySet
from insights.selectors import quotes_of
from insights.services.carrying import highlight_place
from insights.services.highlights import evidence_remove
from insights.services.quote_limits import quote_limit
from insights.services.shares import share_create, share_token
from tests.conftest import Person
from tests.factories.crm import CreatorFactory, StudyFactory, UserFactory, transcript_of
from tests.factories.generation import FeatureFactory
from tests.factories.insights import PainPointFactory, tag

pytestmark = pytest.mark.django_db

# Whose consents say what; the words and the name of each are found nowhere else.
NAMED, NAMELESS, UNASKED, REFUSED = "named", "nameless", "unasked", "refused"
PURPOSES = {NAMED: ("quote_named", True), NAMELESS: ("quote_anonymous", True), REFUSED: ("quote_named", False)}  # fmt: skip


@dataclass
class Voices:
    study: Study
    pain: PainPoint
    feature: Feature
    rows: dict[str, Evidence]
    staff: Person
    alice: Person


def words(who: str) -> str:
    return f"words{who}5b1"


def pen(who: str) -> str:
    return f"pen{who}5b1"


@pytest.fixture
def voices(alice: Person, staff: Person) -> Voices:
    """Four creators, one a consent; the one quoted by name has a login."""
    study, pain, feature = StudyFactory(key="flow"), PainPointFactory(), FeatureFactory(key="board")
    Justification.objects.create(feature=feature, claim_zh="最痛", pain=pain)
    rows = {}
    for who in (NAMED, NAMELESS, UNASKED, REFUSED):
        creator = alice.as_creator if who == NAMED else CreatorFactory()
        creator.name = pen(who)
        creator.save()
        said = transcript_of(
            [(pen(who), f"我是{pen(who)}，{words(who)}。")], study=study, creator=creator
        )
        rows[who] = tag(pain, transcript=said, quote=said.text)
        if who in PURPOSES:
            purpose, given = PURPOSES[who]
            Consent.objects.create(creator=creator, purpose=purpose, given=given, channel="staff")
    return Voices(study, pain, feature, rows, staff, alice)


def shared(voices: Voices) -> str:
    share = share_create(
        page="pain", params={"pain": str(voices.pain.pk)}, pains=[voices.pain.pk], note="for Ana",
        days=3, actor=voices.staff.user,
    )  # fmt: skip
    return Client().get(f"/shared/{share_token(share)}/").content.decode()


def exported(suffix: str) -> Callable[[Voices], str]:
    def read(voices: Voices) -> str:
        url = f"/admin/insights/qdaimport/exchange/flow.{suffix}"
        answer = voices.staff.client.get(url, {"for": "outside"})
        assert answer.status_code == 200
        data = answer.content
        if suffix == "xlsx":
            book = openpyxl.load_workbook(io.BytesIO(data))
            return str([[cell.value for cell in row] for sheet in book for row in sheet])
        if suffix == "qdpx":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return "".join(archive.read(name).decode() for name in archive.namelist())
        return data.decode()

    return read


def dossier_file(kind: str) -> Callable[[Voices], str]:
    def read(voices: Voices) -> str:
        url = f"/admin/generation/feature/board/dossier{kind}"
        answer = voices.staff.client.get(url)
        assert answer.status_code == 200, url
        return answer.content.decode()

    return read


def printed(page: str) -> Callable[[Voices], str]:
    """What is left of a page on paper: without what its style hides there."""

    def read(voices: Voices) -> str:
        from lxml import html

        url = {
            "dossier": "/admin/generation/feature/board/dossier/",
            "pain": f"/admin/insights/painpoint/{voices.pain.pk}/page/",
            "chain": f"/admin/generation/feature/chain/{voices.rows[NAMELESS].pk}/",
        }[page]
        tree = html.fromstring(voices.staff.client.get(url).content)
        hidden = "pj-unprinted", "pj-side", "pj-team"
        for element in tree.xpath("//*[@data-noprint]|//*[@id='nav-sidebar']"):
            element.drop_tree()
        for name in hidden:
            for element in tree.xpath(f"//*[contains(@class, '{name}')]"):
                if element.getparent() is not None:
                    element.drop_tree()
        return str(tree.text_content())

    return read


def commanded(*options: str) -> Callable[[Voices], str]:
    def read(voices: Voices) -> str:
        out = io.StringIO()
        call_command("dossier", "board", "--outside", *options, stdout=out)
        return out.getvalue()

    return read


ROUTES: dict[str, Callable[[Voices], str]] = {
    "link": shared,
    "dossier md": dossier_file(".md"),
    "dossier json": dossier_file(".json"),
    "dossier printed": printed("dossier"),
    "pain printed": printed("pain"),
    "command": commanded(),
    "command json": commanded("--json"),
    **{suffix: exported(suffix) for suffix in ("csv", "xlsx", "md", "html", "qdpx")},
}


@pytest.fixture(params=ROUTES)
def route(request: pytest.FixtureRequest) -> Callable[[Voices], str]:
    return ROUTES[request.param]


def heard(text: str) -> set[str]:
    return {who for who in (NAMED, NAMELESS, UNASKED, REFUSED) if words(who) in text}


def test_only_words_with_consent_leave_and_names_only_with_theirs(
    voices: Voices, route: Callable[[Voices], str]
) -> None:
    text = route(voices)

    assert heard(text) == {NAMED, NAMELESS}
    assert pen(NAMED) in text
    assert pen(UNASKED) not in text
    assert pen(NAMELESS) not in text
    # The control: with consent the very same route shows them, by name.
    for who in (NAMELESS, UNASKED):
        Consent.objects.create(
            creator=voices.rows[who].creator, purpose="quote_named", given=True, channel="portal"
        )
    text = route(voices)
    assert heard(text) == {NAMED, NAMELESS, UNASKED}
    assert pen(UNASKED) in text


def test_a_limit_on_one_quote_goes_for_every_way_out_at_once(
    voices: Voices, route: Callable[[Voices], str]
) -> None:
    row = voices.rows[NAMED]
    assert pen(NAMED) in route(voices)

    quote_limit(creator=row.creator, evidence=row, level=1)
    text = route(voices)
    assert words(NAMED) in text
    assert pen(NAMED) not in text
    for level in (2, 3):
        quote_limit(creator=row.creator, evidence=row, level=level)
        assert heard(route(voices)) == {NAMELESS}
    # As agreed again: the last word counts, and no limit opens more than the interview does.
    quote_limit(creator=row.creator, evidence=row, level=0)
    assert pen(NAMED) in route(voices)
    unasked = voices.rows[UNASKED]
    quote_limit(creator=unasked.creator, evidence=unasked, level=1)
    assert heard(route(voices)) == {NAMED, NAMELESS}


NAMES = (
    "林小鹿（鹿鹿）",
    "@moxue_draws",
    "墨雪🌸",
    "José Álvarez",
    "約翰·史密斯",
    "𠮷野家",
    "Ann Lee",
)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("我是林 小鹿，都叫我鹿鹿。", "我是████，都叫我██。"),
        ("林\u200b小鹿和墨雪", "████和██"),
        ("annual Ann's ＡＮＮ ann lee", "annual ███'s ███ ███████"),
        ("Jose\u0301 来了，找 moxue-draws", "█████ 来了，找 ███████████"),
        ("约翰说𠮷野家🐱好", "██说███🐱好"),
        ("林小\n鹿", "██\n█"),
        ("小鹿乱撞，鹿跑了", "██乱撞，鹿跑了"),
    ],
)
def test_names_are_black_however_they_are_written_sign_for_sign(said: str, shown: str) -> None:
    assert Cover(NAMES)(said) == shown
    assert Cover(())(said) == said  # the control


CALLED = ("王小雨", "陳小滿", "欧阳雪梅 Alice Chen", "Bo Li")
SAID = "小雨说小滿来，小满和雪梅、Alice 问 alice，Bo's Bo boat，Li 答 Lily。"


def test_the_given_name_alone_is_black_but_no_word_of_one_sign_and_no_part_of_another() -> None:
    assert Cover(CALLED)(SAID) == "██说██来，██和██、█████ 问 █████，██'s ██ boat，██ 答 Lily。"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("王雨", "雨天我画王和雨"),  # a given name of one sign
        ("欧阳雪", "阳雪融了，雪停了"),
        ("金手指", "手指疼，画不动"),  # a pen name: an ordinary word behind a surname
        ("画画的", "画的都不满意"),  # no surname
        ("王小雨点", "小雨点点"),
        ("AI Girl", "AI 帮我画"),  # short forms are no names
        ("So He", "he said so"),
    ],
)
def test_what_is_no_given_name_stays(name: str, said: str) -> None:
    assert Cover([name])(said) == said


def test_without_the_given_names_they_would_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("insights.outward.given_name", lambda name: "")
    assert "小雨说" in Cover(CALLED)(SAID)


def test_every_name_that_a_speaker_is_known_by_is_black_in_their_words(
    voices: Voices, route: Callable[[Voices], str]
) -> None:
    row, who = voices.rows[NAMELESS], voices.rows[NAMELESS].creator
    who.handle, who.user = "@handle5b1", UserFactory(first_name="nick5b1")
    who.save()
    PayerName.objects.create(creator=who, name="payer5b1")
    CreatorMerge.objects.create(target=who, source_id=9, source_name="merged5b1")
    known = ("handle5b1", "nick5b1", "payer5b1", "merged5b1", "label5b1")
    told = f"{words(NAMELESS)}，{'、'.join(known)}。"
    again = transcript_of([("label5b1", told), ("研究员", "嗯")], study=voices.study, creator=who)
    tag(voices.pain, transcript=again, quote=told)
    noted = tag(voices.pain, transcript=again, quote=told, coder=UserFactory())
    Evidence.objects.filter(pk=noted.pk).update(workaround=f"问 {known[1]}")
    Consent.objects.create(creator=who, purpose="quote_anonymous", given=True, channel="staff")

    text = route(voices)

    assert words(NAMELESS) in text
    assert [name for name in known if name in text] == []
    # The control: by name, the very same route shows them all.
    Consent.objects.create(creator=who, purpose="quote_named", given=True, channel="staff")
    text = route(voices)
    assert [name for name in known if name in text] == list(known)
    assert row.creator_id == who.pk


def test_pages_of_the_team_print_no_quote(voices: Voices) -> None:
    row = voices.rows[NAMELESS]
    for url in (
        f"/admin/generation/feature/chain/{row.pk}/",
        reverse("admin:insights_workspace", args=[row.interview_id]),
        f"/admin/crm/creator/{row.creator_id}/timeline/",
        f"{reverse('admin:insights_search')}?q={words(NAMELESS)}",
    ):
        page = voices.staff.client.get(url, follow=True).content.decode()
        assert words(NAMELESS) in page, url
        assert "pj-team" in page, url


def test_the_guard_itself_refuses_what_may_not_leave(
    voices: Voices, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a route forgets the filter, forming the outward quote fails instead of showing it."""
    for who in (UNASKED, REFUSED):
        with pytest.raises(ValueError, match="may not be quoted outside"):
            outward(voices.rows[who])
    monkeypatch.setattr(EvidenceQuerySet, "shareable", EvidenceQuerySet.all)
    with pytest.raises(ValueError, match="may not be quoted outside"):
        exported("csv")(voices)


def test_the_team_reads_what_is_for_the_team_and_is_told_so(voices: Voices) -> None:
    url = "/admin/insights/qdaimport/exchange/flow."
    table = voices.staff.client.get(f"{url}csv", {"for": "team"})
    project = voices.staff.client.get(f"{url}qdpx")
    api = voices.staff.client.get(f"/api/v1/pains/{voices.pain.pk}/quotes/")

    assert heard(table.content.decode()) == {NAMED, NAMELESS, UNASKED}
    assert "-team.csv" in table.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(project.content)) as archive:
        assert words(UNASKED) in str([archive.read(name).decode() for name in archive.namelist()])
    assert {row["quoting"] for row in api.json()["results"]} == {"named", "anonymous", "none"}
    assert voices.alice.client.get(f"/api/v1/pains/{voices.pain.pk}/quotes/").status_code == 404


def test_a_quote_that_may_go_nowhere_is_quoted_nowhere_within_the_team_either(
    voices: Voices,
) -> None:
    row, twin = voices.rows[NAMED], PainPointFactory()
    # Another coder's passage shares one word with it, and a later one shares another.
    said = row.highlight.transcript
    near = tag(twin, transcript=said, quote=words(NAMED))

    quote_limit(creator=row.creator, evidence=row, level=3)

    later = tag(PainPointFactory(), transcript=said, quote=f"{words(NAMED)}。")
    for coding in (row, near, later):
        coding.refresh_from_db()
        assert (coding.held, coding.quoting) == (3, "withdrawn")
    assert row not in quotes_of(voices.pain)
    pages = (
        f"/admin/insights/painpoint/{voices.pain.pk}/page/",
        "/admin/generation/feature/board/dossier/",
        f"/admin/crm/creator/{row.creator_id}/timeline/",
        "/admin/insights/evidence/",
        f"/admin/generation/feature/chain/{row.pk}/",
        f"/api/v1/pains/{voices.pain.pk}/quotes/",
        "/api/v1/features/board/dossier/",
    )
    for page in pages:
        answer = voices.staff.client.get(page)
        assert answer.status_code == 200, page
        assert words(NAMED) not in answer.content.decode(), page
    # Its speaker still sees it, to say otherwise.
    assert words(NAMED) in voices.alice.client.get("/studio/me/words/").content.decode()


def test_a_limit_outlives_the_coding_it_was_set_on(voices: Voices, bob: Person) -> None:
    row = voices.rows[NAMED]
    quote_limit(creator=row.creator, evidence=row, level=2)
    said, quote = row.highlight.transcript, row.highlight.text

    evidence_remove(evidence=row, actor=bob.user)

    assert tag(voices.pain, transcript=said, quote=quote, coder=bob.user).held == 2


def test_a_limit_moves_along_when_the_transcript_is_corrected(voices: Voices, bob: Person) -> None:
    row = voices.rows[NAMED]
    quote_limit(creator=row.creator, evidence=row, level=2)
    said = row.highlight.transcript

    version, carried = utterance_edit(
        base=said, index=0, text=f"嗯，{said.text}", actor=bob.user, speaker="她"
    )

    assert carried.moved == [row.highlight_id]
    again = tag(PainPointFactory(), transcript=version, quote=words(NAMED), coder=bob.user)
    assert again.held == 2


def corrected(said: TranscriptVersion, text: str, bob: Person) -> tuple[TranscriptVersion, Any]:
    return utterance_edit(base=said, index=0, text=text, actor=bob.user)


def test_a_limit_holds_for_the_words_that_replaced_the_limited_ones(
    voices: Voices, bob: Person
) -> None:
    row = voices.rows[NAMED]
    said = row.highlight.transcript
    quote_limit(creator=row.creator, evidence=row, level=2)

    version, carried = corrected(said, "完全换了一句别的话，跟前面没有关系", bob)

    assert carried.lost == [row.highlight_id]
    again = tag(PainPointFactory(), transcript=version, quote="别的话", coder=bob.user)
    assert (again.held, again.quoting) == (2, "none")
    # Its speaker reads the new words in the portal and says otherwise; nobody else can.
    page = voices.alice.client.get("/studio/me/words/").content.decode()
    assert "完全换了一句别的话，跟前面没有关系" in page
    guard = QuoteLimit.objects.order_by("-pk")[0].highlight
    url = f"/studio/me/words/passage/{guard.pk}/"
    assert bob.client.post(url, {"level": "0"}).status_code == 404
    assert voices.alice.client.post(url, {"level": ""}).status_code == 422
    assert voices.alice.client.post(url, {"level": "0"}).status_code == 302
    again.refresh_from_db()
    assert again.held == 0
    # What they said once counts: the next correction beside it brings no limit back.
    later, _carried = corrected(version, f"{version.text}。对", bob)
    assert tag(PainPointFactory(), transcript=later, quote="没有关系", coder=bob.user).held == 0


def test_taking_words_out_and_bringing_them_back_frees_them_of_no_limit(
    voices: Voices, bob: Person
) -> None:
    said = transcript_of(
        [("她", "我只画古风，别的不画"), ("研究员", "那么一个月画几张呢")],
        study=voices.study, creator=voices.alice.as_creator,
    )  # fmt: skip
    row = tag(voices.pain, transcript=said, quote="我只画古风，别的不画")
    quote_limit(creator=row.creator, evidence=row, level=3)

    without, _carried = corrected(said, "嗯", bob)
    back, _carried = corrected(without, "开头。我只画古风，别的不画", bob)

    assert tag(PainPointFactory(), transcript=back, quote="只画古风", coder=bob.user).held == 3
    assert tag(PainPointFactory(), transcript=back, quote="一个月画几张", coder=bob.user).held == 0


def test_two_passages_that_become_one_keep_the_stricter_limit(voices: Voices, bob: Person) -> None:
    said = transcript_of(
        [("她", "很贵很贵真的")], study=voices.study, creator=voices.alice.as_creator
    )
    free = tag(voices.pain, transcript=said, quote="很贵很贵")
    held = tag(PainPointFactory(), transcript=said, quote="很贵很贵真的")
    quote_limit(creator=held.creator, evidence=held, level=2)
    quote_limit(creator=free.creator, evidence=free, level=1)

    version, carried = corrected(said, "很贵很贵", bob)

    assert len(carried.lost) == 1
    assert tag(PainPointFactory(), transcript=version, quote="很贵很贵", coder=bob.user).held == 2


def test_codings_placed_where_a_limit_stands_join_it(voices: Voices, bob: Person) -> None:
    row = voices.rows[NAMED]
    quote_limit(creator=row.creator, evidence=row, level=1)
    version, _carried = corrected(row.highlight.transcript, "换了一句话来说", bob)

    placed = highlight_place(
        highlight_id=row.highlight_id, transcript=version, start=0, end=len(version.text),
        quote=version.text, actor=bob.user,
    )  # fmt: skip

    row.refresh_from_db()
    assert (row.highlight_id, row.held, placed.text) == (placed.pk, 1, version.text)


def test_the_workspace_says_how_far_a_quote_may_go(voices: Voices, bob: Person) -> None:
    row = voices.rows[NAMED]

    def limits() -> list[str]:
        url = reverse("admin:insights_workspace", args=[row.interview_id])
        page = voices.staff.client.get(url).content.decode()
        data = page.partition('id="highlights-data" type="application/json">')[2]
        return [item["limit"] for item in json.loads(data.partition("</script>")[0])]

    with translation.override("en"):
        assert limits() == [""]
        quote_limit(creator=row.creator, evidence=row, level=2)
        assert limits() == [str(QuoteLevel.TEAM.label)]
        corrected(row.highlight.transcript, "换了一句话来说", bob)
        assert limits() == [str(QuoteLevel.TEAM.label)]


def test_the_limits_are_append_only_and_audited(voices: Voices) -> None:
    row = voices.rows[NAMED]
    for level in (3, 3, 0):
        quote_limit(creator=row.creator, evidence=row, level=level, actor=voices.alice.user)

    assert list(QuoteLimit.objects.order_by("pk").values_list("level", flat=True)) == [3, 0]
    assert AuditEntry.objects.filter(action="quote.limited").count() == 2
    for change in ("UPDATE insights_quotelimit SET level = 0", "DELETE FROM insights_quotelimit"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_no_write_sets_a_coding_free_against_its_limit(voices: Voices) -> None:
    row = voices.rows[NAMED]
    quote_limit(creator=row.creator, evidence=row, level=3)

    Evidence.objects.filter(pk=row.pk).update(held=0)

    row.refresh_from_db()
    assert row.held == 3


def test_strangers_and_unknown_levels_are_refused(voices: Voices, charlie: Person) -> None:
    row = voices.rows[NAMED]
    for creator, level, code in (
        (charlie.as_creator, 3, "not_yours"),
        (row.creator, 4, "no_level"),
    ):
        with pytest.raises(DomainError) as refused:
            quote_limit(creator=creator, evidence=row, level=level)
        assert refused.value.code == code
    url = f"/studio/me/words/{row.pk}/"
    assert charlie.client.post(url, {"level": "3"}).status_code == 404
    assert voices.alice.client.post(url, {"level": "７"}).status_code == 422
    assert voices.alice.client.post(url, {"level": ""}).status_code == 422
    assert not QuoteLimit.objects.exists()
    assert voices.alice.client.post(url, {"level": "2"}).status_code == 302
    assert QuoteLimit.objects.get().level == 2


def test_who_took_the_words_out_is_asked_to_delete_them_and_owners_hear_of_it(
    voices: Voices,
) -> None:
    row = voices.rows[NAMED]
    voices.feature.owner = voices.staff.user
    voices.feature.save()
    grounds_check()
    exported("csv")(voices)

    quote_limit(creator=row.creator, evidence=row, level=3, actor=voices.alice.user)

    notice = TeamNotice.objects.get(topic__startswith="quote_limit:")
    assert notice.user == voices.staff.user
    assert "csv" in notice.body
    grounds_check()
    change = GroundsChange.objects.get()
    assert (change.kind, change.row, change.who) == ("withdrawn", row.pk, pen(NAMED))


def test_the_alarm_forgets_a_quote_it_kept_when_it_may_go_nowhere(voices: Voices) -> None:
    row = voices.rows[NAMED]
    kept = {"numbers": [{"quotes": [{"evidence": row.pk, "text": row.highlight.text}]}]}
    policy = AlarmPolicy.objects.create(pk=1)
    AlarmPolicy.objects.filter(pk=policy.pk).update(current=kept)

    quote_limit(creator=row.creator, evidence=row, level=2)
    policy.refresh_from_db()
    assert words(NAMED) in json.dumps(policy.current)
    quote_limit(creator=row.creator, evidence=row, level=3)

    policy.refresh_from_db()
    assert words(NAMED) not in json.dumps(policy.current)
