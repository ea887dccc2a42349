"""Pages that no message can hold: files named after what is in them, in a folder or a bucket."""

import hashlib
import re
import zlib
from typing import Final
from uuid import uuid4

import fsspec

from schemas.errors import ConfigError, Rejected, Retriable
from schemas.failures import Reason

_LEVEL: Final = 6
_NAME: Final = re.compile("[0-9a-f]{64}")


class PageStore:
    """Keeps bodies under the SHA-256 of what is stored: the same body is stored once, and never changed.

    Any `fsspec` URL: `file:///var/lib/tocsin/pages`, `s3://bucket/pages` (needs the package s3fs).
    """

    def __init__(self, url: str) -> None:
        try:
            self._files, self._root = fsspec.core.url_to_fs(url)
        except (ValueError, ImportError) as error:
            raise ConfigError(
                f'opening the page store "{url}": {error}',
                hint='write a URL such as "file:///var/lib/tocsin/pages"; s3:// needs the package s3fs',
            ) from error
        self._url = url

    def put(self, body: bytes) -> str:
        """The name under which the body is safely stored.

        Raises:
            Retriable: the store cannot be written.
        """
        packed = zlib.compress(body, _LEVEL)
        name = hashlib.sha256(packed).hexdigest()
        path = self._path(name)
        try:
            if not self._files.exists(path):
                self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
                # A reader never sees half a file, and of two writers either's will do.
                half = f"{path}.{uuid4().hex}"
                self._files.pipe_file(half, packed)
                self._files.mv(half, path)
        except OSError as error:
            raise self._unreachable("writing", name, error) from error
        return name

    def get(self, name: str) -> bytes:
        """The body.

        Raises:
            Retriable: the store cannot be read.
            Rejected: there is no such body, or it is not what was stored.
        """
        if not _NAME.fullmatch(name):
            raise Rejected(f"reading {name!r} from {self._url}: no name of a page", reason=Reason.MALFORMED)
        try:
            packed: bytes = self._files.cat_file(self._path(name))
        except FileNotFoundError as error:
            raise Rejected(
                f"reading {name} from {self._url}: it is not there",
                reason=Reason.MALFORMED,
                hint="every worker needs the same store, and it must keep pages as long as the topic does",
            ) from error
        except OSError as error:
            raise self._unreachable("reading", name, error) from error
        if hashlib.sha256(packed).hexdigest() != name:
            raise Rejected(
                f"reading {name} from {self._url}: its content was changed", reason=Reason.MALFORMED
            )
        return zlib.decompress(packed)

    def _path(self, name: str) -> str:
        # Two characters first: folders of millions of files are slow.
        return f"{self._root}/{name[:2]}/{name}"

    def _unreachable(self, doing: str, name: str, error: OSError) -> Retriable:
        return Retriable(
            f"{doing} {name} in {self._url}: {error.strerror or error}", reason=Reason.UNREACHABLE
        )
