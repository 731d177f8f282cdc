"""Plays the scripted conversations of docs/reference/verify-vectors.json with a follower: python3 run_vectors.py <vectors>. Prints one JSON object."""
import json, sys
from follower import Follower

class Conversation:
    def __init__(self, mode):
        self.now, self.sent, self.ids, self.outcomes = 0.0, [], {}, {}
        self.follower = Follower(lambda: self.now, self.send, lambda name, verdict, by: self.outcomes.update({name: (verdict, by)}), mode)

    def send(self, kind, body, token=None):
        self.sent.append((kind, dict(body), token))

    def play(self, step):
        follower = self.follower
        if "start" in step: follower.open()
        if "clock" in step:
            self.now = step["clock"] / 1000
            follower.tick()
        if "line" in step: follower.line(step["line"])
        if "closed" in step: follower.stream_is_open and follower.lose()
        if "answered" in step: self.answered(*self.ids[step["answered"]], step)
        if "request" in step: follower.request(step["request"], step["ticket"])
        if "sent" in step:
            found, self.sent = self.sent, []
            wanted = [{key: value for key, value in one.items() if key != "as"} for one in step["sent"]]
            same([{kind: body} for kind, body, _ in found], wanted)
            self.ids.update({one["as"]: (kind, token) for one, (kind, _, token) in zip(step["sent"], found) if "as" in one})
        if "outcome" in step:
            verdict, by = self.outcomes.pop(step["outcome"], (None, None))
            same("accepted" if verdict and verdict["accepted"] else verdict and verdict["code"], step["is"])
            if "by" in step: same(by, step["by"])
        if "pending" in step: same(step["pending"] in self.outcomes, False)
        if "held" in step: same(follower.held(), step["held"])
        if "kept" in step: same(sorted(follower.kept), sorted(step["kept"]))

    def answered(self, kind, token, step):
        follower, status, body = self.follower, step["status"], step.get("body", {})
        if kind == "open" and status != 200: follower.lose(step.get("retryAfter", 0))
        if kind == "put": follower.put_answered(token, status, body.get("head", 0))
        if kind == "look-up": follower.looked_up(token, status, body)

def same(found, wanted):
    if found != wanted: raise AssertionError(f"{json.dumps(found)} instead of {json.dumps(wanted)}")

results = {}
for conversation in json.load(open(sys.argv[1]))["conversations"]:
    played = Conversation(conversation.get("mode", "acknowledged"))
    results[conversation["name"]] = "passed"
    for number, step in enumerate(conversation["steps"]):
        try: played.play(step)
        except Exception as error:
            results[conversation["name"]] = f"step {number} {json.dumps(step)}: {error!r}"
            break
print(json.dumps(results))
