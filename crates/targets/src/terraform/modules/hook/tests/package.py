"""Packs hook.py into hook.zip. The same source gives the same bytes: stored, with a fixed time and mode.

Run it after a change of hook.py: python3 tests/package.py
"""

import io
import zipfile
from pathlib import Path

MODULE = Path(__file__).resolve().parent.parent


def package():
    entry = zipfile.ZipInfo("hook.py", date_time=(1980, 1, 1, 0, 0, 0))
    entry.create_system = 3  # Unix, wherever this runs
    entry.external_attr = 0o100644 << 16
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr(entry, (MODULE / "hook.py").read_bytes())
    return archive.getvalue()


if __name__ == "__main__":
    (MODULE / "hook.zip").write_bytes(package())
