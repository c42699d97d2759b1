"""Work opinions: what is promised, to whom it goes, and whether a suggestion is adopted."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.db import session
from app.errors import Invalid
from app.model import Measure
from tests import loop, stories
from tests.stories import complete

CHOSEN = {
    "scope": "chosen",
    "notices": [
        {"indicator": "I03", "units": ["WLX", "SJG"], "note": "行业规则缺失"},
        {"indicator": "I10"},
    ],
}


def test_measures_of_a_supplemented_opinion_stay_on_record_as_replaced(tanghe):
    case_id = loop.round_with_notices(tanghe)["notices"]["I10"]
    loop.filed_opinion(tanghe, case_id, "ZJJ")
    complete(
        case_id,
        "review_opinion",
        {"decision": "supplement", "opinion": "不够具体"},
        by=tanghe.post("opinion_office"),
    )
    only = [loop.OPINION["measures"][0] | {"text": "分片包干"}]
    complete(
        case_id,
        "work_opinion",
        loop.opinion(tanghe, measures=only),
        by=tanghe.actor("unit_handler", "ZJJ"),
    )

    rows = (
        session()
        .scalars(select(Measure).order_by(Measure.id).execution_options(populate_existing=True))
        .all()
    )
    assert [(row.text, row.replaced) for row in rows] == [
        ("制定服务标准", True),
        ("开展收费专项检查", True),
        ("分片包干", False),
    ]
    assert {row.indicator_id for row in rows} == {tanghe.indicators["I10"]}


def test_the_opinion_goes_to_whom_the_mechanism_names(county):
    case_id = loop.round_with_notices(county)["notices"]["I10"]

    loop.filed_opinion(county, case_id, "ZJJ")

    (opinion,) = stories.papers(case_id, "work_opinion")
    wanted = {"tanghe": ["PAB"], "tongxu": ["FY-SGB", "FY-PZB"]}[county.profile.key]
    assert sorted(stories.deliveries(opinion.id)) == sorted(
        (county.unit(code), "main") for code in wanted
    )
    assert opinion.issuer_unit_id == county.unit("ZJJ")
    assert opinion.content["problems"] == ["物业服务标准不明", "收费公示不到位"]


def test_a_suggestion_is_answered_with_whether_it_is_adopted(tongxu):
    case_id = loop.round_with_notices(tongxu)["notices"]["I10"]
    loop.signed_notice(tongxu, case_id, "ZJJ")
    handler = tongxu.actor("unit_handler", "ZJJ")
    with pytest.raises(Invalid) as refused:
        complete(case_id, "work_opinion", loop.OPINION, by=handler)
    assert list(refused.value.fields) == ["adoption"]

    complete(
        case_id,
        "work_opinion",
        loop.opinion(tongxu, adoption="partial", adoption_reason="部分事项需上级统筹"),
        by=handler,
    )

    (opinion,) = stories.papers(case_id, "work_opinion")
    assert opinion.content["adoption"] == "部分采纳"
