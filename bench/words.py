"""Looking for words among a million tasks: what the cases say, and how long their finding takes."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import psycopg

from app import clock, create_app
from app.actor import Holding
from app.queries.inbox import Wish, inbox
from app.queries.people import actor_by_login
from app.queries.search import search
from app.queries.waiting import Filters
from bench import county, site
from bench.copies import one
from bench.figures import Figure, milliseconds, percentile

LOOKING = [sys.executable, "-m", "bench.words"]
TIMES = 12
SAID = (
    "物业 服务 合同 纠纷 建设 工程 欠款 农民工 工资 劳动 权益 保障 房屋 租赁 买卖 预售 资金 监管 "
    "货运 代理 行业 物流 充电桩 安装 消费 预付 培训 退费 医疗 养老 民间 借贷 金融 保险 交通 事故 "
    "赔偿 土地 承包 流转 宅基地 邻里 婚姻 家庭 调解 整改 约谈 督办 排查 化解 机制 方案 责任 部门 "
    "标准 公示 检查 清单 台账 回访"
)
RARE = "渡槽 沼气池 冷链 Siemens audit BIM 地铁 疫苗"
SOUGHT = {
    "common words": ("纠纷", "约谈", "号", "整改 回访"),
    "words side by side": ("物业服务", "养老保险", "合同纠纷"),
    "rare words": ("渡槽", "沼气", "冷链 纠纷"),
    "English words": ("siemens", "audit", "BIM"),
    "numbers": ("第77号", "2026", "平督〔2026〕4321号", "13805"),
    "words nobody wrote": ("没有的词", "wombat", "9999999"),
    "names of steps": ("起草", "核对第7"),
}
WORDS = """
    INSERT INTO search_text (case_id, document_id, running, event_id, text, grams)
    SELECT id, 0, true, 0, words, (
        SELECT array_agg(DISTINCT gram) FROM (
            SELECT substr(words, place, size) AS gram
            FROM generate_series(1, length(words)) place, generate_series(1, 2) size
        ) cut WHERE gram !~ E'\\n'
    ) FROM (
        SELECT c.id, concat_ws(E'\\n', c.title, '平督2026' || c.id || '号',
            13800000000 + (hashtext('phone' || c.id) & 134217727),
            CASE WHEN c.id %% 97 = 0 THEN lower((%(rare)s::text[])[1 + c.id / 97 %% 8]) END, (
            SELECT string_agg((%(said)s::text[])[1 + (hashtext(c.id || '.' || n) & 1048575)
                %% cardinality(%(said)s::text[])], CASE WHEN n %% 9 = 0 THEN E'\\n' ELSE '' END)
            FROM generate_series(1, 60) n
        )) AS words FROM case_file c
    ) AS told
"""


def let_speak(asked: psycopg.Connection[object]) -> int:
    """Give each case a title, a number, a telephone and sixty words; how many cases speak."""
    asked.execute("DELETE FROM search_text")
    asked.execute(WORDS, {"said": SAID.split(), "rare": RARE.split()})
    asked.execute("VACUUM ANALYZE search_text")
    return int(one(asked, "SELECT count(*) FROM search_text")[0])


def figures(database: str) -> list[Figure]:
    """The inbox filtered by words and the search page, of a hundred the slowest five from."""
    looked = json.loads(site.done(LOOKING, site.environment(database)))
    return [
        Figure(f"{where}: {sort}, of a hundred the slowest five from", [at], "ms", 50)
        for where, sort, times in looked
        for at in [percentile(milliseconds(times), 0.95)]
    ]


def looking() -> None:
    """Print where what sort of words was looked for and how many seconds each look took."""
    viewer, now = actor_by_login(county.login("supervision_clerk", 0)), clock.now()
    unit = Holding(viewer.holdings[0].unit_id + 1, "U1", "", "unit_handler")
    ways: dict[str, Callable[[str], object]] = {
        "largest unit's inbox": lambda word: inbox(
            viewer, Wish(filters=Filters(text=word)), now=now
        ),
        "search by who sees all": lambda word: search(viewer, word),
        "search by who sees a unit's": lambda word: search(replace(viewer, holdings=(unit,)), word),
    }
    found = [
        (where, sort, times_of(look, words))
        for where, look in ways.items()
        for sort, words in SOUGHT.items()
    ]
    print(json.dumps(found))


def times_of(look: Callable[[str], object], words: Sequence[str]) -> list[float]:
    """How many seconds each look took, after a round that warms up."""
    times = []
    for turn in range(TIMES + 1):
        for word in words:
            began = time.perf_counter()
            look(word)
            if turn:
                times.append(time.perf_counter() - began)
    return times


if __name__ == "__main__":
    with create_app().app_context():
        looking()
