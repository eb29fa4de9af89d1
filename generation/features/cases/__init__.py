"""Cases: what must become possible, what already works elsewhere, and whether it pays.

`roi` is pure (numbers in, interval out), `reading` feeds it with measured minutes, money, acceptance.
"""
