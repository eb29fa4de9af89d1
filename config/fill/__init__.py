"""Invented data at scale: what the application looks like after years, on one machine, by a seed.

`filling.fill` writes it and `removal.remove` takes it away again. Everything carries the seed in a
name (`fill-7`) and the sample mark, so it can be told from what people brought in.
"""
