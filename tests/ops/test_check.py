"""`make test` counts honestly: the closing line, skipped tests, runs that died."""

from __future__ import annotations

from ops import check
from ops.check import Tally

REPORT = '<testsuites><testsuite tests="{}" failures="{}" errors="{}" skipped="{}"/></testsuites>'


def closing(capsys) -> str:
    return capsys.readouterr().out.splitlines()[-1]


def test_the_last_line_counts_what_held(capsys):
    tally = Tally()
    tally.add("style", passed=1, failed=0)
    tally.add("tests on sqlite", passed=120, failed=0)

    assert check.close(tally, 90) == 0
    assert closing(capsys) == "121 passed, 0 failed"


def test_anything_that_fails_is_named_and_ends_in_an_error(capsys):
    tally = Tally()
    tally.add("types", passed=0, failed=1)

    assert check.close(tally, 90) == 1
    said = capsys.readouterr().out
    assert "Not in order: types" in said
    assert said.splitlines()[-1] == "0 passed, 1 failed"


def test_a_skipped_test_counts_as_failed(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(REPORT.format(10, 1, 1, 2))

    assert check.counted(report) == (6, 4)


def test_a_run_that_died_before_its_report_counts_as_failed(tmp_path):
    assert check.counted(tmp_path / "report.xml") == (0, 1)


def test_the_tests_see_nothing_of_the_person_who_starts_them(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://precious")
    monkeypatch.setenv("GRANIAN_PORT", "1")

    assert set(check.environment(tmp_path)) <= {
        *("PATH", "LANG", "CHROMIUM", "HOME", "TMPDIR", "HYPOTHESIS_PROFILE", "PYTHONUTF8"),
    }


def test_the_home_of_the_tests_is_gone_afterwards():
    with check.home() as folder:
        (folder / "left over").touch()

    assert not folder.exists()
