"""R6: PostgreSQL restarts at once, ends sessions, is gone for half a minute; people try again."""

from __future__ import annotations

import time

import pytest

from tests.faults.harness import pace, shaken
from tests.faults.harness.weather import Weather, settled, weather

BACK = 10.0  # seconds after the database until the next act is acknowledged
BETWEEN = (0.3, 1.0)
WORDS = {"zh-CN": "没有丢失", "en": "Nothing is lost"}

pytestmark = pytest.mark.only("postgresql")


@pytest.mark.timeout(180)
@pytest.mark.soak("R6", only=True)
def test_a_database_that_comes_and_goes_loses_nothing(tmp_path, size, chance, figures):
    restarts, sessions, outage = size(1, 20), size(10, 100), size(2.0, 30.0)
    ended, back = 0, []
    with (
        shaken.postgres() as server,
        weather(server.address, tmp_path, chance, cases=size(40, 300)) as found,
    ):
        with found.people_at_work():
            found.goes_on(120, 5)
            while ended < sessions:
                ended += server.end_sessions(chance.randint(1, 8))
                pace.pause(chance.uniform(*BETWEEN))
            for _turn in range(restarts):
                pace.pause(chance.uniform(*BETWEEN))
                server.crash()
                server.start()
                back.append(found.goes_on(2 * BACK))
            server.crash()
            asked = asked_in_vain(found, outage)
            server.start()
            back.append(found.goes_on(2 * BACK))
        figures("sessions ended by the database", ended, at_least=sessions)
        figures("immediate restarts", restarts, at_least=1)
        figures("the database was gone for", outage, unit="s")
        figures("pages asked for meanwhile, each 503 with Retry-After", asked, at_least=4)
        figures("acts go on after the database is back", max(back), unit="s", at_most=BACK)
        settled(found, figures)


def asked_in_vain(found: Weather, seconds: float) -> int:
    """Ask for pages while the database is gone; what they say, in both languages; how many."""
    asked, until = 0, time.monotonic() + seconds
    while asked < 4 or time.monotonic() < until:
        for language, words in WORDS.items():
            status, later, page = found.probe("/inbox/", **{"Accept-Language": language})
            assert (status, later) == (503, "5"), page
            assert words in page
        status, later, answer = found.probe("/inbox/", Accept="application/json")
        assert (status, later) == (503, "5")
        assert '"busy"' in answer
        assert found.probe("/healthz")[0] == 200
        status, _later, answer = found.probe("/readyz")
        assert status == 503
        assert '"away"' in answer
        asked += 4
        pace.pause(0.2)
    return asked
