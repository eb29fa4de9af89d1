"""A process of its own that buys: `python -m tests.engines.buyer DATABASE URL SEEDS [MARK]`.

Forks one child a seed, all at once. `MARK` names the step after which the child is killed with -9;
several, with commas, are one for each seed.
Prints how many bought, were refused by the cap, and ended otherwise.
"""

import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

MARKS = ("claim", "begin", "complete", "settle")
BOUGHT, REFUSED, OTHER = 0, 3, 4


def setup(database: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings_test"
    import django

    django.setup()
    from django.db import connection

    from engines.services import paid  # noqa: F401  imported once, before the children are made

    connection.settings_dict["NAME"] = database


def _killed_after(function: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        function(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    return wrapped


def _buy(url: str, seed: int, mark: str) -> int:
    from engines.chat import ChatRequest, Message
    from engines.chat.openai_compatible import Endpoint, OpenAICompatibleChat
    from engines.errors import EngineError
    from engines.models import Budget
    from engines.services import ledger
    from engines.services.paid import paid_chat

    if mark == "complete":
        setattr(OpenAICompatibleChat, mark, _killed_after(OpenAICompatibleChat.complete))
    elif mark:
        setattr(ledger, mark, _killed_after(getattr(ledger, mark)))
    chat = OpenAICompatibleChat(Endpoint("stub", url, "stub-chat"))
    asked = ChatRequest((Message("user", "好"),), max_tokens=50, seed=seed, timeout=20)
    try:
        paid_chat(engine=chat, request=asked, budget=Budget.objects.get())
    except EngineError as error:
        return REFUSED if error.code == "budget_spent" else OTHER
    return BOUGHT


def main(database: str, url: str, seeds: str, mark: str = "") -> None:
    setup(database)
    children = []
    marks = mark.split(",")
    for seed in range(int(seeds)):
        child = os.fork()
        if not child:
            os._exit(_buy(url, seed, marks[seed] if len(marks) > 1 else mark))
        children.append(child)
    ends: Counter[int] = Counter()
    for child in children:
        _, status = os.waitpid(child, 0)
        ends[os.waitstatus_to_exitcode(status)] += 1
    told = {
        "bought": ends[BOUGHT],
        "refused": ends[REFUSED],
        "killed": ends[-signal.SIGKILL],
        "other": ends[OTHER],
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
