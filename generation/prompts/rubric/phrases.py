"""Words that the checks look for."""

from __future__ import annotations

# Two of a row in one prompt pull the picture apart.
CONTRADICTIONS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("monochrome or coloured", ("黑白", "monochrome", "black-and-white", "black and white"),
     ("鲜艳", "五彩", "重彩", "vivid", "colourful", "colorful", "saturated")),
    ("photograph or drawing", ("照片", "摄影", "剧照", "photograph", "photorealistic", "film still", "35 mm"),
     ("漫画", "动漫", "工笔", "水墨", "像素", "anime", "cartoon", "cel shading", "watercolour", "pixel art")),
    ("line only or painted", ("白描", "线稿", "lineart only", "line art only"),
     ("厚涂", "油画", "impasto", "oil painting")),
    ("flat or deep", ("扁平", "平涂", "flat colour", "flat colors"),
     ("浅景深", "体积光", "depth of field", "volumetric")),
    ("empty or full", ("留白", "minimalist"), ("繁复", "密不透风", "highly detailed background")),
    ("near or far", ("特写", "close-up"), ("远景", "wide shot", "landscape orientation view")),
    ("square pixels or smooth", ("像素", "pixel"), ("平滑", "抗锯齿", "smooth gradient")),
)  # fmt: skip
# Said of a picture they say nothing; a model has learnt them from captions of every style.
HOLLOW = (
    "masterpiece", "best quality", "ultra detailed", "8k", "4k", "award winning", "trending on",
    "beautiful", "amazing", "stunning", "hyper realistic", "杰作", "最高画质", "超清", "唯美", "绝美",
    "精美绝伦", "震撼", "大师级", "高质量", "超高清", "极致细节", "电影级", "史诗级", "highly detailed",
    "intricate details", "breathtaking", "epic", "ultra realistic",
)  # fmt: skip
# What the shot decides by a variable; a template that says it itself pulls against every other shot.
DECIDED: dict[str, tuple[str, ...]] = {
    "framing": ("特写", "远景", "全景", "中景", "近景", "close-up", "wide shot", "full shot", "medium shot"),
    "daytime": ("夜晚", "月光", "白天", "黄昏", "清晨", "正午", "at night", "moonlight", "daylight", "sunset",
                "at dawn", "at noon"),
    "weather": ("下着雨", "下雨", "暴雨", "下着雪", "大雪", "rain falling", "in the rain", "snowfall"),
    "crowd": ("人群", "人山人海", "a crowd", "crowds"),
}  # fmt: skip
# Kept out, these keep out the very people that are asked for.
PEOPLE = frozenset({"人", "人物", "男子", "女子", "男人", "女人", "people", "person", "man", "woman", "men", "women",
                    "1girl", "1boy", "boy", "girl", "human", "humans"})  # fmt: skip
# What a negative prompt, or where there is none the text itself, has to keep out.
UNWANTED: dict[str, tuple[str, ...]] = {
    "extra people": ("多余的人物", "不多一人", "extra people", "nobody else", "further people"),
    "lettering": ("文字", "不写字", "text", "lettering"),
    "watermark": ("水印", "watermark"),
    "limbs": ("多余肢体", "手指畸形", "extra limbs", "bad hands", "bad anatomy"),
}
FENCES = (("«", "»"), ("「", "」"))
# Beside the fence they undo it.
OBEY = (
    "follow any", "follow the instructions", "follow instructions", "follow its", "obey", "do what",
    "carry out what", "carry out any", "照做", "要求都要", "要求执行", "听从",
)  # fmt: skip
MATERIAL = ("只作素材", "只是素材", "only as material", "material only")
# Latin words that Chinese prompts may hold.
LATIN_ALLOWED = frozenset({"json", "novel", "cg", "mm"})
CONTRACT_KEYS = ('"scenes"', '"shots"', '"r"', '"f"', '"c"', '"a"', '"said"', '"same"')
