"""A follower of revocations (docs/reference/verify-protocol.md) in Python's standard library. It has each ticket judged once by a look-up, keeps the
answer by the rules, and drops it when a revocation comes. It verifies no signature and no proof of possession: a ticket with `cnf` is refused.
`Follower` is the rules alone: told what arrives, it calls `send` and `outcome`. `Verifier` is it with threads and sockets."""
import http.client, json, queue, threading, time, urllib.parse

LIFE = 60.0  # seconds for which a revocation is remembered, and a change may be unsettled

class Follower:
    def __init__(self, clock, send, outcome, mode="acknowledged"):
        self.clock, self.send, self.outcome, self.mode = clock, send, outcome, mode
        self.length, self.tries, self.open_at, self.stream_is_open, self.generation = 3, 0, None, False, 0
        self.forget()
    def forget(self):
        self.lease, self.put, self.retry_at, self.generation = None, None, None, self.generation + 1
        self.kept, self.flights, self.marks, self.unsettled, self.order = {}, {}, {}, {}, 0
    def open(self):
        self.open_at, self.stream_is_open, self.began, self.heard = None, True, self.clock(), self.clock()
        self.send("open", {"mode": self.mode})
    def held(self):
        if self.lease and self.lease["id"] and self.clock() >= self.until: self.lose()
        return bool(self.lease and self.lease["id"])

    def lose(self, pause=0.0):
        lease, self.stream_is_open = self.lease, False
        self.forget()
        if lease and lease["id"]: self.send("end", {"id": lease["id"]})
        if lease and self.renewed: self.tries = 0
        wait = max(pause, min(self.length, 0.25 * 2 ** (self.tries - 1)) if self.tries else 0.0)
        self.tries += 1
        self.open_at = self.clock() + wait
        if not wait: self.open()

    def line(self, line):
        self.heard, kind = self.clock(), line["type"]
        if not self.stream_is_open: return
        if kind == "lease":
            self.lease, self.applied, self.told, self.renewed, self.length = line, line["head"], line["head"], False, line["leaseSeconds"]
            self.held_from, self.until = self.began, self.began + 0.8 * self.length
            for one in line["unsettled"]: self.apply(dict(one, unsettled=True))
            self.held()
        elif kind == "end": self.lose()
        elif not self.held(): return
        elif kind == "beat" and line["head"] != self.applied: self.lose()
        elif kind == "revoked":
            if line["seq"] != self.applied + 1: return self.lose()
            self.apply(line)
            self.applied = line["seq"]
            if not self.put: self.acknowledge()

    def apply(self, one):
        subject, now, self.order = one["subject"], self.clock(), self.order + 1
        self.marks = {s: m for s, m in self.marks.items() if now - m[1] < LIFE and s != subject}
        self.marks[subject] = (self.order, now)
        self.unsettled = {s: u for s, u in self.unsettled.items() if now - u[1] < LIFE}
        self.kept = {t: e for t, e in self.kept.items() if subject != "all:sessions" and subject not in e["verdict"]["subjects"]}
        if one.get("unsettled"): self.unsettled[subject] = [self.unsettled.get(subject, [0])[0] + 1, now]
        elif one.get("settles") and subject in self.unsettled:
            self.unsettled[subject][0] -= 1
            if self.unsettled[subject][0] == 0: del self.unsettled[subject]

    def acknowledge(self):
        renews = self.clock() - self.held_from >= self.length / 4
        if renews and self.applied < self.told: return self.lose()
        self.put, self.retry_at = (self.clock(), self.applied, renews), None
        self.send("put", {"id": self.lease["id"], "applied": self.applied, "renews": renews}, self.put)

    def put_answered(self, put, status, head=0):
        if put is not self.put or not self.held(): return
        (sent, applied, renews), self.put = put, None
        if status in (401, 403, 404) or (status == 200 and head < applied): return self.lose()
        if status != 200: self.retry_at = self.clock() + self.length / 10
        elif renews: self.held_from, self.until, self.told, self.renewed = sent, sent + 0.8 * self.length, head, True
        if status == 200 and self.applied > applied: self.acknowledge()

    def tick(self):
        now = self.clock()
        if self.open_at is not None and now >= self.open_at: self.open()
        if self.stream_is_open and now - self.heard >= self.length * 2 / 3: return self.lose()
        if not self.held(): return
        if self.put and now - self.put[0] >= self.length / 4: self.put, self.retry_at = None, now + self.length / 10
        if not self.put and now >= (self.held_from + self.length / 3 if self.retry_at is None else self.retry_at): self.acknowledge()

    def request(self, name, ticket):
        entry = self.kept.get(ticket) if self.held() else None
        if entry and self.clock() < entry["until"]: return self.outcome(name, entry["verdict"], "view")
        flight = self.flights.get(ticket) if self.lease else None
        if flight and flight["order"] == self.order and not self.is_unsettled(): return flight["names"].append(name)
        self.look_up([name], ticket, self.held())

    def is_unsettled(self, *subjects):
        return any(s in self.unsettled and self.clock() - self.unsettled[s][1] < LIFE for s in subjects or self.unsettled)

    def look_up(self, names, ticket, held):
        flight = {"names": names, "ticket": ticket, "held": held, "order": self.order, "generation": self.generation, "at": self.clock()}
        if held: self.flights[ticket] = flight
        self.send("look-up", {"ticket": ticket, "applied": self.applied} if held else {"ticket": ticket}, flight)

    def looked_up(self, flight, status, verdict=None):
        if self.flights.get(flight["ticket"]) is flight: del self.flights[flight["ticket"]]
        if status == 409 and flight["held"]:
            if flight["generation"] == self.generation: self.lose()
            return self.look_up(flight["names"], flight["ticket"], False)
        if status != 200: verdict = {"accepted": False, "code": "unavailable"}
        elif verdict.get("cnf"): verdict = {"accepted": False, "code": "unauthenticated"}
        elif verdict["accepted"] and self.may_keep(flight, verdict):
            self.kept[flight["ticket"]] = {"verdict": verdict, "until": flight["at"] + verdict["goodForSeconds"]}
        for name in flight["names"]: self.outcome(name, verdict, "look-up")

    def may_keep(self, flight, verdict):
        concerned = [*verdict["subjects"], "all:sessions"]
        is_same = flight["held"] and self.held() and flight["generation"] == self.generation and self.clock() - flight["at"] < LIFE
        unchanged = all(self.marks.get(s, (0, 0))[0] <= flight["order"] for s in concerned) and not self.is_unsettled(*concerned)
        return verdict["keep"] and is_same and unchanged

class Verifier:
    """`verify(ticket)` answers a verdict, and whether from the view; one with the code `unavailable` is a 503."""
    def __init__(self, url, key, mode="acknowledged"):
        self.url, self.key, self.lock, self.stream = urllib.parse.urlsplit(url), key, threading.RLock(), None
        self.core = Follower(lambda: time.clock_gettime(time.CLOCK_BOOTTIME), self.send, lambda answer, *said: answer.put(said), mode)
        threading.Thread(target=self.tick, daemon=True).start()
    def tick(self):
        with self.lock: self.core.open()
        while not time.sleep(0.05):
            with self.lock: self.core.tick()
    def send(self, kind, body, token=None):
        if kind == "open": self.stream = token = object()
        threading.Thread(target=self.call, args=(kind, body, token), daemon=True).start()
    def call(self, kind, body, token):
        Connection = http.client.HTTPSConnection if self.url.scheme == "https" else http.client.HTTPConnection
        wire, status, retry_after, reply = Connection(self.url.hostname, self.url.port, timeout=5), 0, 0, {}
        method, path = {"open": ("POST", ""), "look-up": ("POST", "/look-ups"), "put": ("PUT", None), "end": ("DELETE", None)}[kind]
        path = "/auth/followers" + ("/" + body.pop("id") if path is None else path)
        try:
            wire.request(method, path, json.dumps(body) if body else None, {"Authorization": "Bearer " + self.key, "Content-Type": "application/json"})
            answer = wire.getresponse()
            status, retry_after = answer.status, int(answer.getheader("Retry-After", 0))
            for text in answer if kind == "open" and status == 200 else []:
                with self.lock:
                    if self.stream is not token: return wire.close()
                    self.core.line(json.loads(text))
            reply = json.loads(answer.read() or "{}")
        except (OSError, http.client.HTTPException, ValueError): status = 0
        with self.lock:
            if kind == "open" and self.stream is token and self.core.stream_is_open: self.core.lose(retry_after)
            if kind == "put": self.core.put_answered(token, status, reply.get("head", 0))
            if kind == "look-up": self.core.looked_up(token, status, reply)
    def verify(self, ticket):
        answer = queue.Queue()
        with self.lock: self.core.request(answer, ticket)
        return answer.get(timeout=10)
