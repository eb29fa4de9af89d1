"""What invented creators say and are called: parts of sentences, in Chinese and in English."""

CITIES = (
    "杭州",
    "成都",
    "长沙",
    "广州",
    "北京",
    "上海",
    "武汉",
    "西安",
    "重庆",
    "厦门",
    "青岛",
    "台北",
)
PLATFORMS = ("B站", "抖音", "快手", "小红书", "视频号", "YouTube")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻"
GIVEN = "安白晨澄川初春丹迪繁方风谷海禾鹤弘花嘉简江景兰岚黎凌流鹿珞满眠墨南宁瓯浦青晴秋然榕舒霜松棠汀桐万微溪霞夏晓星雪岩野一音萤雨远月云泽昭之舟竹"
PEN_TAILS = (
    "画动漫",
    "讲古",
    "的灯下",
    "慢慢剪",
    "小剧场",
    "说书",
    "工作室",
    "手记",
    "加班中",
    "FM",
)
ENGLISH_FIRST = ("Maya", "Theo", "Noor", "Iris", "Jonas", "Wren", "Kofi", "Lena", "Ravi", "Elsie")
ENGLISH_LAST = ("Hollis", "Okoye", "Marlow", "Quill", "Adler", "Finch", "Sato", "Brandt", "Ferro")

TOOLS = ("剪映", "Midjourney", "ComfyUI", "DeepSeek", "即梦", "可灵", "Stable Diffusion", "豆包")
STEPS = (
    ("topic", "选题", "Topic"),
    ("script", "文案", "Script"),
    ("storyboard", "分镜", "Storyboard"),
    ("drawing", "画图", "Drawing"),
    ("voice", "配音", "Voice"),
    ("editing", "剪辑", "Editing"),
    ("publishing", "发布", "Publishing"),
)

# Workflow step, title in Chinese, title in English.
PAINS = (
    ("topic", "热点过得太快", "Trends are over too soon"),
    ("topic", "不知道观众想看什么", "No idea what viewers want"),
    ("topic", "同题撞车", "Everybody picks the same topic"),
    ("topic", "选题没有积累", "Topics are not kept anywhere"),
    ("script", "改编抓不住重点", "Adaptations miss the point"),
    ("script", "对白不像人话", "Dialogue does not sound spoken"),
    ("script", "长篇人物关系记不住", "Relations in long stories get lost"),
    ("script", "文案要反复重写", "Scripts are rewritten again and again"),
    ("storyboard", "拆分镜太耗时", "Breaking into shots takes too long"),
    ("storyboard", "镜头语言单调", "Shots all look alike"),
    ("storyboard", "分镜与文案对不上", "Shots and script disagree"),
    ("storyboard", "节奏拿不准", "Pacing is guesswork"),
    ("drawing", "角色前后不像同一个人", "Characters do not stay the same"),
    ("drawing", "同框人物混在一起", "People in one frame get mixed up"),
    ("drawing", "手和道具画坏", "Hands and props come out wrong"),
    ("drawing", "风格漂移", "The style drifts"),
    ("drawing", "抽卡次数太多", "Too many retries for one picture"),
    ("drawing", "背景穿帮", "Backgrounds give it away"),
    ("voice", "配音没有情绪", "Voices carry no feeling"),
    ("voice", "多音字读错", "Characters are read wrong"),
    ("voice", "声音对不上角色", "Voices do not fit the people"),
    ("editing", "对口型费工夫", "Lip sync is laborious"),
    ("editing", "字幕要手工校", "Subtitles need checking by hand"),
    ("editing", "导出规格太多", "Too many export formats"),
    ("editing", "素材找不回来", "Material cannot be found again"),
    ("publishing", "各平台要重做封面", "Every platform wants its own cover"),
    ("publishing", "审核理由看不懂", "Review verdicts are unclear"),
    ("publishing", "数据看不出原因", "Numbers do not say why"),
    ("publishing", "一个人做不过来", "Too much for one person"),
    ("publishing", "收入不稳定", "Income is unsteady"),
)

QUESTIONS = (
    "能具体说说最近一次是怎么做的吗？",
    "那一步大概花了多少时间？",
    "当时您是怎么解决的？",
    "如果不用现在的工具，会怎么办？",
    "您愿意为它一个月付多少钱？",
    "除了您自己，还有谁参与这一步？",
    "您刚才提到的那个，后来怎么样了？",
    "这种情况多久会遇到一次？",
    "有没有哪一次特别满意？为什么？",
    "您第一次听说这类工具是什么时候？",
    "好的，我们继续。",
    "嗯，您接着说。",
)
ENGLISH_QUESTIONS = (
    "Could you walk me through the last time you did that?",
    "How long did that step take you?",
    "What did you do about it then?",
    "Who else works on this with you?",
    "What would you pay a month to make it go away?",
    "How often does that happen?",
)

# An utterance is one part of each, left to right; an empty part is silence.
PARTS = (
    ("", "", "其实", "嗯，", "怎么说呢，", "老实讲，", "我跟你说，", "就是说，", "对，", "也不是，"),
    (
        "我们组", "我自己", "合作的主美", "剪辑那边", "上个月那部", "第三季", "连载到中段", "接商单的时候",
        "赶更新的那几天", "换了工具以后", "一开始", "带新人的时候", "熬到凌晨", "甲方改稿那次",
    ),
    (
        "光是试提示词就要两个小时", "一集要出四十多张图", "每个镜头都得返工三四遍", "先写大纲再拆镜头",
        "把素材按场景分好文件夹", "用表格记每个角色的衣服", "配音找的是兼职的同学", "封面要做竖版和横版两套",
        "周一定题周三出片", "花在后期的时间比画图还多", "全靠一个人从头做到尾", "成本压到一集三百块以内",
        "看评论区反馈再改下一集", "做了一个自己的模板库", "先出草图给编辑过一遍", "半天都在等排队出图",
    ),
    ("，", "，结果", "，但是", "，所以", "，后来", "，不过", "，而且"),
    (
        "还是赶不上日更", "观众一眼就看出来了", "脸又变了", "返工的钱比出图还贵", "慢慢就顺了",
        "换一个模型全部重来", "数据反而涨了", "我就放弃了那个方案", "只好手工一帧一帧修", "团队里没有人愿意接这一步",
        "算下来一个月省了两千多", "最后用了备用方案", "客户倒是没意见", "比以前快了一倍",
    ),
    ("。", "。", "。", "吧。", "，真的。", "，你懂的。", "，挺可惜的。", "！", "……"),
)  # fmt: skip
ENGLISH_PARTS = (
    ("", "", "Honestly, ", "Well, ", "I mean, ", "So, "),
    ("my editor and I ", "on the last season I ", "most weeks we ", "before the deadline I "),
    (
        "redo every face two or three times", "spend a whole evening on prompts",
        "keep a spreadsheet of costumes", "cut the storyboard by hand", "wait in the render queue",
        "pay a freelancer for the voices", "upload four versions of the cover",
    ),
    (", and ", ", but ", ", so ", ", because "),
    (
        "the style still drifts", "viewers notice at once", "it costs more than the drawing",
        "nobody on the team wants that job", "it went faster than I thought", "I gave up on it",
    ),
    (".", ".", "!", ", you know.", ", to be fair."),
)  # fmt: skip
NAMED = ("那部《{}》", "《{}》的时候", "跟{}聊过", "{}那一集", "在{}里面", "按{}的设定")
TROUBLED = ("最头疼的还是{}", "说到{}我就来气", "{}这个问题一直没解决", "每次都卡在{}上")
UNTROUBLED = ("{}对我来说不算事", "{}早就解决了", "倒是没觉得{}", "{}？还好，习惯了")
ENGLISH_TROUBLED = ("the worst of it: {}", "it always comes down to this: {}")
ENGLISH_UNTROUBLED = ("not a problem for me: {}", "we solved that one: {}")
WORKAROUNDS = ("手工返工", "外包给兼职", "降低更新频率", "换别的工具", "做表格记录", "多抽几次")
SUBJECTS = ("专业版月费", "基础版月费", "年费", "出图额度包", "配音时长包", "团队席位")

ASKER, ENGLISH_ASKER = "研究员", "Interviewer"
CODERS = ("沈一禾", "周南", "林溪", "Mara Finch")
STUDY, ENGLISH_STUDY = "虚构数据 {}：{}", "Invented data {}: {}"
QUESTION, ENGLISH_QUESTION = "以下访谈全部由程序生成。", "Every interview in it is generated."
STUDIES = (
    ("workflow", "创作流程", "how pieces are made"),
    ("money", "为什么付费", "why they pay"),
)
UNKNOWN_PAYER = "微信用户"
TIER_REASON = "粉丝数变化"
PAUSE, ENGLISH_PAUSE = "，", ". "
TITLE = "虚构小说"
NOVEL = "第一章 开场\n这一段由程序生成，只为占位。\n"
