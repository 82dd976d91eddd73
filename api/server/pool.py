"""The threads in which the application runs, and the way back from them to the event loop."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from typing import Any, Literal, TypeAlias

from api.server import cores
from api.server.policy import Lane

Job: TypeAlias = Callable[[], object]
Line: TypeAlias = Lane | Literal["disk"]
"""A lane of the application, or that of files, which a thread of its own writes."""


class Pool:
    """Runs jobs in threads, and their callbacks in the event loop, in order.

    Leaner than run_in_executor, which costs a future, two locks and a wake-up of the loop for each job.
    The threads are daemons: when the graceful timeout ends, none can keep the process alive.
    """

    def __init__(self, threads: int, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._first: deque[Job] = deque()
        self._later: deque[Job] = deque()
        self._tickets: SimpleQueue[bool] = SimpleQueue()  # one for each job, or False to end a thread
        self._callbacks: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._woken = False
        self._writes: deque[Job] = deque()
        self._free_for_writes = max(threads - 1, 1)
        self._writes_lock = threading.Lock()
        apart: tuple[Line, ...] = ("slow", "slower", "disk")
        self._apart: dict[Line, SimpleQueue[Job | None]] = {lane: SimpleQueue() for lane in apart}
        self._threads = threads
        for number in range(threads):
            threading.Thread(target=self._work, name=f"app-{number}", daemon=True).start()
        for lane, jobs in self._apart.items():
            threading.Thread(target=self._work_apart, args=(jobs,), name=f"app-{lane}", daemon=True).start()

    def submit(self, job: Job, lane: Line = "read", *, later: bool = False) -> None:
        """Run `job`, which handles its own errors, in a thread; `later`: when nothing else waits for one."""
        if lane in self._apart:
            self._apart[lane].put(job)
        elif lane == "write":
            self._writes.append(job)
            self._admit_write()
        else:
            (self._later if later else self._first).append(job)
            self._tickets.put(True)

    def waiting(self, lane: Line) -> int:
        """Jobs in front of a new one in this lane that no thread has taken yet."""
        if lane in self._apart:
            return self._apart[lane].qsize()
        return len(self._first) + (len(self._writes) if lane == "write" else 0)

    def post(self, callback: Callable[..., None], *args: object) -> None:
        """From a thread, have the loop call `callback`. One wake-up serves all that are posted before it."""
        self._callbacks.append((callback, args))
        if not self._woken:
            self._woken = True
            try:
                self._loop.call_soon_threadsafe(self._call_back)
            except RuntimeError:
                return  # the loop has ended, and every connection with it

    def close(self) -> None:
        """Let idle threads end."""
        for _ in range(self._threads):
            self._tickets.put(False)
        for jobs in self._apart.values():
            jobs.put(None)

    def _call_back(self) -> None:
        self._woken = False  # first: what is posted from now on wakes the loop again
        for _ in range(len(self._callbacks)):  # not "while": the loop has other things to do
            callback, args = self._callbacks.popleft()
            callback(*args)

    def _work(self) -> None:
        while self._tickets.get():
            self._take()()

    def _take(self) -> Job:
        try:
            return self._first.popleft()
        except IndexError:  # cheaper than asking first, and no other thread can come between
            return self._later.popleft()

    def _work_apart(self, jobs: SimpleQueue[Job | None]) -> None:
        cores.unpin()
        while (job := jobs.get()) is not None:
            job()

    def _admit_write(self) -> None:
        """Let the next write have a thread, if there is one for it."""
        with self._writes_lock:
            if not self._free_for_writes or not self._writes:
                return
            self._free_for_writes -= 1
            job = self._writes.popleft()
        self.submit(partial(self._write, job))

    def _write(self, job: Job) -> None:
        try:
            job()
        finally:
            with self._writes_lock:
                self._free_for_writes += 1
            self._admit_write()
