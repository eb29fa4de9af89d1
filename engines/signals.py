"""What the rooms above may want to record. This room knows nobody, so it calls; they answer.

Sent inside the transaction of the act, so a receiver that fails undoes it.
"""

from django.dispatch import Signal

# sender=PaidCall, call, actor (a user or None), data (JSON)
call_resolved = Signal()
# sender=Budget, budget, actor, data
budget_changed = Signal()
# sender=Price, price, actor
price_added = Signal()
# sender=PictureTemplate, template, actor
template_saved = Signal()
