"""What is written is read again, whatever the words are; tables are safe to open."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from openpyxl import load_workbook

from insights.exchange import (
    Code,
    Coding,
    Layout,
    Project,
    Selection,
    Source,
    User,
    read,
    write_codebook,
    write_project,
)  # fmt: skip
from insights.exchange.tables import FORMATS, Table, write_table
from insights.exchange.turns import show
from tests.exchange.files import ANA, DRIFT, PASSAGE, SWAP, TALK

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
SPEECHES = st.lists(
    st.tuples(
        st.text("墨白Ab ", max_size=4).map(str.strip), WORDS, st.none() | st.integers(0, 9999),
        st.none() | st.integers(0, 9999),
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


@limits(max_examples=150, deadline=None)
@given(speeches=SPEECHES, data=st.data())
def test_turns_and_passages_come_back_to_the_character(
    speeches: list[tuple[str, str, int | None, int | None]], data: st.DataObject
) -> None:
    said = "\n".join(words for _who, words, _start, _end in speeches)
    shown, layout = show(speeches)
    spans = [
        tuple(sorted(span))
        for span in data.draw(
            st.lists(st.tuples(st.integers(0, len(said)), st.integers(0, len(said))), max_size=5)
        )
        if said[slice(*sorted(span))].strip("\n")
    ]
    # White space at the ends is left out before anything is stored.
    spans = [(at, at + len(words)) for start, end in spans
             if (words := said[start:end].strip("\n")) and (at := said.index(words, start)) >= 0]  # fmt: skip
    selections = tuple(
        Selection(f"{PASSAGE[:-4]}{index:04d}", *layout.to_shown(*span), codings=(
            Coding(f"{PASSAGE[:-5]}1{index:04d}", SWAP, ANA, reading={"stance": "against"}),
        ))
        for index, span in enumerate(spans)
    )  # fmt: skip
    project = Project(
        "串脸", users=(User(ANA, "安"),), codes=(Code(DRIFT, "a", children=(Code(SWAP, "b"),)),),
        sources=(Source(TALK, "林", shown, selections, turns=layout.turns),),
    )  # fmt: skip

    back = read(write_project(project), "x.qdpx")

    source = back.sources[0]
    assert source.text == shown
    assert source.turns == layout.turns
    assert source.selections == selections
    again = Layout.of(source.turns)
    assert "\n".join(again.words(source.text)) == said
    for span, selection in zip(spans, source.selections, strict=True):
        assert again.to_said(selection.start, selection.end) == span


@limits(max_examples=60, deadline=None)
@given(name=WORDS, description=WORDS)
def test_a_codebook_comes_back(name: str, description: str) -> None:
    name = " ".join(name.split())
    code = Code(SWAP, name, "#aabbcc", description, codable=False)

    back = read(write_codebook(Project("x", codes=(code,))), "x.qdc").codes[0]

    assert back.codable is False
    if name.isprintable() and description.isprintable():
        assert back == code


ROWS = [["=1+1", "串脸\n第二行", -5], ["@SUM(A1)", "a|b <i>", None], ["+86 138", "'", 3]]
TABLE = Table("证据", ["quote", "=col", "n"], ROWS, ["2 kept"])


def test_csv_opens_in_excel_and_runs_nothing() -> None:
    data = write_table(TABLE, "csv")

    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["quote", "'=col", "n"]
    assert rows[1:] == [
        ["'=1+1", "串脸\n第二行", "-5"], ["'@SUM(A1)", "a|b <i>", ""], ["'+86 138", "'", "3"],
    ]  # fmt: skip


def test_xlsx_keeps_text_as_text_and_numbers_as_numbers() -> None:
    sheet = load_workbook(io.BytesIO(write_table(TABLE, "xlsx"))).worksheets[0]

    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "n"]
    assert [cell.value for cell in sheet[2]] == ["=1+1", "串脸\n第二行", -5]


def test_markdown_and_html_escape_what_was_said() -> None:
    assert "a\\|b \\<i\\>" in write_table(TABLE, "md").decode()
    assert "<td>a|b &lt;i&gt;</td>" in write_table(TABLE, "html").decode()
    assert "串脸<br>第二行" in write_table(TABLE, "md").decode()


@pytest.mark.parametrize("format", FORMATS)
def test_control_characters_break_no_format(format: str) -> None:
    assert write_table(Table("x", ["a"], [["\x00\x08串脸\ud7ff"]]), format)
