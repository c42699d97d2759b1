"""A task that several people of a unit may do, and the administrators, for tests of whose it is."""

from __future__ import annotations

import pytest

from app.commands.organisation import add_person
from app.commands.roles import set_roles
from app.queries.people import actor_by_id
from tests import stories, supervision

PASSWORD = "a lamp beside the river"


@pytest.fixture
def system(tanghe):
    return tanghe.actor("sys_admin")


@pytest.fixture
def security(tanghe):
    return tanghe.actor("sec_admin")


@pytest.fixture
def task(tanghe):
    """The co-handler's opinion: nobody's by name."""
    item = supervision.dispatched(tanghe, supervision.open_item(tanghe))
    for unit in ("ZJJ", "SJG"):
        node = "sign_for" if unit == "ZJJ" else "co_sign_for"
        post = "unit_liaison"
        stories.complete(item, node, {"decision": "sign"}, by=tanghe.actor(post, unit))
    return stories.task(item, "co_opinion")


@pytest.fixture
def handler(tanghe):
    return tanghe.actor("unit_handler", "SJG")


@pytest.fixture
def second(tanghe):
    """Another handler of the same unit."""
    made = add_person("sjg_second", "第二经办人", PASSWORD, actor=tanghe.actor("sys_admin", "XZF"))
    posts = [{"unit": "SJG", "role": "unit_handler"}]
    set_roles(made["person"], posts, actor=tanghe.actor("sec_admin", "XZF"))
    return actor_by_id(made["person"])
