"""A fork bomb that is safe to set off: bomb.py READY-FILE. It limits itself to 60 processes before the first fork, runs only as a
user that has no other processes, and every one of its processes ends by itself within 20 seconds, whatever happens."""

import os
import resource
import signal
import sys
import time

LIMIT, SECONDS, LIFE = 60, 20.0, 0.2

assert os.geteuid() >= 50_000, "only as a user of its own: the limit counts a user's processes, and root's are not limited"
resource.setrlimit(resource.RLIMIT_NPROC, (LIMIT, LIMIT))
assert resource.getrlimit(resource.RLIMIT_NPROC) == (LIMIT, LIMIT)
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
end = time.monotonic() + SECONDS
first = os.getpid()
mine = end
full = False
while time.monotonic() < mine:
    try:
        if os.fork() == 0:
            os.setsid()
            mine = min(end, time.monotonic() + LIFE)  # there is always room for another one
    except BlockingIOError:
        if os.getpid() == first and not full:
            full = True
            open(sys.argv[1], "w").close()
        time.sleep(0.001)
os._exit(0)
