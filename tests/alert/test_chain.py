"""Chains: what later messages do to earlier ones, and the cancel that could mean several."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alert_making import NOON, make_alert, make_info
from satwarn.alert.alert import MsgType, Named, Reference, ResponseType
from satwarn.alert.chain import ENDING, Chain, Effect, Ending, effect_of, ending_of, has_expired
from satwarn.errors import BadAlert, OutOfTurn

MINUTE = timedelta(minutes=1)


def refer(*alerts):
    return tuple(Reference(sender=a.sender, identifier=a.identifier, sent=a.sent) for a in alerts)


def message(name, kind=MsgType.ALERT, after=0, on=(), **info):
    return make_alert(
        identifier=name, msg_type=kind, sent=NOON + after * MINUTE, references=refer(*on), infos=(make_info(**info),)
    )


def hear(*alerts, now=NOON + 10 * MINUTE):
    chain = Chain()
    for alert in alerts:
        chain, last = chain.hear(alert, now=now)
    return chain, last


FIRST = message("first")


def names(chain, now=NOON + 10 * MINUTE):
    return [alert.identifier for alert in chain.live(now=now)]


def test_an_alert_lives_until_it_expires():
    chain, heard = hear(FIRST)
    assert heard.effect is Effect.NEW
    assert names(chain) == ["first"]
    assert names(chain, NOON + timedelta(hours=2)) == []


def test_an_update_supersedes_and_a_cancel_of_all_ends_the_warning():
    update = message("update", MsgType.UPDATE, 1, (FIRST,))
    cancel = message("cancel", MsgType.CANCEL, 2, (FIRST, update))
    chain, heard = hear(FIRST, update)
    assert names(chain) == ["update"]
    chain, heard = chain.hear(cancel, now=NOON)
    assert heard.effect is Effect.WITHDRAWS
    assert heard.on == (update.key,)
    assert names(chain) == []


def test_a_repeated_message_changes_nothing():
    chain, heard = hear(FIRST, FIRST)
    assert heard.effect is Effect.REPEATS
    assert names(chain) == ["first"]


def test_an_acknowledgement_ends_nothing_and_an_error_does():
    for kind, left in ((MsgType.ACK, ["first"]), (MsgType.ERROR, [])):
        chain, _ = hear(FIRST, message("answer", kind, 1, (FIRST,)))
        assert names(chain) == left


def test_a_cancel_that_could_mean_two_warnings_is_refused_with_its_candidates():
    other = message("other")
    with pytest.raises(OutOfTurn, match=r"first.*other"):
        hear(FIRST, other, message("cancel", MsgType.CANCEL, 1, (FIRST, other)))


def test_the_same_identifier_sent_again_makes_a_cancel_by_the_wrong_time_ambiguous():
    again = make_alert(identifier="first", sent=NOON + MINUTE)
    wrong = Reference(sender=FIRST.sender, identifier="first", sent=NOON - MINUTE)
    cancel = make_alert(identifier="c", msg_type=MsgType.CANCEL, sent=NOON + 2 * MINUTE, references=(wrong,))
    with pytest.raises(OutOfTurn, match="ambiguous") as refused:
        hear(FIRST, again, cancel)
    assert FIRST.sent.isoformat() in refused.value.what
    assert again.sent.isoformat() in refused.value.what


def test_a_cancel_of_something_already_ended_and_the_live_one_acts_on_the_live_one():
    """gov.uk learned it: references name the cancelled ones too."""
    update = message("update", MsgType.UPDATE, 1, (FIRST,))
    chain, heard = hear(FIRST, update, message("cancel", MsgType.CANCEL, 2, (FIRST, update)))
    assert heard.on == (update.key,)
    assert names(chain) == []


def test_a_cancel_of_nothing_we_know_ends_nothing():
    stranger = message("stranger")
    chain, heard = hear(FIRST, message("cancel", MsgType.CANCEL, 1, (stranger,)))
    assert heard.on == ()
    assert names(chain) == ["first"]


def test_a_cancel_heard_before_its_alert_still_ends_it():
    chain, _ = hear(message("cancel", MsgType.CANCEL, 1, (FIRST,)), FIRST)
    assert names(chain) == []


def ending(value):
    return message("c", MsgType.CANCEL, 1, (FIRST,), parameters=(Named(value_name=ENDING, value=value),))


def test_a_retraction_is_not_an_all_clear():
    assert effect_of(ending("retraction")) is Effect.RETRACTS
    assert effect_of(ending("all-clear")) is Effect.CLEARS
    assert effect_of(message("c", MsgType.CANCEL, 1, (FIRST,))) is Effect.WITHDRAWS
    mowas = message("c", MsgType.CANCEL, 1, (FIRST,), response_types=(ResponseType.ALL_CLEAR,))
    assert ending_of(mowas) is Ending.ALL_CLEAR


def test_infos_that_disagree_on_the_ending_are_refused():
    cancel = make_alert(
        msg_type=MsgType.CANCEL,
        sent=NOON + MINUTE,
        references=refer(FIRST),
        infos=(
            make_info(parameters=(Named(value_name=ENDING, value="retraction"),)),
            make_info("ja", parameters=(Named(value_name=ENDING, value="all-clear"),)),
        ),
    )
    with pytest.raises(BadAlert, match="disagree"):
        ending_of(cancel)


def test_without_an_end_it_holds():
    assert not has_expired(message("x", expires=None), now=NOON + timedelta(days=400))


@given(st.permutations(range(6)))
def test_the_order_of_hearing_does_not_matter_for_what_is_live(order):
    """One warning, five updates, each naming all before it."""
    story = [FIRST]
    for number in range(1, 6):
        story.append(message(f"u{number}", MsgType.UPDATE, number, tuple(story)))
    chain, _ = hear(*(story[at] for at in order))
    assert names(chain) == ["u5"]
