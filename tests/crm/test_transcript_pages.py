"""A transcript comes in by a page: what it would become is shown, and imported after a yes."""

import csv
import io
import re
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone, translation
from lxml import html

from crm.models import Interview, TranscriptVersion, Utterance
from crm.services.interviews import interviews_import
from crm.services.transcript_drafts import FOLDER
from crm.transcript_reasons import FILES, LINES, format_label
from crm.transcripts import FORMATS
from tests.conftest import Person
from tests.factories.crm import CreatorFactory
from tests.transcripts.samples import FEISHU, IFLYTEK, TENCENT

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def put(person: Person, data: bytes, name: str) -> str:
    """Upload a file; the address of its preview, or the page that refused it."""
    answer = person.client.post(
        "/admin/crm/interview/import/", {"file": SimpleUploadedFile(name, data)}
    )
    return answer["Location"] if answer.status_code == 302 else answer.content.decode()


def told(person: Person, address: str) -> str:
    page = html.document_fromstring(person.client.get(address).content.decode())
    return " ".join(page.text_content().split())


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_the_guess_is_shown_with_speakers_turns_and_times(staff: Person, encoding: str) -> None:
    said = told(staff, put(staff, IFLYTEK.encode(encoding), "访谈.txt"))

    assert str(format_label("iflytek")) in said
    assert "说话人1 00:00" in said  # the line that tells
    assert "说话人2" in said
    assert "1:12:40" in said
    assert "以上内容由AI生成" not in said
    assert not Interview.objects.exists()


def test_after_the_yes_it_is_imported_with_the_names_that_were_given(staff: Person) -> None:
    creator = CreatorFactory(name="阿九")
    address = put(staff, IFLYTEK.encode("gb18030"), "访谈.txt")

    answer = staff.client.post(
        address,
        {"speaker-0": "研究员", "speaker-1": "阿九", "creator": creator.pk, "tier": "mid",
         "at": "2026-03-04T15:30", "import": "1"},
    )  # fmt: skip

    interview = Interview.objects.get()
    assert answer["Location"].endswith(f"/workspace/{interview.pk}/")
    assert interview.creator == creator
    assert f"{interview.at:%Y-%m-%d}" == "2026-03-04"
    speakers = Utterance.objects.order_by("index").values_list("speaker", flat=True)
    assert list(speakers) == ["研究员", "阿九", "研究员"]
    assert default_storage.listdir(FOLDER)[1] == []


def test_speakers_are_merged_and_the_file_is_still_known_under_its_own_names(staff: Person) -> None:
    text = "说话人1：甲\n说话人2：乙\n说话人3：丙\n说话人1：丁\n"
    address = put(staff, text.encode(), "a.txt")
    staff.client.post(
        address, {"speaker-1": "墨白", "speaker-2": "墨白", "tier": "mid", "import": "1"}
    )

    assert set(Utterance.objects.values_list("speaker", flat=True)) == {"说话人1", "墨白"}
    again = told(staff, put(staff, text.encode("utf-16"), "副本.txt"))
    assert f"墨白 · {timezone.localdate():%Y-%m-%d}" in again  # the interview that is known
    assert interviews_import(data=text.encode(), name="b.txt").duplicates == [
        Interview.objects.get()
    ]


def test_another_format_is_chosen_by_hand_and_one_that_does_not_fit_says_so(staff: Person) -> None:
    address = put(staff, TENCENT.encode(), "会议.txt")

    assert "阿九" in told(staff, address + "&format=plain")
    wrong = staff.client.get(address + "&format=srt")

    assert wrong.status_code == 422
    assert 'role="alert"' in wrong.content.decode()


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "第 6 行"), ("en", "Line 6")])
def test_a_bad_line_is_named_by_its_number_in_the_readers_language(
    staff: Person, language: str, word: str
) -> None:
    captions = "WEBVTT\n\n00:01.000 --> 00:02.000\n甲\n\n00:99:00 --> x\n乙\n\n00:03.000 --> 00:04.000\n丙\n"
    staff.client.cookies["django_language"] = language

    said = told(staff, put(staff, captions.encode(), "a.vtt"))

    with translation.override(language):
        assert str(LINES["bad_time"]) in said
    assert word in said


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_file_that_is_none_is_refused_in_the_readers_language(
    staff: Person, language: str
) -> None:
    staff.client.cookies["django_language"] = language

    page = put(staff, b"%PDF-1.7\n\x00\x01", "稿.pdf")

    alert = html.document_fromstring(page).xpath("//*[@role='alert']")[0].text_content()
    assert bool(re.search("[\u4e00-\u9fff]", alert.replace("稿", ""))) is (language == "zh-hans")
    assert "PDF" in alert
    assert not default_storage.exists(FOLDER)


def test_an_unfinished_import_is_dropped_and_anothers_draft_is_nobodys(
    staff: Person, bob: Person
) -> None:
    address = put(staff, FEISHU.encode(), "纪要.txt")

    assert bob.client.get(address).status_code == 403
    staff.client.post(address, {"discard": "1"})

    assert default_storage.listdir(FOLDER)[1] == []
    assert staff.client.get(address).status_code == 302
    assert not Interview.objects.exists()


def test_every_code_and_format_has_words_in_chinese() -> None:
    with translation.override("zh-hans"):
        for label in [*LINES.values(), *FILES.values()]:
            assert re.search("[\u4e00-\u9fff]", str(label)), label
        for name in FORMATS:
            assert re.search("[\u4e00-\u9fff]", format_label(name)), name


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared data folder is not here")
def test_the_forty_interviews_import_whole_and_a_second_time_all_are_duplicates(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    file = DATA / "interviews/creatives-40.csv"
    data = file.read_bytes()
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))

    call_command("import_interviews", str(file), "--json")
    first = capsys.readouterr().out
    call_command("import_interviews", str(file), "--json")
    second = capsys.readouterr().out

    assert '"imported": 40' in first
    assert '"utterances": 848' in first
    assert '"rejected": []' in first
    assert ('"imported": 0' in second) is True
    assert '"duplicates": 40' in second
    # The whole text of every row comes back, to the character, from what is stored.
    stored = TranscriptVersion.objects.order_by("pk")
    for row, version in zip(rows, stored, strict=True):
        parts = re.split(r"(?m)^(Assistant|AI|User):", row["text"])
        said = [text.strip() for text in parts[2::2]]
        assert version.text == "\n".join(said)
        turns = version.utterances.order_by("index")
        assert [turn.text for turn in turns] == said
        assert [version.text[turn.start : turn.end] for turn in turns] == said
