"""Invented transcripts in the shapes the recorders write. Names and words belong to nobody."""

IFLYTEK = """访谈记录-腰部创作者

说话人1 00:00
你好，先介绍一下你自己吧。

说话人2 00:07
我写古风小说，大概六年了。
分镜都是自己画的：先草图，再上色。

说话人1 01:12:40
明白了😀，𠮷野家那段很有意思。

以上内容由AI生成，仅供参考
"""

FEISHU = """2024年5月12日 下午 2:30|34分钟 20秒

关键词:
分镜、串脸、角色一致

林小满 00:00:01.234 
最头疼的是串脸，三张图三个人。

周远 00:00:09.870 
你怎么解决？

林小满 00:01:02.005 
重画。比如：先锁定发型，
再锁定衣服。
"""

TENCENT = """会议主题：工具使用访谈
会议时间：2024/06/01 10:00

许知(00:00:01): 今天聊聊你用过的工具。

阿九（00:00:15）：我用过两个：一个画图，一个写字。

许知(00:02:00): 好的
谢谢
"""

OTTER = """Ann Lee  0:03  
Thanks for joining. First question: what do you draw?

Ben Ode  0:15  
Mostly webtoons. I said to myself: never again.

Ann Lee  1:02:09  
Great.

Transcribed by https://otter.ai
"""

MEET = """短剧访谈

陈默 (00:02)
我们开始吧。

韩雪 (10:02)
好，我先说：一集两分钟。

陈默 (10:31)
谢谢。
"""

PLAIN_ZH = """访谈者：你一个月画几话？
创作者：四话。
流程是这样：写稿、分镜、成图。
注意：只有分镜收费。

访谈者：最贵的是哪一步？
创作者：成图。
"""

PLAIN_EN = """Interviewer: What is hard?
Maya Fox: Faces. Note: always faces.
See https://example.org/a:b for one.
Interviewer: And at 10:30 you stop?
Maya Fox: Yes.
"""

ROLLING_VTT = """WEBVTT
Kind: captions
Language: zh

00:00:00.000 --> 00:00:02.000
<00:00:00.100><c>我们</c><00:00:00.900><c>先画草图</c>

00:00:02.000 --> 00:00:02.010
我们先画草图

00:00:02.010 --> 00:00:04.000
我们先画草图
<00:00:02.300><c>然后</c><c>上色</c>

00:00:04.000 --> 00:00:04.010
然后上色

00:00:04.010 --> 00:00:06.000
然后上色
<00:00:04.500><c>最后配音</c>
"""
