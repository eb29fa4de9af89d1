"""The standard that says whether a prompt template is good: checks that run, criteria that are rated.

`judge` runs all checks over the template and over prompts it writes for probe shots; people rate
what no check can see. Both go into one score, with reasons and remedies.
"""

from generation.prompts.rubric.checks import CHECKS
from generation.prompts.rubric.findings import Finding, Level
from generation.prompts.rubric.scoring import CRITERIA, Report, judge, score_of

__all__ = ["CHECKS", "CRITERIA", "Finding", "Level", "Report", "judge", "score_of"]
