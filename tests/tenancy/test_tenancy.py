"""Nothing of another pool can be read or changed, whoever asks and however; in small.

`script/prove tenancy` walks along everything; here the methods that pages and API know best.
"""

from __future__ import annotations

import pytest

from tests.tenancy.matrix import scope_off, walk
from tests.tenancy.routes import NoEntry, Route, all_routes
from tests.tenancy.worlds import World, a_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def worlds() -> tuple[World, World]:
    return a_world("Ahornau", "06531"), a_world("Zederntal", "06534014")


def test_every_address_says_whose_objects_it_opens(worlds: tuple[World, World]) -> None:
    routes = all_routes()
    assert len(routes) > 90
    assert all(route.filled(worlds[0].objects).startswith("/") for route in routes)


def test_an_address_without_an_entry_fails() -> None:
    with pytest.raises(NoEntry):
        Route("neu/<uuid:public_id>/", "neu").filled({})


def test_nothing_of_another_pool_is_read_or_changed(worlds: tuple[World, World]) -> None:
    routes = [
        route for route in all_routes() if route.parameters or "koordination" in route.pattern
    ]
    done = walk(routes, *worlds, methods=("GET", "POST"), roles=("coordinator", "caseworker"))
    assert done.leaks == []
    assert done.broken == []
    assert len(done.opened) > 20


def test_control_without_the_scope_other_pools_are_open(worlds: tuple[World, World]) -> None:
    routes = [route for route in all_routes() if "koordination" in route.pattern]
    with scope_off():
        done = walk(routes, *worlds, methods=("GET", "POST"), roles=("coordinator",))
    assert len(done.leaks) > 10
