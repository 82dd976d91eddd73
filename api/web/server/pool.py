"""The threads in which the application runs, and the way back from them to the event loop."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

Job = Callable[[], object]


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
        self._aside: SimpleQueue[Job | None] = SimpleQueue()
        self._threads = threads
        for number in range(threads):
            threading.Thread(target=self._work, name=f"app-{number}", daemon=True).start()
        threading.Thread(target=self._work_aside, name="app-aside", daemon=True).start()

    def submit_aside(self, job: Job) -> None:
        """Run `job` in the one thread for what takes long, one after the other, out of everybody's way."""
        self._aside.put(job)

    def submit(self, job: Job, *, later: bool = False) -> None:
        """Run `job`, which handles its own errors, in a thread; `later`: when nothing else waits for one."""
        (self._later if later else self._first).append(job)
        self._tickets.put(True)

    def waiting(self, *, aside: bool) -> int:
        """Jobs of either kind, but for those for later, that no thread has taken yet."""
        return self._aside.qsize() if aside else len(self._first)

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
        while (job := self._aside.get()) is not None:
            job()

    def _take(self) -> Job:
        try:
            return self._first.popleft()
        except IndexError:  # cheaper than to look first, and no other thread can come between
            return self._later.popleft()
