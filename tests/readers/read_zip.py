"""Compares our reader of archives with Python's zipfile and Info-ZIP's unzip.

Reads lines `{"zip": base64, "path": text, "content": base64}` from stdin. Every reader must find that content, or refuse the
archive. Exits with 1 at the first difference and names it.
"""

import base64
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
import zipfile


def with_zipfile(archive, path):
    return zipfile.ZipFile(io.BytesIO(archive)).read(path)


def with_unzip(archive, path):
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        file.write(archive)
        file.flush()
        done = subprocess.run(["unzip", "-p", file.name, path], capture_output=True, check=False)
    # 1 is a warning, such as for bytes in front of the archive.
    if done.returncode > 1:
        raise ValueError(done.stderr)
    return done.stdout


READERS = {"zipfile": with_zipfile}
if shutil.which("unzip"):
    READERS["unzip"] = with_unzip


def main():
    warnings.simplefilter("ignore")
    same = dict.fromkeys(READERS, 0)
    for number, line in enumerate(sys.stdin, start=1):
        case = json.loads(line)
        archive, content = base64.b64decode(case["zip"]), base64.b64decode(case["content"])
        for name, read in READERS.items():
            try:
                found = read(archive, case["path"])
            except Exception:  # a reader may raise anything
                continue
            if found != content:
                sys.exit(f"line {number}: {name} differs\nfound    {found!r}\nexpected {content!r}\n{line}")
            same[name] += 1
    print(json.dumps(same))


if __name__ == "__main__":
    main()
