"""Compares our reader of JSON with Python's.

Reads lines `{"text": JSON, "value": value}` from stdin: a document, and what we read in it. Python must read the same, numbers to
the last digit, and see no name twice in a map. Exits with 1 at the first difference and names it.
"""

import decimal
import json
import sys


def without_repeats(pairs):
    if len(dict(pairs)) != len(pairs):
        raise ValueError(f"a name is repeated: {pairs!r}")
    return dict(pairs)


def refuse(constant):
    raise ValueError(f"{constant} is not JSON")


def read(text):
    number = decimal.Decimal
    return json.loads(
        text, parse_int=number, parse_float=number, parse_constant=refuse, object_pairs_hook=without_repeats
    )


def main():
    count = 0
    for number, line in enumerate(sys.stdin, start=1):
        case = read(line)
        try:
            found = read(case["text"].removeprefix("\ufeff"))
        except ValueError as error:
            sys.exit(f"line {number}: Python cannot parse it: {error}\n{case['text']}")
        # The order of members counts, and a digit more is another text of a number.
        if repr(found) != repr(case["value"]):
            sys.exit(f"line {number}: Python differs\nfound    {found!r}\nexpected {case['value']!r}")
        count = number
    print(f"{count} documents, the same")


if __name__ == "__main__":
    main()
