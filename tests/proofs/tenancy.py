"""tenancy: everybody of one pool tries every address by every method with ids of another pool.

Generated from the URL configuration (tests/tenancy); a route nobody entered there fails. Nothing of
the other pool may be shown, none of its rows may change. The control walks the same way with the
scope off, and has to leak.
"""

from __future__ import annotations

import logging

from django.test.utils import override_settings

from tests.proofs.frame import Frame, say
from tests.proofs.report import Result
from tests.tenancy.matrix import scope_off, walk
from tests.tenancy.routes import all_routes
from tests.tenancy.worlds import a_world


def run(frame: Frame) -> Result:
    """Walk along everything, with the wall and without."""
    frame.database("tenancy")
    logging.disable(logging.CRITICAL)  # thousands of refusals are what is wanted
    routes = all_routes()
    own, foreign = a_world("Ahornau", "06531"), a_world("Zederntal", "06534014")
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        say(f"tenancy: {len(routes)} addresses …")
        done = walk(routes, own, foreign)
        say("the control: the same with the scope off …")
        with scope_off():
            control = walk(routes, own, foreign)
    logging.disable(logging.NOTSET)
    figures = {
        "routes": done.routes,
        "cases": done.cases,
        "leaks": len(done.leaks),
        "broken": len(done.broken),
        "opened_with_own_ids": len(done.opened),
        "control_leaks": len(control.leaks),
    }
    reached, valid = not (done.leaks or done.broken), bool(control.leaks)
    why_not = [*done.leaks[:20], *done.broken[:20]]
    if not valid:
        why_not.append("without the scope nothing leaked either: the run proves nothing")
    return Result("tenancy", figures, reached, valid, why_not)
