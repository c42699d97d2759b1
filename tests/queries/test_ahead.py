"""What happens after a task, for those who have it open: with whom, and how long."""

from __future__ import annotations

from app.commands.asking import add_before
from app.commands.completion import complete_task
from app.queries.inbox import inbox
from app.queries.tasks import task_page
from tests import stories, supervision


def said(page):
    return [
        (tuple(en for _zh, en in each.when), each.task_en, each.who, str(each.time or ""))
        for each in page.ahead
    ]


def test_the_next_steps_name_answers_units_posts_and_times(tanghe):
    item = supervision.dispatched(tanghe)
    task = stories.task(item, "sign_for")

    page = task_page(stories.performer(tanghe, item, "sign_for"), task.id)

    assert said(page) == [
        (
            ("Signed",),
            "Name a handler, divide the work",
            (("县住房和城乡建设局", "unit_leader"),),
            "2 working days",
        ),
        (
            ("Handed back",),
            "Deal with the hand-back",
            (("县平安建设领导小组办公室", "supervision_clerk"),),
            "",
        ),
    ]


def test_the_end_is_told_and_a_task_that_is_done_has_nothing_ahead(tanghe):
    item = supervision.completed(tanghe, supervision.in_hand(tanghe))
    task = stories.task(item, "review_completion")
    clerk = stories.performer(tanghe, item, "review_completion")
    assert next(each.task_en for each in task_page(clerk, task.id).ahead) == "Strike off"

    stories.complete(item, "review_completion", supervision.PASS, by=clerk)
    assert task_page(clerk, task.id).ahead == ()

    last = stories.task(item, "strike_off")
    director = stories.performer(tanghe, item, "strike_off")
    assert [each.ends for each in task_page(director, last.id).ahead] == [True]


def test_who_was_asked_first_gives_the_task_back_to_whoever_asked(tanghe):
    item = supervision.in_hand(tanghe)
    handler = tanghe.actor("unit_handler", "ZJJ")
    task = stories.task(item, "complete_item")
    asked = [tanghe.actor(post, "ZJJ") for post in ("unit_liaison", "unit_leader")]
    answers = {"people": [each.login for each in asked], "reason": "请先提出意见"}
    add_before(task.id, answers, actor=handler)
    first, last = (inbox(each).rows[0].assignment_id for each in asked)
    back = [(task_page(handler, task.id).unit, "unit_handler")]

    (after,) = task_page(asked[0], first).ahead
    assert (after.task, list(after.who), after.together) == ("办理并提交办结报告", back, True)
    complete_task(first, {"decision": "approve", "opinion": None}, actor=asked[0])
    (after,) = task_page(asked[1], last).ahead
    assert (list(after.who), after.together) == (back, False)
