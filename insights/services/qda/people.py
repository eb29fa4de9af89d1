"""Users of a file become coders without a login; its cases become creators with their variables."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from crm import audit
from crm.models import Creator, Tier, User
from insights.exchange import Case, Project, Source
from insights.exchange.markup import named_guid
from insights.models import ExternalId
from insights.services.qda.ids import Known

TIERS = {
    "head": Tier.HEAD, "头部": Tier.HEAD, "top": Tier.HEAD,
    "mid": Tier.MID, "腰部": Tier.MID, "middle": Tier.MID,
    "entry": Tier.ENTRY, "入门": Tier.ENTRY, "beginner": Tier.ENTRY,
}  # fmt: skip
FIELDS = {
    "tier": ("tier", "层级", "分层", "创作者层级"),
    "tier_then": ("tier_then",),
    "paying_then": ("paying_then", "paying", "付费", "是否付费"),
    "platform": ("platform", "平台"),
    "city": ("city", "城市"),
    "followers": ("followers", "粉丝", "粉丝数"),
    "language": ("language", "语言"),
    "status": ("status",),
    "held_at": ("held_at", "访谈时间"),
    "minutes": ("minutes",),
}
_FIELD_OF = {name: field for field, names in FIELDS.items() for name in names}
_YES = {"true", "1", "yes", "是", "y"}


def facts(values: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Variables that we have a place for, by our name, and the others as they are."""
    ours: dict[str, str] = {}
    others: dict[str, str] = {}
    for name, value in values.items():
        field = _FIELD_OF.get(name.strip().casefold())
        if field:
            ours[field] = value
        elif value:
            others[name] = value
    return ours, others


def tier_of(value: str | None) -> str | None:
    return TIERS.get((value or "").strip().casefold())


def truth(value: str | None) -> bool | None:
    return None if value is None else value.strip().casefold() in _YES


def moment(text: str) -> datetime | None:
    """An xsd:dateTime; without a zone it is UTC, as most programs mean it."""
    try:
        found = parse_datetime(text.strip()) if text else None
    except ValueError:
        return None
    if found is not None and timezone.is_naive(found):
        found = found.replace(tzinfo=UTC)
    return found


class Coders:
    """The account of each user of the file; a stranger gets one that nobody can log in with."""

    def __init__(self, project: Project, actor: User | None) -> None:
        self.added = 0
        self._actor = actor
        self._names = {user.guid: user.name for user in project.users}
        wanted = set(self._names)
        for source in project.sources:
            for selection in source.selections:
                wanted |= {selection.user, *(coding.user for coding in selection.codings)}
        self._fallback = project.user or named_guid("coder", project.origin)
        wanted = (wanted - {""}) | {self._fallback}
        self._known = Known(ExternalId.Kind.USER, User, wanted)
        self._rows = User.objects.in_bulk(
            [pk for guid in wanted if (pk := self._known.get(guid)) is not None]
        )
        self._origin = project.origin

    def of(self, guid: str) -> User:
        """The coder of a GUID; "" is whoever made the file."""
        key = guid or self._fallback
        pk = self._known.get(key)
        if pk is not None:
            return self._rows[pk]
        user = User(
            username=f"qda-{key}",
            first_name=(self._names.get(key) or self._origin or "?")[:150],
            is_active=False,
        )
        user.set_unusable_password()
        user.save()
        audit.record("coder.imported", user, actor=self._actor, data={"guid": key})
        self.added += 1
        self._rows[user.pk] = user
        self._known.put(key, user.pk)
        return user

    def save(self) -> None:
        self._known.save()


class People:
    """The creator of every source: of its named case, else of the source's own name."""

    def __init__(self, project: Project, *, tier: str, actor: User | None) -> None:
        self.added = 0
        self.guessed_tier = 0
        self.shared = 0
        self._tier = tier
        self._actor = actor
        self.case_of: dict[str, Case] = {}
        for case in sorted(project.cases, key=lambda case: not case.name):
            for source in case.sources:
                if source in self.case_of and case.name:
                    self.shared += 1
                self.case_of.setdefault(source, case)
        keys = [case.guid for case in project.cases]
        keys += [_own_guid(source.guid) for source in project.sources]
        self._known = Known(ExternalId.Kind.CREATOR, Creator, keys)
        self._rows = Creator.objects.in_bulk(
            [pk for key in keys if (pk := self._known.get(key)) is not None]
        )

    def values(self, source: Source) -> dict[str, str]:
        """The source's own variables over those of its case."""
        case = self.case_of.get(source.guid)
        return {**(case.values if case else {}), **source.values}

    def of_case(self, case: Case) -> Creator:
        return self._get(case.guid, case.name, case.values, case.description)

    def of_source(self, source: Source) -> Creator:
        case = self.case_of.get(source.guid)
        if case is not None and case.name:
            return self.of_case(case)
        # Two texts without a name are two people, not one called "?".
        name = source.name or f"? {source.guid[:8]}"
        return self._get(_own_guid(source.guid), name, self.values(source), "")

    def _get(self, key: str, name: str, values: Mapping[str, str], description: str) -> Creator:
        pk = self._known.get(key)
        if pk is not None:
            return self._rows[pk]
        name = (name.strip() or "?")[:80]
        ours, others = facts(values)
        known = Creator.objects.filter(name=name)
        if ours.get("platform"):
            known = known.filter(platform__in=["", ours["platform"]])
        creator = known.order_by("pk").first() or self._add(name, ours, others, description)
        self._rows[creator.pk] = creator
        self._known.put(key, creator.pk)
        return creator

    def _add(
        self, name: str, ours: Mapping[str, str], others: Mapping[str, str], description: str
    ) -> Creator:
        tier = tier_of(ours.get("tier") or ours.get("tier_then"))
        self.guessed_tier += tier is None
        status = ours.get("status", "")
        creator = Creator.objects.create(
            name=name,
            tier=tier or self._tier,
            platform=ours.get("platform", "")[:60],
            city=ours.get("city", "")[:60],
            followers=int(ours["followers"]) if ours.get("followers", "").isdecimal() else None,
            language=ours.get("language", "zh-hans")[:12],
            status=status if status in Creator.Status.values else Creator.Status.ACTIVE,
            note="\n".join(
                [*([description] if description else []), *(f"{k}: {v}" for k, v in others.items())]
            ),
        )
        audit.record("creator.imported", creator, actor=self._actor)
        self.added += 1
        return creator

    def save(self) -> None:
        self._known.save()


def _own_guid(source: str) -> str:
    return named_guid("creator of", source)
