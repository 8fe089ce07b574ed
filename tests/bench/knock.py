"""Tries to log in, so many times a second, from many addresses and by many names; a child of bench.login.

The plan is one JSON argument: {port, each_second, seconds, addresses, right: [[name, password], …]}. A line
`ready`, then a line of any text begins it; one JSON line at the end: status → how many, and the slowest.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from typing import Any

HANDS = 24
"""Tries that may wait for an answer at once; a hub that holds them up is tried less often, and that shows."""
RIGHT_OF_TEN, KNOWN_OF_TEN = 1, 4
"""Of ten tries so many with the right password, and so many with a wrong one for a name that is known."""
NICE = 5


def tries(plan: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(address, name, password) of every try, in their order."""
    right = cycle(plan["right"])
    found = []
    for number in range(int(plan["each_second"] * plan["seconds"])):
        place = number % plan["addresses"]
        address = f"127.0.{1 + place // 250}.{1 + place % 250}"
        name, password = next(right)
        if number % 10 >= RIGHT_OF_TEN:
            known = number % 10 < RIGHT_OF_TEN + KNOWN_OF_TEN
            name, password = (name if known else f"guess-{number % 977}"), f"guess {number}"
        found.append((address, name, password))
    return found


def knock(port: int, address: str, name: str, password: str) -> tuple[int, float]:
    """Status and seconds of one try; 0 where nobody answered."""
    began = time.monotonic()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=(address, 0))
    try:
        body = json.dumps({"user": name, "password": password})
        line.request("POST", "/api/session", body, {"Content-Type": "application/json"})
        answer = line.getresponse()
        answer.read()
        return answer.status, time.monotonic() - began
    except OSError:
        return 0, time.monotonic() - began
    finally:
        line.close()


def main() -> None:
    """Knock, and say what came of it."""
    plan = json.loads(sys.argv[1])
    planned = tries(plan)
    # A flood comes from other machines: what it costs to make one is not the hub's.
    os.nice(NICE)
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.monotonic()
    with ThreadPoolExecutor(HANDS) as hands:
        asked = []
        for number, (address, name, password) in enumerate(planned):
            time.sleep(max(0.0, began + number / plan["each_second"] - time.monotonic()))
            asked.append(hands.submit(knock, plan["port"], address, name, password))
        answers = [one.result() for one in asked]
    statuses = Counter(str(status) for status, _ in answers)
    seconds = time.monotonic() - began
    slowest = max(took for _, took in answers)
    print(json.dumps({"statuses": statuses, "seconds": seconds, "slowest": slowest}), flush=True)
