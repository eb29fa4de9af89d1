"""What a statistic says when its input cannot be meant."""


class StatisticsError(ValueError):
    """Input that no statistic can be made of.

    Attributes: ``argument`` is the name of the parameter as the function's signature has it,
    ``problem`` what is wrong with it, ``remedy`` what to pass instead.
    """

    code = "statistics"

    def __init__(self, argument: str, problem: str, remedy: str) -> None:
        super().__init__(f"{argument}: {problem}; {remedy}")
        self.argument = argument
        self.problem = problem
        self.remedy = remedy

    def __reduce__(self) -> tuple[type["StatisticsError"], tuple[str, str, str]]:
        return type(self), (self.argument, self.problem, self.remedy)
