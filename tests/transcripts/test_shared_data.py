"""The real files: forty interviews and the caption samples, where the data folder is present."""

import csv
import io
import re
from pathlib import Path

import pytest

from crm.transcripts import TranscriptError, parse

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data folder is not here")

# Cues and (line, code) of what is rejected, counted by hand from the files.
CAPTIONS = {
    "captions_with_bom.vtt": (4, []),
    "comments.vtt": (3, []),
    "cue_tags.vtt": (3, []),
    "invalid.vtt": (7, []),
    "invalid_timeframe.sbv": (4, [(7, "bad_time")]),
    "invalid_timeframe.srt": (4, [(6, "bad_time")]),
    "invalid_timeframe.vtt": (6, [(6, "bad_time")]),
    "invalid_timeframe_in_cue_text.vtt": (3, [(6, "empty_text")]),
    "metadata_headers.vtt": (2, []),
    "metadata_headers_multiline.vtt": (2, []),
    "missing_caption_text.sbv": (4, [(4, "empty_text")]),
    "missing_caption_text.srt": (4, [(6, "empty_text")]),
    "missing_caption_text.vtt": (4, [(6, "empty_text")]),
    "missing_timeframe.sbv": (4, [(4, "missing_time")]),
    "missing_timeframe.srt": (4, [(5, "missing_time")]),
    "missing_timeframe.vtt": (6, [(6, "missing_time")]),
    "non_padded_timestamps.vtt": (3, []),
    "one_caption.srt": (1, []),
    "one_caption.vtt": (1, []),
    "regions.vtt": (2, []),
    "sample.sbv": (5, []),
    "sample.srt": (5, []),
    "sample.vtt": (16, []),
    "styles.vtt": (1, []),
    "styles_colours.srt": (6, []),
    "styles_colours.vtt": (6, []),
    "styles_with_comments.vtt": (1, []),
    "two_captions.sbv": (2, []),
    "using_identifiers.vtt": (6, []),
    "youtube_dl.vtt": (3, []),
}
REFUSED = {
    "empty.vtt": ("empty", None),
    "no_captions.vtt": ("no_utterances", 1),
    "invalid_format.sbv": ("missing_time", 1),
    "invalid_format1.srt": ("missing_time", 1),
    "invalid_format2.srt": ("missing_time", 1),
    "invalid_format3.srt": ("missing_time", 1),
    "invalid_format4.srt": ("empty_text", 2),
}


@needs_data
def test_no_caption_sample_is_left_out_of_the_tables():
    files = {path.name for path in (DATA / "transcripts").iterdir() if path.suffix}

    assert files == set(CAPTIONS) | set(REFUSED)


@needs_data
@pytest.mark.parametrize("name", sorted(CAPTIONS))
def test_caption_sample_gives_its_cues_and_names_its_bad_lines(name):
    [transcript] = parse((DATA / "transcripts" / name).read_bytes(), name)

    cues, rejected = CAPTIONS[name]
    assert len(transcript.utterances) == cues
    assert [(item.line, item.code) for item in transcript.rejected] == rejected
    assert transcript.format == name.rsplit(".", 1)[1]


@needs_data
@pytest.mark.parametrize("name", sorted(REFUSED))
def test_caption_sample_without_cues_gives_a_named_reason(name):
    with pytest.raises(TranscriptError) as caught:
        parse((DATA / "transcripts" / name).read_bytes(), name)

    assert (caught.value.code, caught.value.line) == REFUSED[name]


@needs_data
def test_youtube_captions_are_said_once():
    [transcript] = parse((DATA / "transcripts/youtube_dl.vtt").read_bytes(), "youtube_dl.vtt")

    assert [u.text for u in transcript.utterances] == [
        "yeah",
        "what",
        "this will happen is I'm telling",
    ]


@needs_data
def test_all_forty_interviews_are_read_whole():
    data = (DATA / "interviews/creatives-40.csv").read_bytes()
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    lines = data.decode().split("\n")

    transcripts = parse(data, "creatives-40.csv")

    assert [t.name for t in transcripts] == [row["transcript_id"] for row in rows]
    for row, transcript in zip(rows, transcripts, strict=True):
        # In this file only these three speak, and each turn begins a line.
        parts = re.split(r"(?m)^(Assistant|AI|User):", row["text"])
        expected = [(who, said.strip()) for who, said in zip(parts[1::2], parts[2::2], strict=True)]
        assert [(u.speaker, u.text) for u in transcript.utterances] == expected
        assert transcript.rejected == ()
        assert all(f"{u.speaker}:" in lines[u.line - 1] for u in transcript.utterances)
    assert sum(len(t.utterances) for t in transcripts) == 848
    assert len({t.fingerprint for t in transcripts}) == 40
