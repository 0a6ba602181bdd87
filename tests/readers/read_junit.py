"""Reads a JUnit file with junitparser, and prints what it holds: the counts that the file states, the counts of its cases, the
failed cases, and the skipped cases with their reasons."""

import json
import sys

from junitparser import Failure, JUnitXml, Skipped

xml = JUnitXml.fromfile(sys.argv[1])
stated, counted = [0, 0, 0], [0, 0, 0]
failed, skipped = [], {}
for suite in xml:
    stated = [sum(pair) for pair in zip(stated, (suite.tests, suite.failures, suite.skipped))]
    for case in suite:
        results = case.result
        counted[0] += 1
        for result in results:
            if isinstance(result, Failure):
                counted[1] += 1
                failed.append(case.name)
            if isinstance(result, Skipped):
                counted[2] += 1
                skipped[case.name] = result.message
whole = [xml.tests, xml.failures, xml.skipped]
assert whole == stated, (whole, stated)
print(json.dumps({"counts": stated, "cases": counted, "failed": failed, "skipped": skipped}))
