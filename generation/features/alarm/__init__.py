"""The monetisation alarm: the first pain is uncovered while what we built is loved and paying stays flat.

`market` and `judging` are pure (numbers in, judgement out), `reading` feeds them from the database,
`wording` says the result in a sentence and as numbers with their rows. Definition: docs/adr/0014.
"""
