"""Where a scaled gallery lies: its folders, ports, passwords, and the environment of its parts."""

from __future__ import annotations

import getpass
import os
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from string import Template

from gallery.limits import ROOM_FOR_FIELDS
from gallery.settings import UPLOAD_LIMIT_BYTES, kept_secret

ROOT = Path(__file__).resolve().parent.parent
THREADS = 8  # of each of the two that make pages; the database's pool holds ten connections
GUNICORN = (
    f"--worker-class gthread --threads {THREADS} --log-level warning --limit-request-line 8190"
    " --no-control-socket"
)
PARTS = ("front", "http1", "http2", "sockets", "database", "redis", "store")  # as their ports
BUCKET = "works"


class _Filled(Template):
    """`@{name}`: nginx has uses of its own for the dollar."""

    delimiter = "@"


@dataclass(frozen=True)
class Place:
    """A gallery in `folder`, shown at `port` of `host`; the next six ports are its parts'."""

    folder: Path
    port: int = 8000
    host: str = "127.0.0.1"

    @property
    def run(self) -> Path:
        """What its processes write: configuration, logs, pid files. Closed to others."""
        return self.folder / "scaled"

    @property
    def cluster(self) -> Path:
        return self.folder / "postgres" / "cluster"

    @property
    def bucket(self) -> Path:
        return self.folder / "store" / BUCKET

    @property
    def elsewhere(self) -> str:
        """The bucket that whoever starts it has named; empty if none."""
        ours = os.environ.get("AWS_S3_ENDPOINT_URL") == self.store_address
        return "" if ours else os.environ.get("AWS_STORAGE_BUCKET_NAME", "")

    @property
    def has_store(self) -> bool:
        """Works lie in a bucket of this machine, unless they began in a folder, or elsewhere."""
        if self.elsewhere or (self.folder / "media").exists():
            return False
        return self.bucket.exists() or bool(found("rclone"))

    @property
    def store_address(self) -> str:
        return f"http://127.0.0.1:{self.port_of('store')}"

    @property
    def store_command(self) -> list[str]:
        address = f"127.0.0.1:{self.port_of('store')}"
        return [found("rclone"), "serve", "s3", "--addr", address, str(self.bucket.parent)]

    def port_of(self, part: str) -> int:
        return self.port + PARTS.index(part)

    @property
    def password(self) -> str:
        """Of PostgreSQL and Redis: others on this machine can reach their ports, too."""
        return kept_secret(self.run / "password")

    def environment(self) -> dict[str, str]:
        """For `manage.py` and every process of this gallery."""
        database, redis = self.port_of("database"), self.port_of("redis")
        store = {
            "AWS_STORAGE_BUCKET_NAME": BUCKET,
            "AWS_S3_ENDPOINT_URL": self.store_address,
            "AWS_ACCESS_KEY_ID": "gallery",
            "AWS_SECRET_ACCESS_KEY": self.password,
        }
        return {
            **os.environ,
            "VAR_DIR": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "gallery.settings",
            "DATABASE_URL": f"postgres://gallery:{self.password}@127.0.0.1:{database}/gallery",
            "REDIS_URL": f"redis://:{self.password}@127.0.0.1:{redis}/0",
            "PAINT_IN_PROCESS": "0",
            "FORWARDED_ALLOW_IPS": "127.0.0.1",
            **(store if self.has_store else {}),
        }

    def supervised(self) -> dict[str, str]:
        """The same, with what `supervisord.conf` asks for."""
        return self.environment() | {
            "SCALED_ROOT": str(ROOT),
            "SCALED_RUN": str(self.run),
            "SCALED_CLUSTER": str(self.cluster),
            "SCALED_PYTHON": sys.executable,
            "SCALED_POSTGRES": found("initdb").replace("initdb", "postgres"),
            "SCALED_NGINX": found("nginx"),
            "SCALED_GUNICORN": GUNICORN,
            "SCALED_STORE": shlex.join(self.store_command),
            "SCALED_HAS_STORE": str(self.has_store),
            **store_secrets("gallery", self.password),
            "SCALED_USER": getpass.getuser(),
            "SCALED_DATABASE_USER": database_user(),
            "SCALED_DATABASE_PORT": str(self.port_of("database")),
            **{f"SCALED_{part.upper()}_PORT": str(self.port_of(part)) for part in PARTS[1:4]},
        }

    def write_configuration(self) -> None:
        """What nginx and Redis read. Nothing else may read it: Redis' has the password."""
        self.run.mkdir(parents=True, exist_ok=True, mode=0o700)
        values = {f"{part}_port": str(self.port_of(part)) for part in PARTS} | {
            "listen": f"{self.host}:{self.port}",
            "static": str(self.folder / "static"),
            "body_limit": str(UPLOAD_LIMIT_BYTES + ROOM_FOR_FIELDS),
            # Else root's nginx reads files as a user who may not.
            "user_line": "user root;" if os.geteuid() == 0 else "",
        }
        template = _Filled((ROOT / "scaled" / "nginx.conf").read_text())
        (self.run / "nginx.conf").write_text(template.substitute(values))
        redis = self.run / "redis.conf"
        redis.touch(mode=0o600)
        redis.write_text(
            f"bind 127.0.0.1\nport {self.port_of('redis')}\nrequirepass {self.password}\n"
            'save ""\nappendonly no\n'
        )
        (self.run / "nginx.pid").unlink(missing_ok=True)  # whose number may be another's by now


def database_user() -> str:
    """Whom PostgreSQL runs as; it refuses root."""
    return "nobody" if os.geteuid() == 0 else getpass.getuser()


def store_secrets(key: str, secret: str) -> dict[str, str]:
    """What rclone's S3 server finds in its environment, as a command line is everybody's to read.
    It needs no configuration, and must not take up a user's own."""
    return {"RCLONE_AUTH_KEY": f'"{key},{secret}"', "RCLONE_CONFIG": os.devnull}


def found(program: str) -> str:
    """The path of a server program, also where Debian keeps it off the PATH; empty if missing."""
    debian = [str(bin) for bin in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    ours = str(Path(sys.executable).parent)  # what pip brought
    path = os.pathsep.join([ours, os.environ.get("PATH", os.defpath), "/usr/sbin", *debian])
    here = shutil.which(program, path=path)
    return str(Path(here).resolve()) if here else ""
