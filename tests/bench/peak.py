"""Runs a command: peak.py OUTPUT COMMAND...; its output goes to a file, its seconds and peak memory to stdout as JSON.

The peak is that of the largest process that the command consisted of. Linux counts the memory of whoever starts a
process as that process's own, so this program is small and imports next to nothing; run it with ``python -I -S``.
"""

import os
import resource
import sys
import time


def main() -> None:
    """Start, wait, report."""
    output, program = sys.argv[1], sys.argv[2]
    started = time.perf_counter()
    child = os.posix_spawn(
        program,
        sys.argv[2:],
        os.environ,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
    )
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    seconds = time.perf_counter() - started
    kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    sys.stdout.write(f'{{"status": {status}, "seconds": {seconds:.6f}, "peak_kib": {kib}}}')


main()
