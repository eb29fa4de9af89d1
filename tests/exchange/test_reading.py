"""Projects of other programs, with every habit that they are known for."""

import io

import docx
import pytest

from insights.exchange import ExchangeError, Project, Remark, read
from tests.exchange.files import (
    ANA,
    CODES,
    DRIFT,
    PASSAGE,
    SWAP,
    TALK,
    USERS,
    archive,
    passage,
    qdpx,
    talk,
)  # fmt: skip

TEXT = "Lin: the faces swap all day.\nAna: every day?\nLin: 三个人同框就串脸😀𠮷。"


def one(data: bytes) -> Project:
    return read(data, "talks.qdpx")


def quote(project: Project, index: int = 0) -> str:
    source = project.sources[0]
    selection = source.selections[index]
    return source.text[selection.start : selection.end]


def codes(project: Project) -> list[str]:
    return [remark.code for remark in project.remarks]


def with_text(text: str | bytes, selections: str, **other: str) -> bytes:
    data = text if isinstance(text, bytes) else text.encode()
    return qdpx(USERS + CODES + talk(selections), {f"sources/{TALK}.txt": data}, **other)


def test_offsets_count_code_points_with_exclusive_ends() -> None:
    start = TEXT.index("三个人")
    project = one(with_text(TEXT, passage(start, len(TEXT) - 1)))

    assert quote(project) == "三个人同框就串脸😀𠮷"
    coding = project.sources[0].selections[0].codings[0]
    assert (coding.code, coding.user) == (SWAP, ANA)


def test_the_code_tree_keeps_its_parents_colours_and_descriptions() -> None:
    tree = one(qdpx(CODES)).codes

    assert (tree[0].name, tree[0].colour, tree[0].description) == (
        "Faces drift", "#ffaa33", "From shot to shot",
    )  # fmt: skip
    assert [child.guid for child in tree[0].children] == [SWAP]


@pytest.mark.parametrize(
    "namespace", ["urn:QDA-XML:project:1.0", "urn:QDA-XML:project:0:4", "http://other/1"]
)
@pytest.mark.parametrize("document", ["project.qde", "Project.qde", "deep/PROJECT.QDE"])
def test_namespaces_and_the_case_of_names_do_not_matter(namespace: str, document: str) -> None:
    data = qdpx(
        CODES + talk(passage(5, 14)), {f"Sources/{TALK.upper()}.TXT": TEXT.encode()},
        namespace=namespace, document=document,
    )  # fmt: skip

    assert quote(one(data)) == "the faces"


@pytest.mark.parametrize(
    "path",
    [
        f"internal://{TALK}.txt", f"{TALK}.txt", f"sources/{TALK}.txt", f"sources\\{TALK}.txt",
        f"relative:///sources/{TALK}.txt", f"absolute:///C:/Users/ana/{TALK}.txt",
    ],
)  # fmt: skip
def test_a_path_is_found_inside_the_archive_however_it_is_spelled(path: str) -> None:
    data = qdpx(talk(passage(5, 14), path=path), {f"sources/{TALK}.txt": TEXT.encode()})

    assert quote(one(data)) == "the faces"


@pytest.mark.parametrize(
    ("path", "packed"),
    [
        ("relative:///访谈/第 1 次.txt", "sources/访谈/第 1 次.txt"),
        ("internal://%E8%AE%BF%E8%B0%88%201.txt", "sources/访谈 1.txt"),
        ("internal://50%25.txt", "sources/50%25.txt"),
        ("internal://entrevue-\u00e9t\u00e9.txt", "sources/entrevue-e\u0301te\u0301.txt"),
        ("absolute:///Users/ana/%E3%81%8B%E3%82%99.txt", "sources/\u304c.txt"),
        ("internal://面談😀.TXT", "Sources/面談😀.txt"),
    ],
)  # fmt: skip
def test_a_name_beyond_ascii_is_found_however_it_is_written(path: str, packed: str) -> None:
    assert quote(one(qdpx(talk(passage(5, 14), path=path), {packed: TEXT.encode()}))) == "the faces"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_name_that_was_packed_without_saying_its_encoding_is_found(encoding: str) -> None:
    name = "访谈".encode(encoding)
    placeholder = "_" * len(name)
    source = talk(passage(5, 14), path="internal://访谈.txt")
    data = qdpx(source, {f"sources/{placeholder}.txt": TEXT.encode()})

    assert quote(one(data.replace(placeholder.encode(), name))) == "the faces"


def test_two_texts_of_one_name_in_two_folders_are_two_texts() -> None:
    other = f'<TextSource guid="{PASSAGE}" name="Ben" plainTextPath="internal://b/talk.txt"/>'
    data = qdpx(
        talk(path="internal://a/talk.txt", more=other),
        {"sources/a/talk.txt": b"first", "sources/b/talk.txt": b"second"},
    )

    assert [source.text for source in one(data).sources] == ["first", "second"]


def test_a_text_without_a_name_is_called_by_its_file() -> None:
    nameless = talk(path="internal://talks/admin-1.txt").replace('name="Lin" ', "")

    assert one(qdpx(nameless, {"sources/talks/admin-1.txt": b"x y"})).sources[0].name == "admin-1"
    assert one(qdpx(nameless)).missing[0].name == "admin-1"


@pytest.mark.parametrize("path", ["absolute:///etc/passwd", "relative:///../../etc/passwd"])
def test_a_file_outside_of_the_archive_is_missing_and_never_read(path: str) -> None:
    project = one(qdpx(talk(passage(0, 4), path=path)))

    assert not project.sources
    assert [(item.path, item.reason) for item in project.missing] == [(path, "outside")]
    assert Remark("passages_without_text", 1) in project.remarks


def test_a_missing_file_is_named() -> None:
    project = one(qdpx(talk(path="internal://gone.txt")))

    assert [(item.name, item.reason) for item in project.missing] == [("Lin", "absent")]


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/etc/evil.txt", "C:\\evil.txt", "sources/..\\..\\evil.txt"]
)
def test_an_archive_that_names_a_file_outside_of_itself_is_refused(name: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        one(qdpx("", {name: b"x"}))

    assert caught.value.code == "leaves_archive"


def test_a_bomb_is_refused() -> None:
    data = qdpx(talk(), {f"sources/{TALK}.txt": b"\0" * (65 * 1024 * 1024)})
    assert len(data) < 1_000_000

    with pytest.raises(ExchangeError) as caught:
        one(data)

    assert caught.value.code == "archive_too_large"


def test_entities_and_document_types_are_refused() -> None:
    bomb = '<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'

    with pytest.raises(ExchangeError) as caught:
        one(qdpx("<Description>&b;</Description>", head=bomb))

    assert caught.value.code == "doctype"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"<Project", "not_xml"),
        (b"<Project>" + b"<Code>" * 300, "too_deep"),
        (b"<html/>", "not_refi"),
        (b"PK\x03\x04broken", "damaged_archive"),
        (archive({"readme.txt": b"x"}), "no_document"),
    ],
)
def test_what_is_no_project_is_refused_with_its_reason(data: bytes, code: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        read(data, "x.qdpx")

    assert caught.value.code == code


def test_guids_are_one_whatever_their_braces_and_case() -> None:
    braces = CODES.replace(SWAP, "{" + SWAP.upper() + "}")
    project = one(qdpx(braces + talk(passage(0, 3)), {f"sources/{TALK}.txt": TEXT.encode()}))

    assert project.codes[0].children[0].guid == SWAP
    assert project.sources[0].selections[0].codings[0].code == SWAP


def test_ids_that_are_no_guids_stay_the_same_each_time() -> None:
    data = qdpx(
        '<CodeBook><Codes><Code guid="code-7" name="x" isCodable="true"/></Codes></CodeBook>'
    )

    assert one(data).codes == one(data).codes
    assert len(one(data).codes[0].guid) == 36


CRLF = "one\r\ntwo\r\nthree words here\r\n"


def test_atlas_counts_a_line_end_as_one_character() -> None:
    project = one(with_text(CRLF, passage(8, 13), origin="ATLAS.ti for Windows 23"))

    assert quote(project) == "three"


def test_others_count_the_line_end_that_is_there() -> None:
    assert quote(one(with_text(CRLF, passage(10, 15)))) == "three"


def test_names_of_passages_tell_how_line_ends_were_counted() -> None:
    project = one(with_text(CRLF, passage(8, 13, name="three")))

    assert quote(project) == "three"


def test_names_of_passages_tell_that_ends_are_inclusive() -> None:
    project = one(with_text(TEXT, passage(5, 13, name="the faces") + passage(15, 18, name="swap")))

    assert [quote(project, 0), quote(project, 1)] == ["the faces", "swap"]
    assert "inclusive_ends" in codes(project)


def test_cut_words_tell_that_ends_are_inclusive() -> None:
    text = "alpha beta gamma delta omega"
    spans = [(0, 4), (6, 9), (11, 15), (17, 21), (0, 9)]
    project = one(with_text(text, "".join(passage(*span) for span in spans)))

    assert [quote(project, index) for index in range(5)] == [
        "alpha", "beta", "gamma", "delta", "alpha beta",
    ]  # fmt: skip


def test_names_of_passages_tell_that_utf16_units_were_counted() -> None:
    text = "😀😀 drift 𠮷 swap"
    project = one(with_text(text, passage(5, 10, name="drift") + passage(14, 18, name="swap")))

    assert [quote(project, 0), quote(project, 1)] == ["drift", "swap"]
    assert "utf16_offsets" in codes(project)


def test_a_passage_outside_of_its_text_is_left_out_and_counted() -> None:
    project = one(with_text("short", passage(2, 90) + passage(0, 5)))

    assert len(project.sources[0].selections) == 1
    assert Remark("passages_outside", 1) in project.remarks


def test_a_byte_of_text_beside_a_document_gives_way_to_the_document() -> None:
    buffer = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("串脸太多了")
    document.save(buffer)
    data = qdpx(
        talk(passage(0, 2), extra=f'richTextPath="internal://{TALK}.docx"'),
        {f"sources/{TALK}.txt": b" ", f"sources/{TALK}.docx": buffer.getvalue()},
    )

    project = one(data)

    assert quote(project) == "串脸"
    assert "docx_text" in codes(project)


def test_text_inside_the_document_needs_no_file() -> None:
    inside = (
        f'<Sources><TextSource guid="{TALK}" name="Lin"><PlainTextContent>串脸太多'
        f"</PlainTextContent>{passage(0, 2)}</TextSource></Sources>"
    )

    assert quote(one(qdpx(inside))) == "串脸"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_other_encodings_are_read(encoding: str) -> None:
    text = "研究员问了很多，我们说人物每一张都不一样，非常头疼。"

    assert quote(one(with_text(text.encode(encoding), passage(0, 3)))) == "研究员"


def test_speakers_before_colons_are_turns() -> None:
    source = one(with_text(TEXT, "")).sources[0]

    assert [(turn.speaker, source.text[turn.start : turn.end]) for turn in source.turns] == [
        ("Lin", "the faces swap all day."),
        ("Ana", "every day?"),
        ("Lin", "三个人同框就串脸😀𠮷。"),
    ]


def test_paragraphs_joined_again_are_the_text() -> None:
    text = "\n\nA page of prose.\n\n\nAnother: with a colon.\nAnd more\n"
    source = one(with_text(text, "")).sources[0]

    assert "\n".join(source.text[turn.start : turn.end] for turn in source.turns) == text


def test_sync_points_give_turns_their_times_and_passages_their_place() -> None:
    inside = f"""<Sources><AudioSource guid="{TALK}" name="Lin" path="internal://lin.m4a">
      <Transcript guid="{PASSAGE}" plainTextPath="internal://lin.txt">
        <SyncPoint guid="{ANA}" timeStamp="1000" position="0"/>
        <SyncPoint guid="{DRIFT}" timeStamp="9500" position="29"/>
        <SyncPoint guid="{SWAP}" timeStamp="12000" position="45"/>
        <TranscriptSelection guid="{TALK}" fromSyncPoint="{DRIFT}" toSyncPoint="{SWAP}">
          <Coding guid="{PASSAGE}"><CodeRef targetGUID="{SWAP}"/></Coding>
        </TranscriptSelection>
      </Transcript>
      <AudioSelection guid="{DRIFT}" begin="2000" end="9000"/>
    </AudioSource></Sources>"""

    project = one(qdpx(CODES + inside, {"sources/lin.txt": TEXT.encode()}))

    assert [turn.start_ms for turn in project.sources[0].turns] == [1000, 9500, 12000]
    assert quote(project, 0).strip() == "Ana: every day?"
    assert quote(project, 1).strip() == "Lin: the faces swap all day."


def test_a_recording_without_a_transcript_is_missing() -> None:
    project = one(qdpx(f'<Sources><VideoSource guid="{TALK}" name="clip" path="x.mp4"/></Sources>'))

    assert [(item.name, item.reason) for item in project.missing] == [("clip", "no_text")]


def test_a_nameless_case_carries_the_variables_of_its_source() -> None:
    inside = f"""<Variables><Variable guid="{ANA}" name="Tier" typeOfVariable="Text"/></Variables>
      <Cases><Case guid="{DRIFT}"><VariableValue><VariableRef targetGUID="{ANA}"/>
        <TextValue>head</TextValue></VariableValue><SourceRef targetGUID="{TALK}"/></Case></Cases>"""

    case = one(qdpx(inside + talk(), {f"sources/{TALK}.txt": b"x y"})).cases[0]

    assert (case.name, case.values, case.sources) == ("", {"Tier": "head"}, (TALK,))


def test_pictures_memos_and_links_are_counted_not_forgotten() -> None:
    inside = f"""<Sources><PictureSource guid="{TALK}" path="x.png"/></Sources>
      <Notes><Note guid="{ANA}" name="memo"><PlainTextContent>x</PlainTextContent></Note></Notes>
      <Links><Link guid="{DRIFT}"/><Link guid="{SWAP}"/></Links>"""

    assert set(one(qdpx(inside)).remarks) == {
        Remark("pictures", 1), Remark("memos", 1), Remark("links", 2),
    }  # fmt: skip


@pytest.mark.parametrize("namespace", ["urn:QDA-XML:codebook:1.0", "urn:QDA-XML:codebook:1:0"])
def test_a_codebook_is_read_by_itself(namespace: str) -> None:
    inside = CODES.removeprefix("<CodeBook>").removesuffix("</CodeBook>")
    sets = f'<Sets><Set guid="{ANA}" name="All"><MemberCode guid="{DRIFT}"/></Set></Sets>'
    data = f'<CodeBook xmlns="{namespace}" origin="NVivo">{inside}{sets}</CodeBook>'.encode()

    project = read(data, "codes.qdc")

    assert project.codebook_only
    assert project.codes[0].children[0].name == "Faces swap"
    assert project.sets[0].codes == (DRIFT,)


def test_latin_letters_before_han_characters_are_no_sign_of_inclusive_ends() -> None:
    text = "\n".join(f"第{n}句用AI画。" for n in range(8))
    ends = [at + 2 for at in range(len(text)) if text.startswith("AI", at)]
    spans = "".join(passage(end - 3, end) for end in ends)

    project = one(with_text(text, spans))

    assert codes(project) == []
    assert {quote(project, place) for place in range(8)} == {"用AI"}
