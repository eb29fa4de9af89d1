"""A study goes out to other programs and comes back as the same evidence; a stranger's comes in."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st
from lxml import etree

from crm.exceptions import DomainError
from crm.models import AuditEntry, Consent, Creator, Interview, Study, Tier, TranscriptVersion, User
from insights.exchange import read
from insights.models import Asked, Evidence, ExternalId, Highlight, PainPoint, QdaImport
from insights.services.highlights import passage_tag
from insights.services.qda import (
    codebook_export,
    qda_import,
    study_export,
    upload_book,
    upload_discard,
    upload_keep,
)
from tests.conftest import Person
from tests.exchange.files import BEN, CODES, TALK, USERS, passage, qdpx, talk
from tests.factories.crm import CreatorFactory, StudyFactory, transcript_of
from tests.factories.insights import PainPointFactory, tag

SAMPLES = Path(settings.BASE_DIR).parent / "shared" / "data" / "refi-qda"
SCHEMA = SAMPLES / "REFI-QDA_Project-mrt2019.xsd"
needs_schema = pytest.mark.skipif(not SCHEMA.is_file(), reason="the REFI-QDA schema is not here")
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="no REFI-QDA samples here")
TABLES = (
    "insights_evidence", "insights_asked", "insights_highlight", "insights_painpoint",
    "insights_externalid", "insights_qdaimport", "crm_utterance", "crm_transcriptversion",
    "crm_interview", "crm_study", "crm_consent", "crm_creator", "crm_workflowstep",
    "crm_auditentry",
)  # fmt: skip


def evidence() -> set[tuple[Any, ...]]:
    """Every reading with all that the house knows of it, ids aside."""
    return {
        (
            row.highlight.transcript.text, row.highlight.start, row.highlight.end,
            row.highlight.text, row.pain.title_zh, row.pain.title_en, row.pain.description_zh,
            row.pain.description_en, row.pain.colour, row.pain.parent and row.pain.parent.title_zh,
            row.pain.step and row.pain.step.key, row.coder.first_name, row.stance, row.severity,
            row.frequency, row.workaround, row.spend_minor, row.tier, row.creator.name,
            row.highlight.transcript.interview.paying_then, row.highlight.transcript.interview.at,
        )
        for row in Evidence.objects.select_related(
            "highlight__transcript__interview", "pain__parent", "pain__step", "coder", "creator"
        )
    }  # fmt: skip


def speeches() -> set[tuple[Any, ...]]:
    return {
        (row.speaker, row.text, row.start, row.end, row.start_ms, row.end_ms)
        for version in TranscriptVersion.objects.all()
        for row in version.utterances.all()
    }


def forget_everything() -> None:
    """Another installation: none of these rows, no logins but whoever imports."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
    User.objects.all().delete()


def study_of(lines: list[tuple[str, str]], **interview: Any) -> tuple[Study, TranscriptVersion]:
    study = StudyFactory(key="flow")
    return study, transcript_of(lines, study=study, **interview)


def validate(data: bytes) -> None:
    from engines.archives import Archive

    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    schema.assertValid(etree.fromstring(Archive(data).read("project.qde")))


@pytest.fixture
def study(db: None, bob: Person, staff: Person) -> Study:
    """Two coders, both stances, a tree with steps, everything that a reading can hold."""
    bob.user.first_name, staff.user.first_name = "小柏", "Stella"
    bob.user.save()
    staff.user.save()
    study, transcript = study_of(
        [("研究员", "什么最难？"), ("墨白", "串脸😀𠮷，\r\n每天都这样。"), ("", "（笑）")],
        creator=CreatorFactory(name="墨白", tier=Tier.HEAD, platform="抖音", followers=1200),
        paying_then=True,
    )
    parent = PainPointFactory(title_zh="角色", colour="#2563eb")
    pain = PainPointFactory(
        title_zh="串脸", title_en="Faces swap", description_zh="两个人一张脸。\n换装更糟。",
        description_en="Two people,\n\none face.", parent=parent, colour="#e0470a",
    )  # fmt: skip
    for coder, stance in ((bob.user, "for"), (staff.user, "against")):
        item = tag(
            pain, transcript=transcript, quote="串脸😀𠮷，\r\n每天", coder=coder, stance=stance
        )
        Evidence.objects.filter(pk=item.pk).update(
            severity=4, frequency="weekly", workaround="反复重抽 & <改>", spend_minor=6900
        )
    tag(parent, transcript=transcript, quote="脸😀𠮷", coder=bob.user)
    Asked.objects.create(interview=transcript.interview, pain=PainPointFactory(title_zh="花费"))
    return study


def test_a_study_comes_back_as_the_same_evidence(study: Study) -> None:
    before, said = evidence(), speeches()
    asked = set(Asked.objects.values_list("pain__title_zh", flat=True))
    done = study_export(study=study)
    assert (done.sources, done.selections, done.codings, done.cases) == (1, 2, 3, 1)

    forget_everything()
    report = qda_import(data=done.data, name="flow.qdpx")

    assert evidence() == before
    assert len(before) == 3
    assert speeches() == said
    assert set(Asked.objects.values_list("pain__title_zh", flat=True)) == asked
    assert report.study is not None
    assert report.study.key == "flow"
    assert (report.sources, report.selections, report.codings) == (1, 2, 3)
    creator = Creator.objects.get()
    assert (creator.platform, creator.followers) == ("抖音", 1200)


def test_importing_what_is_here_adds_nothing(study: Study) -> None:
    before = evidence()
    done = study_export(study=study)

    report = qda_import(data=done.data, name="flow.qdpx")

    assert evidence() == before
    assert set(report.added.values()) == {0}
    assert (Creator.objects.count(), Interview.objects.count(), User.objects.count()) == (1, 1, 2)


def test_exporting_twice_gives_the_same_bytes(study: Study) -> None:
    assert study_export(study=study).data == study_export(study=study).data


@needs_schema
def test_what_goes_out_is_valid_by_the_official_schema(study: Study) -> None:
    transcript = TranscriptVersion.objects.get()
    transcript.utterances.filter(index=0).update(start_ms=0, end_ms=900)

    validate(study_export(study=study).data)
    validate(study_export(study=study, times=True).data)


@needs_schema
def test_the_schema_would_notice_a_wrong_order(study: Study) -> None:
    """The control of the test above."""
    from engines.archives import Archive

    root = etree.fromstring(Archive(study_export(study=study).data).read("project.qde"))
    root.append(root[0])

    assert not etree.XMLSchema(etree.parse(str(SCHEMA))).validate(root)


def test_times_come_back_even_without_the_recording(study: Study) -> None:
    transcript = TranscriptVersion.objects.get()
    transcript.utterances.filter(index=1).update(start_ms=1500, end_ms=4000)
    before = speeches()
    done = study_export(study=study, times=True)

    forget_everything()
    report = qda_import(data=done.data, name="flow.qdpx")

    assert speeches() == before
    assert (report.sources, Interview.objects.count()) == (1, 1)


WILD = st.text(
    st.sampled_from("串脸换装𠮷𠀀𪚥😀👩‍👧e\u0301 a.,:：\r\n\t「」&<>\"'\ufeff\u2028\u200b"),
    max_size=24,
)


@needs_schema
@limits(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_text_and_any_overlapping_passages_come_back(data: st.DataObject, db: None) -> None:
    lines = data.draw(st.lists(st.tuples(st.sampled_from(["", "墨白", "A: b"]), WILD), max_size=5))
    text = "\n".join(said for _who, said in lines)
    forget_everything()
    study, transcript = study_of([*lines, ("墨白", "串脸")])
    text = transcript.text
    pains = [PainPointFactory(title_zh="甲"), PainPointFactory(title_zh="乙")]
    coder = User.objects.create(username="c", first_name="编码员")
    places = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text)))
    for start, end in [*data.draw(st.lists(places, max_size=6)), (len(text) - 2, len(text))]:
        if start < end and text[start:end].strip():
            for pain in pains[: data.draw(st.integers(1, 2))]:
                found = Evidence.objects.filter(
                    highlight__start=start, highlight__end=end, pain=pain
                )
                if not found.exists():
                    _tag(transcript, start, end, pain, coder)
    before, said = evidence(), speeches()
    done = study_export(study=study)
    validate(done.data)

    forget_everything()
    qda_import(data=done.data, name="flow.qdpx")

    assert evidence() == before
    assert speeches() == said


def _tag(transcript: TranscriptVersion, start: int, end: int, pain: PainPoint, coder: User) -> None:
    passage = transcript.text[start:end]
    begin = start + len(passage) - len(passage.lstrip())
    known = Evidence.objects.filter(
        highlight__start=begin, highlight__end=begin + len(passage.strip()), pain=pain, coder=coder
    )
    if not known.exists():
        passage_tag(transcript=transcript, start=start, end=end, pain=pain, coder=coder)


def strangers(text: str = "Lin: the faces swap.\nAna: ok", **parts: str) -> bytes:
    inside = parts.get("before", "") + talk(
        parts.get("passages", passage(5, 20) + passage(5, 15, user=BEN))
    )
    return qdpx(USERS + CODES + inside, {f"sources/{TALK}.txt": text.encode()})


def test_a_strangers_users_become_coders_that_nobody_can_log_in_with(db: None) -> None:
    report = qda_import(data=strangers(), name="talks.qdpx")

    coders = User.objects.order_by("first_name")
    assert [user.first_name for user in coders] == ["Ana", "Ben"]
    assert not any(user.is_active or user.is_staff or user.has_usable_password() for user in coders)
    assert report.added["coders"] == 2
    assert {row.coder.first_name for row in Evidence.objects.all()} == {"Ana", "Ben"}


def test_a_strangers_project_names_a_user_like_ours_and_still_is_not_ours(staff: Person) -> None:
    report = qda_import(data=strangers().replace(b"Ana", b"staff"), name="talks.qdpx")

    assert report.codings == 2
    assert not Evidence.objects.filter(coder=staff.user).exists()


def test_a_strangers_project_twice_adds_nothing(db: None) -> None:
    first = qda_import(data=strangers(), name="talks.qdpx")
    second = qda_import(data=strangers(), name="again.qdpx")

    assert set(second.added.values()) == {0}
    assert (first.sources, first.codings) == (second.sources, second.codings) == (1, 2)
    assert Interview.objects.count() == Study.objects.count() == 1
    assert "known_sources" in {remark.code for remark in second.remarks}


def test_a_passage_over_a_speakers_name_keeps_what_was_said(db: None) -> None:
    report = qda_import(data=strangers(passages=passage(0, 20) + passage(0, 4)), name="t.qdpx")

    assert Highlight.objects.get().text == "the faces swap."
    assert {"names_inside", "only_names"} <= {remark.code for remark in report.remarks}


def test_the_same_name_under_two_parents_stays_two_pain_points(db: None) -> None:
    codes = """<CodeBook><Codes>
      <Code guid="code-a" name="Drawing" isCodable="true"><Code guid="a1" name="Other" isCodable="true"/></Code>
      <Code guid="code-b" name="Voice" isCodable="true"><Code guid="b1" name="Other" isCodable="true"/></Code>
    </Codes></CodeBook>"""

    qda_import(data=qdpx(codes), name="x.qdpx")

    assert set(PainPoint.objects.values_list("title_zh", flat=True)) == {
        "Drawing", "Voice", "Other", "Voice / Other",
    }  # fmt: skip


def test_a_merged_pain_points_evidence_goes_to_its_target(study: Study) -> None:
    target = PainPointFactory(title_zh="目标")
    PainPoint.objects.filter(title_zh="串脸").update(status="merged", merged_into=target)
    done = study_export(study=study)

    forget_everything()
    qda_import(data=done.data, name="flow.qdpx")

    assert set(Evidence.objects.values_list("pain__title_zh", flat=True)) == {"目标", "角色"}


def test_cases_become_creators_with_tier_and_platform(db: None) -> None:
    before = f"""<Variables><Variable guid="v1" name="层级" typeOfVariable="Text"/>
      <Variable guid="v2" name="platform" typeOfVariable="Text"/>
      <Variable guid="v3" name="Shoe size" typeOfVariable="Integer"/></Variables>
      <Cases><Case guid="c1" name="林小满">
        <VariableValue><VariableRef targetGUID="v1"/><TextValue>头部</TextValue></VariableValue>
        <VariableValue><VariableRef targetGUID="v2"/><TextValue>B站</TextValue></VariableValue>
        <VariableValue><VariableRef targetGUID="v3"/><IntegerValue>38</IntegerValue></VariableValue>
        <SourceRef targetGUID="{TALK}"/></Case></Cases>"""

    qda_import(data=strangers(before=before), name="t.qdpx")

    creator = Creator.objects.get()
    assert (creator.name, creator.tier, creator.platform) == ("林小满", Tier.HEAD, "B站")
    assert creator.note == "Shoe size: 38"
    assert Interview.objects.get().tier_then == Tier.HEAD


def test_the_codebook_goes_out_and_comes_back(study: Study) -> None:
    done = codebook_export(study=study)
    assert read(done.data, "c.qdc").codebook_only
    rows = set(
        PainPoint.objects.values_list(
            "title_zh", "title_en", "description_zh", "description_en", "colour", "parent__title_zh"
        )
    )

    forget_everything()
    report = qda_import(data=done.data, name="c.qdc")

    assert report.codes == len(rows) == 3
    assert rows == set(
        PainPoint.objects.values_list(
            "title_zh", "title_en", "description_zh", "description_en", "colour", "parent__title_zh"
        )
    )
    assert not Study.objects.exists()


def withdraw(study: Study, *purposes: str, given: bool = False) -> None:
    interview = study.interviews.get()
    for purpose in purposes:
        Consent.objects.create(
            creator=interview.creator, interview=interview, purpose=purpose, given=given,
            channel="staff",
        )  # fmt: skip


def test_without_consent_to_record_nothing_of_the_interview_goes_out(study: Study) -> None:
    withdraw(study, "record")

    done = study_export(study=study)

    assert (done.sources, done.selections, done.cases) == (0, 0, 0)
    assert "串脸😀" not in str(read(done.data, "x.qdpx"))
    assert [(item.code, item.count) for item in done.remarks] == [("withheld_interviews", 1)]


def test_without_consent_to_quote_the_quotes_stay_here_and_it_is_said(study: Study) -> None:
    withdraw(study, "quote_named", "quote_anonymous")

    done = study_export(study=study)

    assert (done.sources, done.selections) == (1, 0)
    assert ("withheld_quotes", 2) in [(item.code, item.count) for item in done.remarks]


def test_who_may_be_quoted_only_anonymously_goes_out_under_a_code(study: Study) -> None:
    withdraw(study, "quote_anonymous", given=True)

    project = read(study_export(study=study).data, "x.qdpx")

    assert "墨白" not in str(project)
    assert project.cases[0].name.split()[-1] in project.sources[0].text
    assert "followers" not in project.cases[0].values


def test_a_withdrawn_interview_is_not_brought_back_by_a_file(study: Study) -> None:
    done = study_export(study=study)
    withdraw(study, "record")
    before = Highlight.objects.count()

    report = qda_import(data=done.data, name="flow.qdpx")

    assert report.sources == 0
    assert ("withdrawn_sources", 1) in [(item.code, item.count) for item in report.remarks]
    assert (Highlight.objects.count(), Interview.objects.count()) == (before, 1)


def test_a_bad_file_leaves_nothing_behind(db: None) -> None:
    with pytest.raises(DomainError, match=r"x\.qdpx"):
        qda_import(data=b"<nonsense/>", name="x.qdpx")

    assert not QdaImport.objects.exists()


def test_an_upload_waits_for_a_yes_and_two_are_one(bob: Person) -> None:
    row = upload_keep(data=strangers(), name="talks.qdpx", actor=bob.user)
    assert upload_keep(data=strangers(), name="talks.qdpx", actor=bob.user) == row
    assert (row.preview["sources"], row.preview["codings"]) == (1, 2)
    assert not Interview.objects.exists()

    upload_book(pk=row.pk, actor=bob.user)
    upload_book(pk=row.pk, actor=bob.user)

    row.refresh_from_db()
    assert (row.state, bytes(row.data), row.report["codings"]) == ("booked", b"", 2)
    assert Evidence.objects.count() == 2
    assert AuditEntry.objects.filter(action="exchange.imported").count() == 1


def test_a_discarded_upload_is_gone(bob: Person) -> None:
    row = upload_keep(data=strangers(), name="talks.qdpx", actor=bob.user)

    upload_discard(pk=row.pk, actor=bob.user)

    row.refresh_from_db()
    assert (row.state, bytes(row.data)) == ("discarded", b"")
    with pytest.raises(DomainError):
        upload_book(pk=row.pk, actor=bob.user)


@needs_samples
@pytest.mark.parametrize(
    ("name", "codes"),
    [("ponte_blank-atlas-project.qdpx", 0), ("ponte_target-atlas-project.qdpx", 3)],
)
def test_the_samples_of_atlas_ti_come_in(name: str, codes: int, db: None) -> None:
    report = qda_import(data=(SAMPLES / name).read_bytes(), name=name)

    assert report.codes == PainPoint.objects.count() == codes
    assert not report.missing


def test_the_ids_of_a_file_name_one_row_each(study: Study) -> None:
    study_export(study=study)

    kinds = dict.fromkeys(ExternalId.Kind.values, 0)
    for row in ExternalId.objects.all():
        kinds[row.kind] += 1
    assert kinds == {"user": 2, "creator": 1, "interview": 1, "pain": 3}


def test_the_commands_write_a_file_and_read_it(
    study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "flow.qdpx"
    call_command("export_qda", "flow", str(target), "--json")
    out = capsys.readouterr().out
    call_command("import_qda", str(target), "--json")
    back = capsys.readouterr().out

    assert '"selections": 2' in out
    assert '"codings": 3' in back
    assert target.read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    "arguments",
    [
        ("import_qda", "nowhere.qdpx"),
        ("export_qda", "unknown", "x.qdpx"),
        ("export_qda", "flow", "x.docx"),
        ("export_qda", "flow", "/nowhere/x.qdpx"),
    ],
)
def test_bad_input_ends_with_2_and_one_line(
    arguments: tuple[str, ...], db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        call_command(*arguments)

    assert caught.value.code == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
