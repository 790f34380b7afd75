"""What can be wrong with an import as a whole; a wrong row is no error, it is reported and passed over."""

from __future__ import annotations

from ventuno.errors import VentunoError


class ImportFileError(VentunoError):
    """The file or its mapping cannot be used; the message says what to change."""
