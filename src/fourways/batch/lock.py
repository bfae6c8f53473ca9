"""A lock on a file that ends with the process that has it, however that ends."""

import sys
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt

    def locked(file: BinaryIO) -> bool:
        """Take the lock on an open file, until it is closed; tell whether it could be had."""
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def locked(file: BinaryIO) -> bool:
        """Take the lock on an open file, until it is closed; tell whether it could be had."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # Some shared disks know no locks; the run goes on as without.
        return True
