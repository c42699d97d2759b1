"""What evaluations found, as those may read it who are concerned."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.errors import NotFound
from app.queries.evaluation import assessment_record, deductions, outcomes
from tests import supervision
from tests.evaluating import decided, proposed, started, stated


@pytest.fixture
def case_id(tanghe):
    """An evaluation whose one deduction was decided."""
    proposals = proposed(tanghe, started(tanghe))
    return decided(tanghe, stated(tanghe, proposals, ZJJ="正在办理。"), verdict="confirm")


def test_before_and_after_stand_side_by_side_with_the_measures(tanghe, case_id):
    rows = {row.code: row for row in outcomes(tanghe.actor("business_auditor"), case_id)}

    assert list(rows) == ["I02", "I06", "I10"]
    resolved = rows["I06"]
    assert (resolved.before_round, resolved.after_round) == ("2026H1", "2026A")
    assert (resolved.before, resolved.after) == (Decimal("64.5"), Decimal("86.3"))
    assert (resolved.before_level, resolved.after_level, resolved.outcome) == (
        "high",
        "low",
        "resolved",
    )
    with pytest.raises(NotFound):
        outcomes(tanghe.stranger, case_id)


def test_a_unit_reads_its_own_deductions_only(tanghe, case_id):
    everything = deductions(tanghe.actor("business_auditor"), case_id)
    own = deductions(tanghe.actor("unit_leader", "ZJJ"), case_id)

    assert {row.unit for row in everything} == {"县住房和城乡建设局"}
    assert own == everything
    assert {(row.state, row.statement) for row in own} == {("confirmed", "正在办理。")}
    assert all(row.decided_by for row in own)
    with pytest.raises(NotFound):
        deductions(tanghe.actor("unit_leader", "RSJ"), case_id)


def test_a_units_record_is_for_itself_its_supervisors_and_the_auditor(tanghe):
    unit = tanghe.unit("ZJJ")
    assert assessment_record(tanghe.actor("business_auditor"), unit) == ()

    supervision.interviewed(tanghe, supervision.in_hand(tanghe))

    for reader in (
        tanghe.actor("business_auditor"),
        tanghe.actor("supervision_clerk"),
        tanghe.actor("unit_leader", "ZJJ"),
    ):
        (entry,) = assessment_record(reader, unit)
        assert entry.kind == "interview"
        assert entry.number
    for stranger in (
        tanghe.stranger,
        tanghe.actor("unit_leader", "RSJ"),
        tanghe.actor("sys_admin"),
    ):
        with pytest.raises(NotFound):
            assessment_record(stranger, unit)
