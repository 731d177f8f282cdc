"""A process that follows, for tests: python3 run_follower.py <url>, the key in FOLLOWER_KEY. Answers each line of its input by a line of JSON."""
import json, os, sys, time
from follower import Verifier

verifier = Verifier(sys.argv[1], os.environ["FOLLOWER_KEY"])
for line in sys.stdin:
    command, _, ticket = line.strip().partition(" ")
    if command == "held":
        while not verifier.core.held(): time.sleep(0.01)
        answer = True
    else:
        verdict, by = verifier.verify(ticket)
        answer = ["accepted" if verdict["accepted"] else verdict["code"], by]
    print(json.dumps(answer), flush=True)
