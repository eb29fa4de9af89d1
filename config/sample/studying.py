"""A study under way in the sample workspace: rules, segments, times, invitations, words on quotes."""

from datetime import time, timedelta

from django.utils import timezone

from crm.models import Creator, Segment, Study, TierRule, User
from crm.services.appointments import slot_book
from crm.services.creator_imports import creators_import
from crm.services.incentives import incentive_promise, incentive_step
from crm.services.invitations import creators_invite
from crm.services.slots import slots_offer
from crm.study_reads import slots_open
from insights.services.member_checks import quote_check
from insights.words import evidence_visible_to

LIST = (
    "笔名,平台,账号,层级,粉丝数,月收入(元),城市\n"
    "雪落有痕,B站,xueluo,腰部,23.6万,9800,南京\n"
    "半盏茶凉,抖音,banzhan,,8.2万,3600,厦门\n"
    "阿青画本,小红书,aqinghb,入门,6400,900,昆明\n"
    "鹿鸣纸上,抖音,luming_dy,头部,41万,,杭州\n"
)


def load_studying(people: dict[str, Creator], staff: dict[str, User]) -> None:
    pm, demo = staff["pm"], people["demo"]
    for position, (name, tier, least, below) in enumerate(
        (("百万粉以上", "head", 1_000_000, None), ("十万到百万粉", "mid", 100_000, 1_000_000),
         ("十万粉以下", "entry", None, 100_000)), 1,
    ):  # fmt: skip
        TierRule.objects.create(
            name=name, tier=tier, position=position * 10, followers_from=least,
            followers_below=below, valid_from=timezone.localdate() - timedelta(days=90),
        )  # fmt: skip
    Segment.objects.create(
        name="腰部，在 B站",
        conditions={"tier": ["mid"], "platform": ["B站"]},
        by=pm,
        is_sample=True,
    )
    creators_import(
        data=LIST.encode("gb18030"), name="达人名单.csv", actor=pm, sample=True,
        columns={"笔名": "name", "平台": "platform", "账号": "handle", "层级": "tier",
                 "粉丝数": "followers", "月收入(元)": "income_minor", "城市": "city"},
    )  # fmt: skip
    study = Study.objects.get(key="paying")
    monday = timezone.localdate() + timedelta(days=7)
    for day in range(2):
        slots_offer(
            study=study, researcher=staff["wang"], day=monday + timedelta(days=day),
            first=time(10), last=time(12), minutes=45, pause=15, place="腾讯会议 000-000-000",
        )  # fmt: skip
    guests = [demo, *Creator.objects.filter(name__in=["雪落有痕", "半盏茶凉"])]
    invitations = creators_invite(study=study, creators=guests, actor=pm)
    others = [row for row in invitations if row.creator_id != demo.pk]
    slot_book(slot=slots_open(study)[0], creator=others[0].creator, invitation=others[0], actor=pm)
    incentive = incentive_promise(study=study, creator=demo, minor=20_000, form="京东卡", actor=pm)
    incentive_step(incentive=incentive, state="sent", actor=pm)
    said = list(evidence_visible_to(demo)[:2])
    for row, verdict in zip(said, ("right", "not_meant"), strict=False):
        quote_check(
            creator=demo, evidence=row, verdict=verdict, actor=demo.user,
            correction="我说的是多人同框，单人其实还好。",
        )  # fmt: skip
