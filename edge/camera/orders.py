"""Clips that have been ordered from a camera's process and not yet come."""

from __future__ import annotations

import itertools
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from threading import Lock

from edge.camera import talk
from edge.camera.clip import NoClip


class Orders:
    """Matches answers to orders by number, for any number of threads that wait."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._open: dict[int, Future[talk.Done]] = {}
        self._lock = Lock()

    def open(self) -> tuple[int, Future[talk.Done]]:
        """A new order's number and what will hold its answer."""
        answer: Future[talk.Done] = Future()
        with self._lock:
            number = next(self._numbers)
            self._open[number] = answer
        return number, answer

    def wait(self, number: int, answer: Future[talk.Done], timeout: float) -> talk.Done:
        """The answer to an order.

        Raises:
            NoClip: it was refused, its process ended, or nothing came within `timeout` seconds.
        """
        try:
            return answer.result(timeout)
        except Late as error:
            raise NoClip("the camera's process did not answer in time") from error
        finally:
            with self._lock:
                self._open.pop(number, None)

    def answer(self, report: talk.Done | talk.Failed) -> None:
        """Hand an answer to whoever waits for it; one that nobody waits for any more is forgotten."""
        with self._lock:
            waiting = self._open.pop(report.order, None)
        if waiting is None:
            return
        if isinstance(report, talk.Done):
            waiting.set_result(report)
        else:
            waiting.set_exception(NoClip(report.sentence))

    def give_up(self, sentence: str) -> None:
        """Refuse all that is open: the process that was asked is gone."""
        with self._lock:
            waiting = list(self._open.values())
            self._open.clear()
        for answer in waiting:
            answer.set_exception(NoClip(sentence))
