"""Starts programs that need the server's modules, all of which it has loaded before.

Loading them, and starting to measure coverage, costs most of what a command does. Run
as a program by ``tests/server/programs.py``; its only argument is the number of a
socket. Each message there asks for one start: a `Request` as JSON, with three open
files: where the program's output and errors go, and a socket that tells the program's
process id and then, when it has ended, its exit code. It ends when the other end of
its socket is closed.

A program finds what ``python -c`` would give it: a process of its own, its arguments,
environment, folder and streams, the usual handling of signals, and an end of the
interpreter in order.
"""

import gc
import json
import os
import signal
import socket
import sys
from importlib import import_module
from typing import TypedDict

LOADED_BEFORE = (
    "coverage",
    "energy_logger_server.cli",
    "energy_logger_server.cli.demo",
    "energy_logger_server.cli.serve",
    "energy_logger_server.store.db.upgrade",  # loads Alembic
)
LARGEST_REQUEST = 1 << 17
AS_A_SHELL_STARTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)


class Request(TypedDict):
    """What to start.

    Attributes:
        program: Python.
        words: Arguments of the program.
        environment: All that it sees.
        folder: Where it starts.
    """

    program: str
    words: list[str]
    environment: dict[str, str]
    folder: str


def wait_for_a_start(control: socket.socket) -> Request:
    """Serve requests; return in each process that is to become a program."""
    # who waits for a program is nobody's child
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, files, _flags, _from = socket.recv_fds(control, LARGEST_REQUEST, 3)
        if not message:
            sys.exit()
        if os.fork() == 0:
            break
        for file in files:
            os.close(file)
    output, errors, told = files
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid:
        _tell_how_it_ends(pid, files)
    os.dup2(output, 1)
    os.dup2(errors, 2)
    for file in (output, errors, told, control.detach()):
        os.close(file)
    request: Request = json.loads(message)
    return request


def _tell_how_it_ends(pid: int, files: list[int]) -> None:
    """Wait for a program, and end."""
    output, errors, told = files
    os.close(output)
    os.close(errors)
    with socket.socket(fileno=told) as whom:
        try:
            whom.sendall(b"%d\n" % pid)
            _pid, status = os.waitpid(pid, 0)
            whom.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
        except BrokenPipeError:
            pass
    os._exit(0)


def become(request: Request) -> None:
    """Run a program as ``python -c`` does; return or raise what it does."""
    for number in AS_A_SHELL_STARTS:
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()  # noqa: TID251 - the program's own
    os.environ.update(request["environment"])  # noqa: TID251
    os.chdir(request["folder"])
    sys.argv = ["-c", *request["words"]]
    sys.path[0] = ""
    sys.modules["coverage"].process_startup()
    exec(request["program"], {"__name__": "__main__"})  # noqa: S102 - what it is for


if __name__ == "__main__":
    for name in LOADED_BEFORE:
        import_module(name)
    gc.freeze()
    become(wait_for_a_start(socket.socket(fileno=int(sys.argv[1]))))
