"""The story under the Tongxu mechanism, chapter by chapter."""

from app.demo.both import beginning, ending
from app.demo.tongxu import (
    answers,
    dispatching,
    evaluation,
    handling,
    july_round,
    meeting,
    red,
    suggestions,
)

CHAPTERS = (
    beginning,
    july_round,
    suggestions,
    answers,
    meeting,
    dispatching,
    handling,
    red,
    evaluation,
    ending,
)
