"""Puts files on the disk, which takes its time, while the run goes on."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

from fourways.batch.outputs import Output


class Disk:
    """Has outputs put on the disk, one time after the other."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._under_way: Future[None] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether something is still on its way."""
        return self._under_way is not None and not self._under_way.done()

    def put(self, outputs: Sequence[Output], then: Callable[[], None] = lambda: None) -> None:
        """Have what was written so far put on the disk, and then do something.

        Raises:
            OSError: what was put there before could not be.
        """
        self.settle()
        outputs = tuple(outputs)
        for output in outputs:
            output.flush()
        self._under_way = self._thread.submit(_put, outputs, then)

    def settle(self) -> None:
        """Wait until everything is there.

        Raises:
            OSError: it could not be put there.
        """
        if self._under_way is not None:
            under_way, self._under_way = self._under_way, None
            under_way.result()

    def wait(self) -> None:
        """Wait until nothing is on its way, however that ends."""
        if self._under_way is not None:
            wait([self._under_way])


def _put(outputs: Sequence[Output], then: Callable[[], None]) -> None:
    for output in outputs:
        output.sync()
    then()
