# SPDX-License-Identifier: Apache-2.0
"""Providers that answer badly, or not at all after they have taken a message."""

from providers import Gateway, Relay, notifiers
from stage import Stage


def bad_providers(faults, reminders, seed):
    """A mail relay and an SMS gateway that refuse, talk nonsense, say nothing, or die with the message in
    their hands."""
    with Relay(seed) as relay, Gateway(seed) as gateway:
        with Stage("bad_providers", seed, nodes=1,
                   extra={"notifiers": notifiers(relay.port, gateway.port)},
                   channels=(["email"], ["sms"])) as stage:  # fmt: skip
            stage.providers += [relay, gateway]
            relay.be_moody((faults + 1) // 2)
            gateway.be_moody(faults // 2)
            stage.load.release(reminders)
        stage.verdict.faults = relay.bad_moods + gateway.bad_moods
        stage.check(relay.is_well and gateway.is_well, "too few messages for so many bad moods")
        _check_sms_are_not_repeated(stage, gateway)
    return stage.verdict


def _check_sms_are_not_repeated(stage, gateway):
    taken = [arrival.key for arrival in gateway.arrivals()]
    stage.check(len(taken) == len(set(taken)), "an SMS was sent again blindly")
