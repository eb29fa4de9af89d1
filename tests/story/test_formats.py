"""Books come as txt, md, html, epub, docx or a zip of chapters; what comes out is their text."""

from __future__ import annotations

import pytest

from engines.decoding import UndecodableError
from generation.story import Text, chapters, read, storyboard, validate
from generation.story.formats.bundle import natural_key
from tests.story.books import CONTAINER, epub, pack, word


def titles(book: Text) -> list[str]:
    return [chapter.title for chapter in chapters(book)]


def test_an_epub_is_read_along_its_spine_with_its_title() -> None:
    book = read(
        epub(
            {
                "nav.xhtml": "<nav><ol><li>目录里的字</li></ol></nav>",
                "a.xhtml": "<h2>雪落</h2><p>林清推开门。</p><p>雪停了。</p>",
                "b.xhtml": "<h2>灯灭</h2><p>他说：“走吧。”</p>",
            }
        ),
        "x.epub",
    )

    assert book.text == "雪落\n\n林清推开门。\n\n雪停了。\n\n灯灭\n\n他说：“走吧。”\n"
    assert (book.title, book.encoding) == ("雪夜 来信", "utf-8")
    assert titles(book) == ["雪落", "灯灭"]
    assert "目录里的字" not in book.text


def test_numbered_headings_of_an_epub_win_over_its_marked_ones() -> None:
    pages = {
        f"{n}.xhtml": f"<h1>第{n}章 夜</h1><p>正文{n}。</p><h3>小标题</h3><p>又是正文。</p>"
        for n in (1, 2, 3)
    }

    assert titles(read(epub(pages))) == ["第1章 夜", "第2章 夜", "第3章 夜"]


def test_an_epub_page_without_a_heading_is_titled_by_its_short_first_line() -> None:
    book = read(
        epub({"a.xhtml": "<p>雪落</p><p>林清来了。</p>", "b.xhtml": "<p>灯灭</p><p>她走了。</p>"})
    )

    assert titles(book) == ["雪落", "灯灭"]


def test_what_an_epub_leaves_out_is_listed() -> None:
    book = read(
        epub(
            {"a.xhtml": "<p>正文在此。</p>"},
            spine='<itemref idref="i0"/><itemref idref="i0" linear="no"/>',
        )
    )

    assert [(item.name, item.code) for item in book.left_out] == [
        ("OEBPS/a.xhtml", "outside_order")
    ]


def test_a_protected_epub_is_refused_but_scrambled_fonts_are_not() -> None:
    def encryption(method: str) -> dict[str, str]:
        return {
            "META-INF/encryption.xml": '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#">'
            f'<e:EncryptedData><e:EncryptionMethod Algorithm="{method}"/></e:EncryptedData></encryption>'
        }

    pages = {"a.xhtml": "<p>正文。</p>"}
    with pytest.raises(UndecodableError) as caught:
        read(epub(pages, more=encryption("http://www.w3.org/2001/04/xmlenc#aes256-cbc")))

    assert caught.value.code == "protected"
    assert "正文" in read(epub(pages, more=encryption("http://www.idpf.org/2008/embedding"))).text


@pytest.mark.parametrize(
    "container", ["<container/>", "no xml at all", CONTAINER.replace("OEBPS/", "../")]
)
def test_an_epub_without_its_package_says_what_is_missing(container: str) -> None:
    with pytest.raises(UndecodableError) as caught:
        read(pack({"META-INF/container.xml": container, "OEBPS/book.opf": "<package/>"}))

    assert caught.value.code == "damaged_archive"


def test_a_page_is_read_as_a_reader_sees_it() -> None:
    page = (
        "<!DOCTYPE html><html><head><title>不读</title><script>var 不读;</script></head><body>"
        "<nav>上一章 下一章</nav><h1>第一章 雪</h1><p>&nbsp;&nbsp;　　林清<b>推开</b>门，\n看见"
        "<ruby>雪<rt>xuě</rt></ruby>。<br>她&amp;他 &lt;走&gt; 了。<!-- 不读 --></p><hr>"
        "<div>John\n  said <i>hi</i>.</div></body></html>"
    )

    assert read(page.encode("gb18030"), "page.html").text == (
        "第一章 雪\n\n林清推开门，看见雪。\n\n她&他 <走> 了。\n\n* * *\n\nJohn said hi.\n"
    )


def test_deeply_nested_and_broken_markup_is_read() -> None:
    page = "<html><body>" + "<div>" * 1500 + "正文。" + "<p>又</b></div>一段"

    assert read(page.encode(), "x.htm").text == "正文。\n\n又\n\n一段\n"


def test_a_page_nested_without_end_is_refused_rather_than_cut() -> None:
    page = "<html><body>" + "<div>" * 100_000 + "正文。"

    with pytest.raises(UndecodableError) as caught:
        read(page.encode(), "x.htm")

    assert caught.value.code == "damaged_document"


def test_markdown_loses_its_marks_and_keeps_its_headings() -> None:
    book = read(
        "# 雪夜\n\n## 起\n\n**林清**[推门](http://x)。\n下一行。\n\n    缩进的段落。\n\n---\n\n## 落\n\n完。".encode(),
        "novel.md",
    )

    assert book.text == (
        "雪夜\n\n起\n\n林清推门。\n\n下一行。\n\n缩进的段落。\n\n* * *\n\n落\n\n完。\n"
    )
    assert titles(book) == ["雪夜 起", "落"]


def test_plain_text_is_not_touched_whatever_marks_it_has() -> None:
    text = "# 不是标题\n**林清** <b>走</b>了。\n"

    assert read(text.encode(), "novel.txt").text == text


def test_a_word_document_is_read_with_its_headings() -> None:
    book = read(word([("雪落", "林清来了。"), ("灯灭", "完。")]), "小说.docx")

    assert book.text == "雪落\n\n林清来了。\n\n灯灭\n\n完。\n"
    assert (titles(book), book.title) == (["雪落", "灯灭"], "小说")


def test_a_zip_of_chapters_is_put_in_order_of_their_numbers() -> None:
    book = read(
        pack(
            {
                "书/第十章 终.txt": "她走了。".encode("gb18030"),
                "书/第二章 中.txt": "他来了。".encode(),
                "书/第一章 起.txt": "第一章 起\n雪停了。".encode(),
                "书/封面.jpg": b"\xff\xd8\xff\xe0\0",
                "__MACOSX/书/._第一章 起.txt": b"\0\0\0",
                "书/空.txt": b"\n",
            }
        ),
        "书.zip",
    )

    assert book.text == "第一章 起\n雪停了。\n第二章 中\n\n他来了。\n第十章 终\n\n她走了。\n"
    assert titles(book) == ["第一章 起", "第二章 中", "第十章 终"]
    assert {(item.name, item.code) for item in book.left_out} == {
        ("书/封面.jpg", "not_text"), ("书/空.txt", "empty"),
    }  # fmt: skip


def test_names_that_were_packed_in_gbk_are_read_as_they_were_written() -> None:
    data = pack({"AAAAAAAA.txt": "雪停了。".encode()})
    name = "第一章".encode("gb18030") + b"BB"
    data = data.replace(b"AAAAAAAA", name)

    assert titles(read(data, "b.zip")) == ["第一章BB"]


def test_a_damaged_character_inside_an_archive_is_listed_at_its_place_in_the_book() -> None:
    book = read(
        pack({"1.txt": "雪停了。".encode(), "2.txt": "林清".encode() + b"\xff" + "走了。".encode()})
    )

    assert [book.text[repair.offset] for repair in book.repairs] == ["\ufffd"]
    assert book.text[book.repairs[0].offset - 2 : book.repairs[0].offset] == "林清"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (pack({"a.jpg": b"x"}), "no_text_inside"),
        (pack({"a.txt": "雪停了。".encode()})[:-30], "damaged_archive"),
        (pack({"a.txt": b"\xff\xd8\xff\xe0\x00\x10JFIF\0"}), "binary"),
        (epub({"a.xhtml": "<img/>"}), "empty"),
    ],
    ids=["picture", "cut", "binary", "no-words"],  # the bytes hold the time of packing
)
def test_an_archive_without_words_is_named_with_a_remedy(data: bytes, code: str) -> None:
    with pytest.raises(UndecodableError) as caught:
        read(data, "x.zip")

    assert caught.value.code == code


def test_an_archive_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engines.archives.MAX_PART_BYTES", 10_000)

    with pytest.raises(UndecodableError) as caught:
        read(pack({"a.txt": b"a" * 100_000}))

    assert caught.value.code == "archive_too_large"


def test_an_external_entity_is_not_followed(tmp_path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("秘密")
    container = (
        f'<!DOCTYPE c [<!ENTITY x SYSTEM "file://{secret}">]>' + CONTAINER.split("?>")[1]
    ).replace("</rootfiles>", "</rootfiles><a>&x;</a>")
    data = epub({"a.xhtml": "<p>正文。</p>"}, more={"META-INF/container.xml": container})

    assert "秘密" not in read(data).text


def test_chapter_names_sort_as_people_count() -> None:
    names = [
        "第十一回",
        "第2章",
        "第九回",
        "第10章",
        "第三章（下）",
        "第三章（上）",
        "第三章（中）",
    ]

    assert sorted(names, key=natural_key) == [
        "第2章", "第三章（上）", "第三章（中）", "第三章（下）", "第九回", "第10章", "第十一回",
    ]  # fmt: skip


def test_the_storyboard_of_an_epub_partitions_its_text() -> None:
    pages = {
        f"{n}.xhtml": f"<h2>夜{n}</h2>" + "<p>林清说：“走吧。”雪落下来。</p>" * 20 for n in range(3)
    }
    book = read(epub(pages))

    board = storyboard(book, chapters=chapters(book))

    assert validate(board.to_dict(), book.text) == []
    assert [chapter["title"] for chapter in board.to_dict()["chapters"]] == ["夜0", "夜1", "夜2"]
