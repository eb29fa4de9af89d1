"""Loudness as FFmpeg's own ebur128 filter hears it: another hand's implementation of EBU R 128."""

from __future__ import annotations

from pathlib import Path

import av


def heard(path: Path) -> tuple[float, float]:
    """(integrated loudness in LUFS, true peak in dBTP) of a file's sound, decoded."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        graph = av.filter.Graph()
        source = graph.add_abuffer(template=stream)
        meter = graph.add("ebur128", "metadata=1:peak=true:framelog=quiet")
        graph.link_nodes(source, meter, graph.add("abuffersink")).configure()
        told: dict[str, str] = {}
        for frame in (*container.decode(stream), None):
            source.push(frame)
            while True:
                try:
                    told.update(graph.pull().metadata)
                except (av.BlockingIOError, av.EOFError):
                    break
    peaks = [float(told[f"lavfi.r128.true_peaks_ch{channel}"]) for channel in (0, 1)]
    return float(told["lavfi.r128.I"]), max(peaks)
