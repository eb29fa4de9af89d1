import io
import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.transcripts import TranscriptError, parse
from crm.transcripts.delimited import records
from engines import archives
from tests.transcripts import samples


def _docx(*paragraphs: str) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _zip(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


CHATS = (
    "transcript_id,text\n"
    'a_1,"Assistant: Hi ""there"".\n\nTell me: what do you draw?\n\nUser: Faces.\nIdea: one.\nIdea: two.\n\n'
    'AI: Thanks!"\n'
    'a_2,"Assistant: 你好\n\nUser: 好，我说两点：快、准\n\nAI:"\n'
)


def test_csv_rows_become_transcripts_with_whole_turns():
    first, second = parse(CHATS.encode(), "chats.csv")

    assert (first.name, second.name) == ("a_1", "a_2")
    assert [(u.speaker, u.text) for u in first.utterances] == [
        ("Assistant", 'Hi "there".\n\nTell me: what do you draw?'),
        ("User", "Faces.\nIdea: one.\nIdea: two."),
        ("AI", "Thanks!"),
    ]
    assert [u.line for u in first.utterances] == [2, 6, 10]


def test_an_empty_message_of_a_chat_log_stays_a_turn_and_is_noted():
    second = parse(CHATS.encode(), "chats.csv")[1]

    assert [(u.speaker, u.text) for u in second.utterances] == [
        ("Assistant", "你好"),
        ("User", "好，我说两点：快、准"),
        ("AI", ""),
    ]
    assert [(note.line, note.code) for note in second.notes] == [(15, "empty_text")]
    assert second.offsets[-1] == (len(second.text), len(second.text))


def test_csv_rows_that_hold_no_turn_name_their_line():
    data = b"transcript_id,text\nx,\ny,no speaker here\nz\n,User: hi\nok,User: hi\n"

    transcripts = parse(data, "chats.csv")

    assert [len(t.utterances) for t in transcripts] == [0, 0, 0, 0, 1]
    assert [(t.name, r.line, r.code) for t in transcripts for r in t.rejected] == [
        ("x", 2, "empty_text"),
        ("y", 3, "no_speakers"),
        ("z", 4, "short_row"),
        ("", 5, "missing_id"),
    ]


def test_a_quote_that_is_never_closed_names_its_row():
    with pytest.raises(TranscriptError) as caught:
        parse(b'transcript_id,text\na,"User: hi"\nb,"User: hi\n', "chats.csv")

    assert (caught.value.code, caught.value.line) == ("unclosed_quote", 3)


def test_a_cell_longer_than_the_standard_reader_allows_is_read():
    long = "字" * 200_000

    [transcript] = parse(f'transcript_id,text\na,"User: {long}"\n'.encode(), "chats.csv")

    assert transcript.utterances[0].text == long


@settings(deadline=None, max_examples=60)
@given(
    rows=st.lists(
        st.lists(st.text(alphabet='a画",\n \t', max_size=8), min_size=2, max_size=4), min_size=1
    )
)
def test_quoted_records_round_trip(rows):
    text = "".join(
        ",".join('"' + field.replace('"', '""') + '"' for field in row) + "\n" for row in rows
    )

    read = list(records(text))

    assert [fields for _, fields, _ in read] == rows
    line = 1
    for (start, fields, _), row in zip(read, rows, strict=True):
        assert start == line
        line += 1 + sum(field.count("\n") for field in row)
        assert fields == row


def test_docx_is_read_by_the_format_of_its_text():
    transcript = parse(_docx(*samples.FEISHU.split("\n")), "纪要.docx")[0]

    assert transcript.format == "docx"
    assert [u.speaker for u in transcript.utterances] == ["林小满", "周远", "林小满"]
    assert transcript.utterances[1].start_ms == 9_870
    assert transcript.utterances[0].line == 6


def test_docx_manual_breaks_and_tables_are_lines():
    document = docx.Document()
    table = document.add_table(rows=2, cols=1)
    table.cell(0, 0).text = "张三：你好\n李四：好"
    table.cell(1, 0).text = "张三：再见"
    buffer = io.BytesIO()
    document.save(buffer)

    transcript = parse(buffer.getvalue(), "a.docx")[0]

    assert [u.text for u in transcript.utterances] == ["你好", "好", "再见"]


def test_a_zip_that_is_no_document_is_refused():
    with pytest.raises(TranscriptError) as caught:
        parse(_zip({"a.txt": b"hello"}), "a.docx")

    assert caught.value.code == "not_a_document"


def test_a_broken_document_is_refused():
    with pytest.raises(TranscriptError) as caught:
        parse(_zip({"word/document.xml": b"<w:p>"}), "a.docx")

    assert caught.value.code == "damaged_archive"
    with pytest.raises(TranscriptError) as truncated:
        parse(_docx("张三：好")[:2000], "a.docx")
    assert truncated.value.code == "damaged_archive"


def test_a_document_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(archives, "MAX_PART_BYTES", 10_000)

    with pytest.raises(TranscriptError) as caught:
        parse(_zip({"word/document.xml": b"a" * 20_000}), "a.docx")

    assert caught.value.code == "archive_too_large"
    assert "word/document.xml" in caught.value.message


def test_a_document_with_too_many_parts_is_refused(monkeypatch):
    monkeypatch.setattr(archives, "MAX_ENTRIES", 3)

    with pytest.raises(TranscriptError) as caught:
        parse(_zip({f"p{n}": b"x" for n in range(5)}), "a.docx")

    assert caught.value.code == "archive_too_large"
