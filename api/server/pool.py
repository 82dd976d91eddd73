"""The threads in which the application runs, and the way back from them to the event loop."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from enum import Enum, auto
from functools import partial
from queue import SimpleQueue
from typing import Any

from api.server import cores

Job = Callable[[], object]


class Line(Enum):
    """Where a request waits for a thread."""

    READ = auto()
    WRITE = auto()  # leaves one thread to those who read: all who write may have to wait for the same lock
    ASIDE = auto()  # for what takes long: one thread, one after the other, out of everybody's way


class Pool:
    """Runs jobs in threads and hands what they tell back to the loop, in order.

    Leaner than run_in_executor, which costs a future, two locks and a wake-up of the loop per job.
    The threads are daemons: at the end of the graceful time none can hold the process.
    """

    def __init__(self, threads: int, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._first: deque[Job] = deque()
        self._later: deque[Job] = deque()
        self._tickets: SimpleQueue[bool] = SimpleQueue()  # one for each job, or False to end a thread
        self._told: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._woken = False
        self._writes: deque[Job] = deque()
        self._places = max(threads - 1, 1)  # left for those who write
        self._placing = threading.Lock()
        self._aside: SimpleQueue[Job | None] = SimpleQueue()
        self._threads = threads
        for number in range(threads):
            threading.Thread(target=self._work, name=f"app-{number}", daemon=True).start()
        threading.Thread(target=self._work_aside, name="app-aside", daemon=True).start()

    def submit(self, job: Job, line: Line = Line.READ, *, later: bool = False) -> None:
        """Run `job`, which handles its own errors, in a thread; `later`: when nothing else waits for one."""
        if line is Line.ASIDE:
            self._aside.put(job)
        elif line is Line.WRITE:
            self._writes.append(job)
            self._write_on()
        else:
            (self._later if later else self._first).append(job)
            self._tickets.put(True)

    def waiting(self, line: Line) -> int:
        """Jobs in that line, but for those for later, that no thread has taken yet."""
        if line is Line.ASIDE:
            return self._aside.qsize()
        return len(self._first) + (len(self._writes) if line is Line.WRITE else 0)

    def tell(self, callback: Callable[..., None], *args: object) -> None:
        """From a thread: have `callback` called in the loop. One wake-up serves all told before it."""
        self._told.append((callback, args))
        if not self._woken:
            self._woken = True
            try:
                self._loop.call_soon_threadsafe(self._listen)
            except RuntimeError:
                return  # the loop has ended, and with it every connection

    def close(self) -> None:
        """Let idle threads end."""
        for _ in range(self._threads):
            self._tickets.put(False)
        self._aside.put(None)

    def _listen(self) -> None:
        self._woken = False  # first: what is told from now on wakes the loop again
        for _ in range(len(self._told)):  # not "while": others than the pool want their turn
            callback, args = self._told.popleft()
            callback(*args)

    def _work(self) -> None:
        while self._tickets.get():
            self._take()()

    def _work_aside(self) -> None:
        cores.roam()
        while (job := self._aside.get()) is not None:
            job()

    def _write_on(self) -> None:
        """Let the next who writes have a place, if there is one."""
        with self._placing:
            if not self._places or not self._writes:
                return
            self._places -= 1
            job = self._writes.popleft()
        self.submit(partial(self._write, job))

    def _write(self, job: Job) -> None:
        try:
            job()
        finally:
            with self._placing:
                self._places += 1
            self._write_on()

    def _take(self) -> Job:
        try:
            return self._first.popleft()
        except IndexError:  # cheaper than to look first, and no other thread can come between
            return self._later.popleft()
