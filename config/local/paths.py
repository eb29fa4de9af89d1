"""Where the local services keep their files and their sockets."""

import hashlib
import os
import stat
from pathlib import Path

from config.local.errors import LocalServiceError

REPOSITORY = Path(__file__).resolve().parents[2]

# sockaddr_un holds 108 bytes on Linux and 104 on macOS, the closing NUL included.
SOCKET_PATH_BYTES = 100


def home() -> Path:
    """The folder of data, sockets and logs: ``PINGJU_HOME``, else ``var`` in the project.

    A relative ``PINGJU_HOME`` counts from the project's root, not from the current folder, so that
    every process of one installation means the same place.
    """
    chosen = os.environ.get("PINGJU_HOME", "").strip()
    return Path(os.path.normpath(REPOSITORY / chosen)) if chosen else REPOSITORY / "var"


def throwaway() -> bool:
    """Whether data may be lost in a crash of the machine (tests): ``PINGJU_THROWAWAY=1``."""
    return os.environ.get("PINGJU_THROWAWAY", "") not in ("", "0")


def make_folder(path: Path, mode: int = 0o755) -> Path:
    """Create ``path`` with its parents where absent; what exists keeps its mode.

    Raises LocalServiceError where the folder cannot be created or written to.
    """
    try:
        path.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        raise LocalServiceError(
            "home",
            f"Cannot create the folder {path}: {error.strerror}. "
            "Make it writable, or set PINGJU_HOME to a folder that is.",
        ) from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise LocalServiceError(
            "home",
            f"The folder {path} is not writable for this account. "
            "Change its owner, or set PINGJU_HOME to a folder that is.",
        )
    return path


def socket_folder(preferred: Path, file_name: str) -> Path:
    """The folder for a unix socket: ``preferred``, or a short one where its path cannot serve.

    A socket's address is limited to about 100 bytes, and libpq reads a comma in a host as a list.
    The short folder's name is derived from ``preferred``, so that every process finds the same one.
    """
    text = str(preferred)
    fits = len(os.fsencode(preferred / file_name)) <= SOCKET_PATH_BYTES
    if fits and "," not in text and '"' not in text:
        return preferred
    digest = hashlib.sha256(os.fsencode(preferred)).hexdigest()[:16]
    return Path("/tmp") / f"pingju-{os.geteuid()}-{digest}"  # noqa: S108 owner and mode are checked


def private_folder(path: Path, uid: int, gid: int) -> Path:
    """``path`` as a folder that only ``uid`` can enter; refuses one that somebody else prepared."""
    make_folder(path.parent)
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        pass
    except OSError as error:
        raise LocalServiceError("home", f"Cannot create {path}: {error.strerror}.") from error
    facts = path.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in (uid, os.geteuid()):
        raise LocalServiceError(
            "foreign-folder",
            f"{path} belongs to another account (uid {facts.st_uid}). Remove it, or run as its "
            "owner, or set PINGJU_HOME to a folder of your own.",
        )
    if facts.st_uid != uid:
        os.chown(path, uid, gid)
    if facts.st_mode & 0o077:
        path.chmod(0o700)
    return path
