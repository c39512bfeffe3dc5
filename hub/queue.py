"""The bell: arq, nothing else. A ring may be lost, doubled or late without harm; the database is the truth.

Read in arq's source, and the reason for each setting: `enqueue_job` gives None for a job id that is in use, or whose
result is kept, so rings have fresh ids and keep no result; jobs are pickled unless told otherwise; a ring that is
retried or deferred would be state, so none is.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import structlog
from arq import create_pool
from arq.connections import ArqRedis, RedisSettings
from arq.worker import Worker
from redis.exceptions import RedisError

log = structlog.get_logger()

QUEUE = "faros:rings"
NEVER = 3600


def redis_settings(url: str) -> RedisSettings:
    """arq's settings for a URL; `unix:///path` names a socket."""
    settings = RedisSettings.from_dsn(url)
    settings.conn_retries, settings.conn_timeout = 0, 2
    return settings


class Bell:
    """Rings the workers. Rings that come while one is on its way are one ring."""

    def __init__(self, url: str | None) -> None:
        self._url = url
        self._pool: ArqRedis | None = None
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Bell":
        if self._url is not None:
            self._task = asyncio.create_task(self._work(self._url), name="bell")
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._pool is not None:
            with contextlib.suppress(RedisError, OSError):
                await self._pool.aclose()

    async def ring(self) -> None:
        """Say that something may be due. Never waits for the queue, never fails."""
        self._wanted.set()

    async def _work(self, url: str) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                if self._pool is None:
                    self._pool = await create_pool(redis_settings(url), job_serializer=orjson.dumps)
                await self._pool.enqueue_job("ring", _queue_name=QUEUE)
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("ring lost", error=type(error).__name__)
                self._pool = None
                await asyncio.sleep(0.5)


async def answer(url: str, ring: Callable[[], None]) -> None:
    """Answer rings for ever: outlives a queue that restarts, is wiped, or is not there yet."""
    while True:
        worker = _worker(url, ring)
        try:
            await worker.async_run()
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("bell away", error=type(error).__name__)
        finally:
            with contextlib.suppress(RedisError, OSError):
                await worker.close()
        await asyncio.sleep(0.5)


def _worker(url: str, ring: Callable[[], None]) -> Worker:
    async def answered(ctx: dict[Any, Any]) -> None:
        ring()

    answered.__qualname__ = "ring"
    functions: list[Callable[..., Awaitable[None]]] = [answered]
    return Worker(
        functions=functions,  # type: ignore[arg-type]  # arq's protocol asks for a name that functions have
        queue_name=QUEUE,
        redis_settings=redis_settings(url),
        handle_signals=False,
        poll_delay=0.02,
        keep_result=0,
        max_tries=1,
        retry_jobs=False,
        max_jobs=10,
        job_timeout=5,
        health_check_interval=NEVER,
        job_serializer=orjson.dumps,
        job_deserializer=orjson.loads,
        log_results=False,
    )
