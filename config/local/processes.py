"""Starting a child that ends with its parent, as the account that it needs."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from config.local.errors import LocalServiceError

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Identity:
    """Under which account a server runs.

    ``uid`` and ``gid`` own its files, as this process sees them; ``name`` is the account that the
    server believes to be; ``peer`` is how the server names this process when it connects.
    ``namespace`` says that the server runs in a user namespace where our own account is mapped to
    ``name``: its files stay ours and no folder has to be opened to another account.
    """

    uid: int
    gid: int
    name: str
    peer: str
    namespace: bool = False

    def enter(self) -> None:
        """Become this identity; called in the child between fork and exec."""
        if self.namespace:
            account = pwd.getpwnam(self.name)
            outer_uid, outer_gid = os.geteuid(), os.getegid()
            if _libc is None or _libc.unshare(CLONE_NEWUSER):
                raise OSError(ctypes.get_errno(), "user namespaces are not available")
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/gid_map").write_text(f"{account.pw_gid} {outer_gid} 1")
            Path("/proc/self/uid_map").write_text(f"{account.pw_uid} {outer_uid} 1")
        elif self.uid != os.geteuid():
            os.setgroups([])
            os.setgid(self.gid)
            os.setuid(self.uid)


def own_identity() -> Identity | None:
    """The identity of this process; None where its uid has no account (as in some containers)."""
    try:
        name = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return None
    return Identity(os.geteuid(), os.getegid(), name, name)


def account_identity(account: str | int) -> Identity:
    """The identity of a named or numbered account, for root to drop to.

    Raises LocalServiceError where there is no such account.
    """
    try:
        entry = pwd.getpwnam(account) if isinstance(account, str) else pwd.getpwuid(account)
        own = pwd.getpwuid(os.geteuid())
    except KeyError as error:
        raise LocalServiceError(
            "account",
            f"There is no account {account} on this machine. Create it, or set "
            "PINGJU_SERVER_ACCOUNT to one that exists.",
        ) from error
    return Identity(entry.pw_uid, entry.pw_gid, entry.pw_name, own.pw_name)


def other_identities() -> Iterable[Identity]:
    """Identities for a server that refuses ours (PostgreSQL refuses root), the best first.

    A namespace needs no account of its own and opens no folder; ``nobody`` comes last there,
    because the kernel shows every foreign uid as nobody inside a namespace.
    """
    accounts = []
    for name in ("postgres", "daemon", "bin", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        if account.pw_uid != 0:
            accounts.append(account)
    if _libc is not None:
        for account in accounts:
            yield Identity(
                os.geteuid(), os.getegid(), account.pw_name, account.pw_name, namespace=True
            )
    if os.geteuid() == 0:
        for account in accounts:
            if account.pw_name in ("postgres", "nobody"):
                yield account_identity(account.pw_name)


def die_with_parent(death_signal: signal.Signals, parent: int) -> None:
    """Have the kernel send ``death_signal`` to this process when its parent ends, however it ends.

    Linux only (prctl(2)); elsewhere a killed parent leaves the child, and the next start ends it.
    """
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), death_signal)


def adopt_orphans() -> None:
    """Become the parent of descendants whose parent ended, to reap them (prctl(2), Linux only).

    In a container the first process often reaps nobody, and every ended keeper would stay a zombie.
    """
    if _libc is not None:
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap(seconds: float) -> None:
    """Take note of the end of every child, waiting so long for those that are still ending."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            ended, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not ended:
            time.sleep(0.02)


def spawn(
    command: Sequence[str],
    *,
    death_signal: signal.Signals,
    identity: Identity | None = None,
    output: IO[bytes] | None = None,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    keep: Iterable[int] = (),
    capture: bool = False,
) -> "subprocess.Popen[bytes]":
    """Start ``command`` in a session of its own; it gets ``death_signal`` when this process dies.

    Call it from the main thread: the kernel takes the death of the starting *thread* as the
    parent's. ``keep`` are descriptors that the child inherits (its locks and sockets). With
    ``capture`` its standard output is a pipe to us and only its errors go to ``output``.
    """
    parent = os.getpid()

    def enter() -> None:
        if identity is not None:
            identity.enter()
        # After the change of identity, which clears the setting.
        die_with_parent(death_signal, parent)

    errors = output if output is not None else subprocess.DEVNULL
    return subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if capture else errors,
        stderr=errors,
        cwd=folder,
        env=dict(environment) if environment is not None else None,
        pass_fds=tuple(keep),
        start_new_session=True,
        preexec_fn=enter,
    )


def can(identity: Identity, program: Path, folder: Path) -> bool:
    """Whether ``identity`` can run ``program`` and write into ``folder``."""
    check: Callable[[], None] = identity.enter
    try:
        return (
            subprocess.run(
                ["/bin/sh", "-c", 'cd "$2" && test -w . && "$1" --version', "sh", program, folder],
                preexec_fn=check,
                capture_output=True,
                check=False,
            ).returncode
            == 0
        )
    except (OSError, subprocess.SubprocessError):
        return False
