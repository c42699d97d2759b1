"""For the machines that watch: is the process alive, can it serve."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response
from redis import Redis, RedisError

from app.errors import Busy
from app.queries.background import workers_alive
from app.queries.readiness import schema_is_there
from app.web.policy import public, require
from app.web.sessions import settings

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@require(public)
def alive() -> Response:
    """The process answers; nothing else is asked."""
    return jsonify(status="ok")


@bp.get("/readyz")
@require(public)
def ready() -> Response:
    """The database answers and has its tables. Redis and workers are told, not required: work
    waits for them.
    """
    database = _database()
    working = workers_alive() if database == "ok" else None
    response = make_response(jsonify(database=database, redis=_redis(), workers=working))
    response.status_code = 200 if database == "ok" else 503
    return response


def _database() -> str:
    try:
        return "ok" if schema_is_there() else "no schema: run `flask --app wsgi db upgrade`"
    except Busy:
        return "away"


def _redis() -> str:
    address = settings().redis_url
    if not address:
        return "not set"
    try:
        with Redis.from_url(address, socket_connect_timeout=1, socket_timeout=1) as redis:
            redis.ping()
    except RedisError:
        return "away"
    return "ok"
