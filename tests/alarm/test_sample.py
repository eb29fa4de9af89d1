"""The sample workspace tells the founding story at first start."""

from config.sample.loader import load
from generation.models import AlarmChange, AlarmNotice, AnswerNotice, ProjectCase


def test_the_sample_workspace_opens_with_the_alarm_firing(db: None) -> None:
    load()

    change = AlarmChange.objects.get()
    assert change.fires
    assert change.pain is not None
    assert change.pain.title_zh == "多角色同框串脸"
    assert change.coverage == 0.0
    assert AlarmNotice.objects.count() == 1
    assert AnswerNotice.objects.exists()
    assert ProjectCase.objects.filter(is_sample=True).count() == 3
