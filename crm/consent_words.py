"""The first consent form, in both languages: in force until the team publishes its own."""

from datetime import UTC, datetime
from typing import Any

VERSION = "2026-11"
FIRST: dict[str, Any] = {
    "version": VERSION,
    "title_zh": "访谈知情同意书",
    "title_en": "Consent to an interview",
    "text_zh": (
        "我们请你谈谈自己的创作过程，用来决定工具该做什么、不该做什么。参加与否由你决定，不同意某一项"
        "不影响其他任何事，也不影响你使用我们的产品。\n"
        "下面五项分别征求同意，可以只同意其中几项。每一项随时可以在“关于我”页面撤回，撤回与同意一样简单；"
        "撤回录音与转写的同意后，录音、转写稿和引文会在 15 分钟内删除或抹去，并给你一份回执。\n"
        "原话只供产品团队阅读；没有你的同意，任何一句都不会在团队之外引用。"
    ),
    "text_en": (
        "We ask you about how you create, to decide what our tools should and should not do. Taking "
        "part is up to you; saying no to any point changes nothing else, nor your use of our "
        "product.\n"
        "Each of the five points below is asked for by itself. You can take any of them back at any "
        "time on the page “About me”, as easily as you gave it; after taking back the consent to "
        "record, the recording, the transcript and quotes are deleted or made unreadable within 15 "
        "minutes, and you get a receipt.\n"
        "Your words are read by the product team alone; without your consent no sentence of yours "
        "is quoted outside of it."
    ),
    "clauses": {
        "record": [
            "可以录音或录像，并转写成文字，供产品团队分析。",
            "You may record the conversation and write it down for the product team to analyse.",
        ],
        "quote_named": [
            "可以在团队之外引用我的话，并注明我的笔名。",
            "You may quote me outside the team under my pen name.",
        ],
        "quote_anonymous": [
            "可以在团队之外引用我的话，但不得让人认出是我。",
            "You may quote me outside the team in a way that nobody can tell it was me.",
        ],
        "contact": [
            "以后还可以联系我参加访谈。",
            "You may contact me for another interview.",
        ],
        "evaluation": [
            "可以用我上传的小说比较模板和引擎的效果，不对外公开。",
            "You may use the novels that I upload to compare templates and engines, without "
            "publishing them.",
        ],
    },
    "created_at": datetime(2026, 11, 1, tzinfo=UTC),
}
