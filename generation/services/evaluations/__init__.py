"""Evaluations are written here: cases, plans, trials, judgements, votes, decisions."""
