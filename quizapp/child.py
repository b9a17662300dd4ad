"""Child processes with limits of their own, in which whatever comes from outside is opened.

A file of a few kilobytes can ask for gigabytes (a cell at XFD1048576) or make a parser abort the whole process. Here
that ends a child, never a worker of the server (hazards H30, H32). There are two kinds: a reader is a module of ours
with `read(data)`, and a program is somebody else's (LibreOffice). This file is also the first that a child runs:
it imports the standard library only.
"""

import ctypes
import importlib
import json
import os
import signal
import subprocess
import sys
import time
import types
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

WALL_SECONDS = 60  # for a machine that is busy; the child has a limit of its own for CPU time
PROGRAM_BYTES = 4 * 1024**3  # of address space: an office program maps far more than it uses
WRITTEN_BYTES = 256 * 1024**2  # the largest file that a program may write
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET of <sched.h>


class Failed(Exception):
    """The child broke off, took too long or said nothing sensible."""


def read(reader: str, data: bytes) -> Any:
    """What `read(data)` of the module `reader` (dotted) says in a child, as JSON. Raises Failed.

    The reader imports the standard library, its parser and light modules of ours, never Flask.
    """
    from quizapp import config  # not at the top: the child has no use for it

    memory, seconds = config.limit("IMPORT_MEMORY_MB"), config.limit("IMPORT_SECONDS")
    said = _run(_command("read", reader, str(memory), str(seconds)), data, max(WALL_SECONDS, 3 * seconds))
    try:
        return json.loads(said)
    except (ValueError, RecursionError) as error:
        raise Failed(reader) from error


def run(command: Sequence[str], environment: Mapping[str, str], *, seconds: float = WALL_SECONDS) -> None:
    """Let a program of others run to its end, without a network where the system can do that. Raises Failed.

    environment: all that the program gets to know; our own may hold secrets. Nothing that it started survives it.
    """
    own = os.name == "posix"  # elsewhere `exec` would leave the caller waiting for nobody
    _run(_command("run", *command) if own else list(command), b"", seconds, environment)


def _command(task: str, *arguments: str) -> list[str]:
    return [sys.executable, "-I", __file__, task, *arguments]


def _run(
    command: Sequence[str], data: bytes, seconds: float, environment: Mapping[str, str] | None = None
) -> bytes:
    out = subprocess.PIPE if environment is None else subprocess.DEVNULL  # a program answers with files
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell, and nothing that a stranger wrote among the arguments
            command,
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
    except OSError as error:
        raise Failed(command[0]) from error
    try:
        said, _ = process.communicate(data, timeout=seconds)
    except (subprocess.TimeoutExpired, OSError) as error:
        raise Failed(command[-1]) from error
    finally:
        _end(process)
    if process.returncode:
        raise Failed(f"{command[-1]}: {process.returncode}")
    return said or b""


def _end(process: subprocess.Popen) -> None:
    """End the child and whatever it started, whether it finished or not."""
    with suppress(ProcessLookupError, PermissionError):  # all gone already, as it should be
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):
            if pipe:
                pipe.close()


# What follows happens in the child ------------------------------------------------------------------------------


def limit(memory: int, cpu: int) -> None:
    """Where the system can, this process may not take more than its share. memory: bytes; cpu: seconds."""
    try:
        import resource
    except ImportError:  # Windows: the caller's time limit remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN_BYTES, WRITTEN_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def seconds_left() -> float:
    """Processor seconds until the system ends this process; many where there is no limit."""
    try:
        import resource
    except ImportError:
        return 3600
    most, _ = resource.getrlimit(resource.RLIMIT_CPU)
    return 3600 if most == resource.RLIM_INFINITY else most - time.process_time()


def cut_network() -> None:
    """Leave every network, where the kernel lets an ordinary process do so; the user stays who he is."""
    user, group = os.getuid(), os.getgid()
    try:
        if ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK):
            return
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    except (AttributeError, OSError):  # no Linux, or one that does not let us
        return


def _module(name: str) -> types.ModuleType:
    """Import a module below `quizapp` without running its parents, which would start Flask and all areas."""
    root = Path(__file__).parent
    parts = name.split(".")
    for depth in range(1, len(parts)):
        parent = types.ModuleType(".".join(parts[:depth]))
        parent.__path__ = [str(root.joinpath(*parts[1:depth]))]
        sys.modules[parent.__name__] = parent
    return importlib.import_module(name)


def _main(task: str, *arguments: str) -> None:
    if task == "run":
        cut_network()
        limit(PROGRAM_BYTES, WALL_SECONDS)
        os.execvp(arguments[0], arguments)  # noqa: S606 - the whole point
    reader, memory, seconds = arguments
    limit(int(memory) * 1024**2, int(seconds))
    sys.stdout.write(json.dumps(_module(reader).read(sys.stdin.buffer.read())))


if __name__ == "__main__":
    _main(*sys.argv[1:])
