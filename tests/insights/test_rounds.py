"""Second coding that is blind: drawn, read, compared, settled in words that stay."""

import pytest
from django.db import DatabaseError, transaction

from crm.models import AuditEntry, Consent, TranscriptVersion
from generation.models import Justification
from insights.findings.agreement import agreement
from insights.findings.queue import disputes, is_blind, next_unit, rounds, to_read
from insights.findings.selection import Selection
from insights.models import (
    Adjudication,
    CodingRound,
    Evidence,
    PainPoint,
    Share,
    Suggestion,
)
from insights.services.assistants import suggest_start
from insights.services.rounds import round_open, unit_adjudicate, unit_read
from insights.services.shares import share_create, share_token
from tests.conftest import Person
from tests.factories.crm import StudyFactory, transcript_of
from tests.factories.generation import FeatureFactory
from tests.factories.insights import PainPointFactory, tag
from tests.insights.refusal import refused

FEATURE = "made-for-it"
SAID = [f"第{n}段我要说说分镜，真的画得太慢了" for n in range(8)]


@pytest.fixture
def pains(db: None) -> list[PainPoint]:
    return [PainPointFactory(title_zh="分镜慢"), PainPointFactory(title_zh="画图慢")]


@pytest.fixture
def transcript(pains: list[PainPoint], bob: Person) -> TranscriptVersion:
    """Bob has coded half of it: the first pain in each, in one both."""
    said = transcript_of([("研究员", "分镜怎么样，说说看好吗"), *(("墨", text) for text in SAID)])
    for text in SAID[:4]:
        tag(pains[0], transcript=said, quote=text, coder=bob.user)
    tag(pains[1], transcript=said, quote=SAID[0], coder=bob.user)
    return said


def drawn(pains: list[PainPoint], bob: Person, staff: Person, **wanted: object) -> CodingRound:
    values: dict[str, object] = {"title": "第一轮", "size": 5, "seed": 3} | wanted
    return round_open(
        first_coder=bob.user, second_coder=staff.user, pains=[pain.pk for pain in pains],
        actor=staff.user, **values,
    )  # fmt: skip


def read_all(of: CodingRound, coder: Person, codes: dict[int, str]) -> None:
    while unit := next_unit(of):
        unit_read(unit_id=unit.pk, coder=coder.user, codes=codes)


def test_a_round_has_passages_with_codes_and_some_without(
    transcript: TranscriptVersion, pains: list[PainPoint], bob: Person, staff: Person
) -> None:
    made = drawn(pains, bob, staff)

    texts = [transcript.text[unit.start : unit.end] for unit in made.units.all()]
    assert len(set(texts) & set(SAID[:4])) == 4
    assert len(set(texts) & set(SAID[4:])) == 1  # nobody's words but the creator's
    again = drawn(pains, bob, staff)
    assert [(u.start, u.end) for u in again.units.all()] == [
        (u.start, u.end) for u in made.units.all()
    ]


def test_what_the_second_coder_has_tagged_is_not_drawn(
    transcript: TranscriptVersion, pains: list[PainPoint], bob: Person, staff: Person
) -> None:
    tag(pains[0], transcript=transcript, quote=SAID[0], coder=staff.user)

    made = drawn(pains, bob, staff)

    assert SAID[0] not in [transcript.text[u.start : u.end] for u in made.units.all()]


def test_the_queue_shows_the_words_and_nothing_of_the_first_reading(
    transcript: TranscriptVersion, pains: list[PainPoint], bob: Person, staff: Person
) -> None:
    made = drawn(pains, bob, staff)
    unit = made.units.first()
    assert unit is not None

    shown = to_read(unit)
    page = staff.client.get(f"/admin/insights/painpoint/rounds/{made.pk}/read/").content.decode()

    assert "".join(turn.inside for turn in shown.turns) == transcript.text[unit.start : unit.end]
    assert shown.codes == {}
    assert page.count('value="" checked') == len(pains)
    assert 'value="for" checked' not in page
    assert is_blind(transcript, staff.user)
    assert bob.user.username not in page


def test_until_the_round_is_read_the_workspace_hides_the_first_coders_codes(
    transcript: TranscriptVersion, pains: list[PainPoint], bob: Person, staff: Person
) -> None:
    url = f"/admin/insights/evidence/workspace/{transcript.interview_id}/"
    assert staff.client.get(url).content.decode().count('"coder_id"') == 5
    made = drawn(pains, bob, staff)

    assert '"coder_id"' not in staff.client.get(url).content.decode()
    read_all(made, staff, {})

    assert staff.client.get(url).content.decode().count('"coder_id"') == 5


def test_until_the_round_is_read_the_audit_trail_keeps_others_codings_back(
    transcript: TranscriptVersion, pains: list[PainPoint], bob: Person, staff: Person
) -> None:
    made = drawn(pains, bob, staff)
    url = "/admin/crm/auditentry/"
    coded = AuditEntry.objects.filter(action="evidence.added").latest("pk")

    assert "evidence.added" not in staff.client.get(url).content.decode()
    assert staff.client.get(f"{url}{coded.pk}/change/").status_code == 302
    assert "round.opened" in staff.client.get(url).content.decode()
    read_all(made, staff, {})

    assert "evidence.added" in staff.client.get(url).content.decode()
    assert staff.client.get(f"{url}{coded.pk}/change/").status_code == 200


def test_until_the_round_is_read_what_the_interview_came_to_is_hidden_and_not_changed(
    transcript: TranscriptVersion, pains: list[PainPoint], bob: Person, staff: Person
) -> None:
    url = f"/admin/insights/evidence/workspace/{transcript.interview_id}/"
    other = PainPointFactory()
    asked = {"asked": [pain.pk for pain in (*pains, other)]}
    staff.client.post(f"{url}asked/", asked)
    made = drawn(pains, bob, staff)

    assert 'name="asked"' not in staff.client.get(url).content.decode()
    staff.client.post(f"{url}asked/", {})
    assert transcript.interview.asked.count() == 3
    read_all(made, staff, {})

    page = staff.client.get(url).content.decode()
    assert page.count('name="asked"') == page.count('name="asked" value=') == 3


def test_until_the_round_is_read_suggestions_tell_nothing_of_what_is_tagged(
    transcript: TranscriptVersion, pains: list[PainPoint], bob: Person, staff: Person
) -> None:
    root = "/admin/insights/assistantjob/assistants"
    job = suggest_start(transcript=transcript, way="offline", actor=bob.user)
    offered = Suggestion.objects.create(
        transcript=transcript, start=0, end=3, text=transcript.text[:3], pain=pains[0],
        stance="for", way="offline",
    )  # fmt: skip
    drawn(pains, bob, staff)

    asked = [
        staff.client.post(f"{root}/suggest/{transcript.interview_id}/", "{}", "application/json"),
        staff.client.get(f"{root}/suggested/{job.pk}/"),
        staff.client.post(f"{root}/decide/{offered.pk}/", '{"accept": true}', "application/json"),
    ]

    assert [answer.status_code for answer in asked] == [422, 422, 422]
    assert Evidence.objects.filter(coder=staff.user).count() == 0


def test_only_the_second_coder_reads_and_only_until_the_end(
    transcript: TranscriptVersion, pains: list[PainPoint], bob: Person, staff: Person
) -> None:
    made = drawn(pains, bob, staff)
    unit = made.units.first()
    assert unit is not None
    with refused("not_yours"):
        unit_read(unit_id=unit.pk, coder=bob.user, codes={})
    with refused("not_offered"):
        unit_read(unit_id=unit.pk, coder=staff.user, codes={PainPointFactory().pk: "for"})

    unit_read(unit_id=unit.pk, coder=staff.user, codes={pains[0].pk: "for"})
    unit_read(unit_id=unit.pk, coder=staff.user, codes={})  # mended
    assert to_read(unit).codes == {}
    read_all(made, staff, {})

    with refused("over"):
        unit_read(unit_id=unit.pk, coder=staff.user, codes={})


def test_agreement_is_of_the_blind_readings_and_stays_after_settling(
    transcript: TranscriptVersion, pains: list[PainPoint], bob: Person, staff: Person
) -> None:
    made = drawn(pains, bob, staff)
    for unit in made.units.all():
        coded = transcript.text[unit.start : unit.end] in SAID[:4]
        unit_read(unit_id=unit.pk, coder=staff.user, codes={pains[0].pk: "for"} if coded else {})

    before = agreement(Selection(), draws=50)

    first, second = sorted(before.pains, key=lambda line: line.pain.pk)
    assert (first.kappa.value, first.alpha.value, len(first.units)) == (1.0, 1.0, 5)
    assert len(second.apart) == 1
    assert second.kappa.value == 0.0  # as much as chance
    dispute = disputes(made)[0]
    assert (dispute.first, dispute.second, dispute.pain) == ("for", "none", pains[1])
    unit_adjudicate(
        unit_id=dispute.unit.pk, pain_id=pains[1].pk, decision="none", why="说的是分镜",
        actor=staff.user,
    )  # fmt: skip
    assert agreement(Selection(), draws=50) == before
    assert not Evidence.objects.filter(pain=pains[1]).exists()


def test_a_round_that_is_still_read_tells_its_reader_no_agreement(
    transcript: TranscriptVersion, pains: list[PainPoint], bob: Person, staff: Person
) -> None:
    made = drawn(pains, bob, staff)
    first = made.units.first()
    assert first is not None
    url = "/admin/insights/painpoint/rounds/passages/"
    unit_read(unit_id=first.pk, coder=staff.user, codes={pains[0].pk: "for"})

    assert agreement(Selection()).pains == ()
    assert not staff.client.get(url).context["passages"]
    read_all(made, staff, {})

    assert len(agreement(Selection()).pains) == 2
    assert len(staff.client.get(url).context["passages"]) == 5


def test_each_number_of_agreement_opens_its_passages_with_both_readings(
    transcript: TranscriptVersion, pains: list[PainPoint], bob: Person, staff: Person
) -> None:
    read_all(drawn(pains, bob, staff), staff, {pains[0].pk: "for"})

    found = agreement(Selection())
    page = staff.client.get("/admin/insights/painpoint/statistics/agreement/")

    for line in found.pains:
        for rows in (line.units, line.same.rows, line.apart):
            keys = ",".join(map(str, sorted(rows)))
            url = f"/admin/insights/painpoint/rounds/passages/?id__in={keys}&pain={line.pain.pk}"
            assert url.replace("&", "&amp;") in page.content.decode()
            shown = staff.client.get(url).context["passages"]
            assert {item["row"].unit.pk for item in shown} == set(rows)
            apart = {item["row"].unit.pk for item in shown if item["readings"][0][3]}
            assert apart == set(rows) & set(line.apart)
            assert {item["readings"][0][0] for item in shown} == {line.pain}


def test_evidence_that_two_people_tagged_in_the_open_is_no_agreement(
    transcript: TranscriptVersion, pains: list[PainPoint], staff: Person
) -> None:
    for text in SAID[:4]:
        tag(pains[0], transcript=transcript, quote=text, coder=staff.user)

    assert agreement(Selection()).pains == ()


@pytest.mark.parametrize("decision", ["for", "against"])
def test_what_the_second_coder_alone_saw_becomes_evidence_when_a_person_says_so(
    transcript: TranscriptVersion, pains: list[PainPoint], bob: Person, staff: Person, decision: str
) -> None:
    made = drawn(pains, bob, staff)
    read_all(made, staff, {pains[0].pk: "for", pains[1].pk: "for"})
    dispute = next(d for d in disputes(made) if d.first == "none" and d.pain == pains[0])

    unit_adjudicate(
        unit_id=dispute.unit.pk, pain_id=pains[0].pk, decision=decision, why="听录音确实说了",
        actor=staff.user,
    )  # fmt: skip

    made_evidence = Evidence.objects.get(pain=pains[0], coder=staff.user)
    assert made_evidence.stance == decision
    assert made_evidence.highlight.start == dispute.unit.start
    row = Adjudication.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        Adjudication.objects.filter(pk=row.pk).update(why="别的")
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
    assert AuditEntry.objects.filter(action="unit.adjudicated").count() == 1
    settled = [item for item in disputes(made) if item.log]
    assert settled[0].log[0].by == staff.user


def test_nothing_is_settled_before_the_end_without_a_reason_or_where_both_agree(
    transcript: TranscriptVersion, pains: list[PainPoint], bob: Person, staff: Person
) -> None:
    made = drawn(pains, bob, staff)
    unit = made.units.first()
    assert unit is not None

    def settle(**wanted: object) -> None:
        values: dict[str, object] = {
            "unit_id": unit.pk, "pain_id": pains[0].pk, "decision": "for", "why": "因为",
        }  # fmt: skip
        unit_adjudicate(actor=staff.user, **(values | wanted))

    with refused("still_blind"):
        settle()
    read_all(made, staff, {})
    with refused("no_reason"):
        settle(why=" ")
    with refused("agreed"):
        settle(unit_id=made.units.exclude(readings__codes__isnull=False).get().pk)


@pytest.mark.parametrize(
    ("wrong", "code"), [({"size": 0}, "bad_size"), ({"title": " "}, "bad_title")]
)
def test_a_round_that_makes_no_sense_is_refused(
    transcript: TranscriptVersion, pains: list[PainPoint], bob: Person, staff: Person,
    wrong: dict[str, object], code: str,
) -> None:  # fmt: skip
    with refused(code):
        drawn(pains, bob, staff, **wrong)
    with refused("same_coder"):
        drawn(pains, bob, bob)
    with refused("nothing_to_read"):
        drawn(pains, staff, bob)
    assert not rounds().exists()


def _seen(reader: Person, pain: PainPoint, words: str) -> list[str]:
    """What of the first coder's reading each page and the API tell: a line for each that does."""
    told = []
    page = reader.client.get(f"/admin/insights/painpoint/{pain.pk}/page/")
    told += ["pain page"] * any(words in row.highlight.text for row in page.context["quotes_for"])
    listed = reader.client.get(f"/admin/insights/evidence/?pain__id__exact={pain.pk}")
    told += ["list of quotes"] * bool(listed.context["cl"].result_list)
    split = reader.client.get(f"/admin/insights/painpoint/codebook/{pain.pk}/split/")
    told += ["split"] * bool(split.context["quotes"])
    found = reader.client.get(f"/admin/insights/evidence/search/?q={words}")
    told += ["search"] * any(hit["codings"] for hit in found.context["hits"])
    narrowed = reader.client.get(f"/admin/insights/evidence/search/?q={words}&pain={pain.pk}")
    told += ["search by pain point"] * bool(narrowed.context["hits"])
    quotes = reader.client.get(f"/api/v1/pains/{pain.pk}/quotes/").json()
    told += ["quotes of the API"] * bool(quotes["results"])
    hits = reader.client.get(f"/api/v1/search/?q={words}&around=true").json()["hits"]
    told += ["search of the API"] * any(hit["around"]["codings"] for hit in hits)
    evidence = Evidence.objects.filter(pain=pain, highlight__text=words).earliest("pk")
    texts = {
        "dossier": f"/admin/generation/feature/{FEATURE}/dossier/",
        "dossier as a file": f"/admin/generation/feature/{FEATURE}/dossier.md",
        "dossier of the API": f"/api/v1/features/{FEATURE}/dossier/",
        "chain": f"/admin/generation/feature/chain/{evidence.pk}/",
        "timeline": f"/admin/crm/creator/{evidence.creator_id}/timeline/",
        "shared page": f"/shared/{share_token(Share.objects.get())}/",
    }
    for name, address in texts.items():
        told += [name] * (words in reader.client.get(address).content.decode())
    return told


def test_no_page_tells_the_second_coder_what_the_first_one_read_until_it_is_read(
    transcript: TranscriptVersion, pains: list[PainPoint], bob: Person, staff: Person
) -> None:
    study = StudyFactory()
    transcript.interview.study = study
    transcript.interview.save()
    feature = FeatureFactory(key=FEATURE)
    Justification.objects.create(feature=feature, claim_zh="慢", pain=pains[0])
    for purpose in ("quote_anonymous", "quote_named"):
        Consent.objects.create(
            creator=transcript.interview.creator, purpose=purpose, given=True, channel="staff"
        )
    share_create(
        page="pain", params={"pain": str(pains[0].pk)}, pains=[pains[0].pk], note="Ana", days=3,
        actor=bob.user,
    )  # fmt: skip
    every = _seen(staff, pains[0], SAID[0])  # the control: without a round all of them do
    made = drawn(pains, bob, staff)

    blind = _seen(staff, pains[0], SAID[0])
    refused_file = staff.client.get(f"/admin/insights/qdaimport/exchange/{study.key}.csv")
    read_all(made, staff, {pains[1].pk: "for"})

    assert len(every) == 13, every
    assert blind == []
    assert refused_file.status_code == 302
    assert _seen(staff, pains[0], SAID[0]) == every
    assert (
        staff.client.get(f"/admin/insights/qdaimport/exchange/{study.key}.csv").status_code == 200
    )


def test_ones_own_readings_stay_in_sight(
    transcript: TranscriptVersion, pains: list[PainPoint], bob: Person, staff: Person
) -> None:
    drawn(pains, bob, staff)
    tag(pains[0], transcript=transcript, quote=SAID[7], coder=staff.user)

    page = staff.client.get(f"/admin/insights/painpoint/{pains[0].pk}/page/")

    assert [row.coder_id for row in page.context["quotes_for"]] == [staff.user.pk]
    assert page.context["withheld"] == 1
