"""A command in a terminal of the tests' own: what a person types and what is on the screen."""

import contextlib
import fcntl
import os
import pty
import re
import signal
import struct
import sys
import termios
import threading

sys.path.append(os.environ["DPAIS_TEST_TERMINAL"])
import pyte  # noqa: E402

from conftest import DPAIS, environment  # noqa: E402
from waiting import HANG, eventually  # noqa: E402


class Screen:
    """One command that runs in a terminal. `screen` is what is to be seen, `said` all that was ever written."""

    def __init__(self, home, *arguments, columns=80, rows=50, settings={}):
        self.emulator = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.emulator)
        self.said = b""
        self.frames = []
        self.lock = threading.Lock()
        surroundings = environment(home, **({"TERM": "xterm-256color", "LANG": "C.UTF-8"} | settings))
        # What the tests themselves run in may want neither colours nor blocks.
        surroundings = {name: value for name, value in surroundings.items() if name in settings or name not in ("NO_COLOR", "LC_ALL", "LC_CTYPE")}
        ready, go = os.pipe()
        self.process, self.descriptor = pty.fork()
        if self.process == 0:
            os.read(ready, 1)
            os.execve(DPAIS, [str(DPAIS), *map(str, arguments)], surroundings)
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.write(go, b"x")
        os.close(ready)
        os.close(go)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        while True:
            try:
                data = os.read(self.descriptor, 4096)
            except OSError:
                return
            if not data:
                return
            with self.lock:
                self.said += data
                self.stream.feed(data)
                self.frames.append([line.rstrip() for line in self.emulator.display])

    @property
    def screen(self):
        with self.lock:
            return "\n".join(line.rstrip() for line in self.emulator.display).rstrip()

    def has_shown(self, text):
        """Whether the screen has ever shown this, a regular expression."""
        with self.lock:
            return any(re.search(text, "\n".join(frame)) for frame in self.frames)

    def until(self, text):
        """Waits until the screen has shown this."""
        eventually(lambda: self.has_shown(text), lambda: f"{text!r} did not come:\n{self.screen}")
        return self

    def type(self, text):
        os.write(self.descriptor, text.encode())
        return self

    def enter(self, text=""):
        return self.type(text + "\r")

    def interrupt(self):
        return self.type("\x03")

    def end(self):
        """The exit code, once the command has ended; 128 and the signal where one ended it."""

        def waited():
            done, status = os.waitpid(self.process, os.WNOHANG)
            return [status] if done else None

        (status,) = eventually(waited, lambda: f"it does not end:\n{self.screen}")
        self.reader.join(HANG)
        os.close(self.descriptor)
        self.process = None
        return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)

    def stop(self):
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)


@contextlib.contextmanager
def terminal(*arguments, **options):
    screen = Screen(*arguments, **options)
    try:
        yield screen
    finally:
        screen.stop()


def lines_fit(screen, columns):
    """No line was broken by the terminal itself: nothing stands in its last column."""
    return all(len(line) < columns for frame in screen.frames for line in frame)
