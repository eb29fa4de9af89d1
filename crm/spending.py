"""What people decide about money spent on engines goes into the audit trail."""

from typing import Any

from django.dispatch import receiver

from crm import audit
from engines.models import Budget, PaidCall, PictureTemplate, Price
from engines.signals import budget_changed, call_resolved, price_added, template_saved


@receiver(call_resolved, dispatch_uid="audit-call-resolved")
def _call_resolved(
    sender: Any, call: PaidCall, actor: Any, data: dict[str, Any], **kwargs: Any
) -> None:
    audit.record("paid_call.resolved", call, actor=actor, data=data)


@receiver(budget_changed, dispatch_uid="audit-budget-changed")
def _budget_changed(
    sender: Any, budget: Budget, actor: Any, data: dict[str, Any], **kwargs: Any
) -> None:
    audit.record("budget.changed", budget, actor=actor, data=data)


@receiver(price_added, dispatch_uid="audit-price-added")
def _price_added(sender: Any, price: Price, actor: Any, **kwargs: Any) -> None:
    audit.record("price.added", price, actor=actor, data={"engine": price.engine})


@receiver(template_saved, dispatch_uid="audit-picture-template-saved")
def _template_saved(sender: Any, template: PictureTemplate, actor: Any, **kwargs: Any) -> None:
    audit.record("picture_template.current", template, actor=actor, data={"name": str(template)})
