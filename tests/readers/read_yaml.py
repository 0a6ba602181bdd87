"""Compares our reader of YAML with PyYAML and ruamel.yaml.

Reads lines `{"yaml": text, "expected": value}` from stdin, as `nasty_appspecs` prints them. Every reader must give the
expected value, types included. Exits with 1 at the first difference and names it. With `--may-refuse` a reader may also
refuse a document: what it does not read, it does not misunderstand.
"""

import io
import json
import sys

import yaml
from ruamel.yaml import YAML


def ruamel(version):
    def read(text):
        reader = YAML(typ="safe", pure=True)
        reader.version = version
        return reader.load(io.StringIO(text))

    return read


READERS = {
    "PyYAML SafeLoader": lambda text: yaml.load(text, Loader=yaml.SafeLoader),
    "ruamel.yaml 1.1": ruamel((1, 1)),
    "ruamel.yaml 1.2": ruamel((1, 2)),
}
if hasattr(yaml, "CSafeLoader"):
    READERS["PyYAML CSafeLoader"] = lambda text: yaml.load(text, Loader=yaml.CSafeLoader)


def same(one, other):
    """Equality that distinguishes True from 1, and 1 from 1.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


def main():
    may_refuse, refusals = "--may-refuse" in sys.argv, 0
    count = 0
    for number, line in enumerate(sys.stdin, start=1):
        case = json.loads(line)
        for name, read in READERS.items():
            try:
                found = read(case["yaml"])
            except Exception as error:  # a reader may raise anything
                if may_refuse:
                    refusals += 1
                    continue
                sys.exit(f"line {number}: {name} cannot read it: {error}\n{case['yaml']}")
            if not same(found, case["expected"]):
                sys.exit(f"line {number}: {name} differs\nfound    {found!r}\nexpected {case['expected']!r}")
        count = number
    if count == 0:
        sys.exit("no line was read")
    print(f"{count} documents, the same in {', '.join(READERS)}" + (f"; {refusals} refusals" if may_refuse else ""))


if __name__ == "__main__":
    main()
