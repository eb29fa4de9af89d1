"""The key of a row in a personal link."""

import time_machine
from django.core import signing

from crm.services.keys_in_links import link_key, link_token


def test_a_row_has_one_link_whenever_it_is_asked_for() -> None:
    with time_machine.travel("2026-11-26 10:00:00+00:00"):
        first = link_token(85, salt="a")
    with time_machine.travel("2026-11-27 10:00:01+00:00"):
        assert link_token(85, salt="a") == first
        assert link_key(first, salt="a") == 85


def test_a_link_is_no_key_of_another_kind_nor_when_a_sign_is_changed() -> None:
    token = link_token(85, salt="a")

    assert link_key(token, salt="b") is None
    assert link_key(link_token(86, salt="a")[:3] + token[3:], salt="a") is None
    assert link_key("", salt="a") is None


def test_links_that_say_their_second_still_work() -> None:
    assert link_key(signing.dumps(85, salt="a"), salt="a") == 85
