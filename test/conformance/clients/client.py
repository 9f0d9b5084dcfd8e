"""A client for Python by docs/in-app-protocol.md. It shares no code with our own, and needs the standard library only."""

import base64
import http.client
import json
import os
import random
import sys
import threading
import time
import uuid
from datetime import datetime, timezone
from urllib.parse import urlsplit

KINDS = set("banner modal slide-in prompt tip card survey rating poll quiz progress checklist celebration".split())
MOST, BATCH, SESSION_S, SILENCE_S = 1000, 100, 30 * 60, 40
POLL_S, POLL_AFTER_REACTION_S, POLLS, DOUBT = 30, 5, 10, 3
output = threading.Lock()


def say(line):
    with output:
        print(json.dumps(line), flush=True)


class Clock:
    """A clock that may run faster, and be moved ahead."""

    def __init__(self, speed):
        self.speed, self.began, self.ahead = speed, time.time(), 0

    def now(self):
        return self.began + (time.time() - self.began) * self.speed + self.ahead

    def wait(self, event, seconds):
        """Waits, at most until the event."""
        event.wait(seconds / self.speed)
        event.clear()


class Pauses:
    """1, 2, 4, 8, 16, then 30 seconds, each with up to half of it more."""

    failures = 0

    def next(self):
        self.failures += 1
        return min(30, 2 ** (self.failures - 1)) * (1 + random.random() / 2)

    def reset(self):
        self.failures = 0


class Client:
    def __init__(self, url, token, folder, speed):
        self.host, self.token, self.clock = urlsplit(url).netloc, token, Clock(speed)
        claims = token.split(".")[1]
        self.user = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"]
        self.folder, self.lock = folder, threading.RLock()
        self.state, self.tag, self.gone, self.shown = self.load("state"), None, set(), None
        self.queue = self.load_queue()
        self.session, self.active, self.exposed = None, 0, set()
        self.fresh, self.renewing = threading.Event(), threading.Lock()
        self.queued, self.reacted, self.never = threading.Event(), threading.Event(), threading.Event()
        for work in (self.follow, self.send, self.tick):
            threading.Thread(target=work, daemon=True).start()

    # What outlasts the process, apart for each user.
    def path(self, what):
        return os.path.join(self.folder, f"{what}-{self.user.encode().hex()}")

    def load(self, what):
        try:
            with open(self.path(what)) as file:
                return json.load(file)
        except (OSError, ValueError):
            return None

    def save(self, what, value):
        with open(self.path(what) + ".new", "w") as file:
            json.dump(value, file)
        os.replace(self.path(what) + ".new", self.path(what))

    # The queue is a line for each item, so that one more costs one line.
    def load_queue(self):
        try:
            with open(self.path("queue")) as file:
                return [json.loads(line) for line in file][-MOST:]
        except FileNotFoundError:
            return []

    def save_queue(self):
        with open(self.path("queue") + ".new", "w") as file:
            file.writelines(json.dumps(item) + "\n" for item in self.queue)
        os.replace(self.path("queue") + ".new", self.path("queue"))

    # Requests. A 401 is answered by a new token and one repetition.
    def request(self, method, path, headers=None, body=None):
        used = self.token
        response = self.attempt(method, path, headers, body)
        if response.status != 401:
            return response
        self.renew(used)
        return self.attempt(method, path, headers, body)

    def attempt(self, method, path, headers, body):
        connection = http.client.HTTPConnection(self.host, timeout=max(SILENCE_S / self.clock.speed, 1))
        given = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        if body is not None:
            given["Content-Type"] = "application/json"
        connection.request(method, path, None if body is None else json.dumps(body), given)
        return connection.getresponse()

    def renew(self, used):
        with self.renewing:
            if used == self.token:
                self.fresh.clear()
                say({"wants": "token"})
                self.fresh.wait()

    def renewed(self, token):
        self.token = token
        self.fresh.set()

    # The state: by the stream, or by polling where no stream gets through.
    def follow(self):
        pauses, polls, polled = Pauses(), 0, False
        while True:
            streamed = polls == 0
            try:
                if not streamed:
                    polls, polled = polls - 1, False
                    polled, wait = self.poll()
                    if polled:
                        pauses.reset()
                        self.reacted.clear()
                        self.clock.wait(self.never, POLL_AFTER_REACTION_S)
                        if polls > 0:
                            self.clock.wait(self.reacted, POLL_S - POLL_AFTER_REACTION_S)
                        continue
                else:
                    wait = self.listen(pauses)
            except (OSError, http.client.HTTPException, ValueError):
                wait = None
            if wait != 0:
                self.clock.wait(self.never, wait or pauses.next())
            if streamed and wait != 0:
                polls = POLLS if polled else 1 if pauses.failures >= DOUBT else 0

    def poll(self):
        """Returns whether the state is known now; if not, the seconds to wait, or None for the next pause."""
        response = self.request("GET", "/v1/in-app", {"If-None-Match": f'"{self.tag}"'} if self.tag else {})
        if response.status == 200:
            self.take(json.load(response), response.headers["ETag"].strip('"'))
        elif response.status != 304:
            return False, retry_after(response)
        return True, None

    def listen(self, pauses):
        """Reads a stream to its end. Returns the seconds to wait, or None for the next pause."""
        response = self.request("GET", "/v1/stream", {"Last-Event-ID": self.tag} if self.tag else {})
        if response.status != 200:
            return retry_after(response)
        used, heard, kind, data, tag = self.token, False, "", "", self.tag
        while raw := response.readline():
            line = raw.decode().rstrip("\r\n")
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                kind = value
            elif field == "data":
                data = value
            elif field == "id":
                tag = value
            elif line == "" and kind == "end":
                if heard and json.loads(data)["reason"] == "token":
                    self.renew(used)
                    return 0
                return None
            else:
                heard = True
                pauses.reset()
                if line == "" and kind == "state":
                    self.take(json.loads(data), tag)
                if line == "":
                    kind, data = "", ""
        return None

    def take(self, part, tag):
        with self.lock:
            self.state, self.tag = {**(self.state or {}), **part}, tag
            self.save("state", self.state)
        self.show()

    def show(self):
        with self.lock:
            if self.state is None:
                return
            now = self.clock.now()
            messages = [
                message["id"]
                for message in self.state["messages"]
                if message["content"]["kind"] in KINDS
                and message["id"] not in self.gone
                and datetime.fromisoformat(message["expiresAt"].replace("Z", "+00:00")).timestamp() > now
            ]
            shows = {"messages": messages, "points": self.state["profile"]["points"]}
            if shows != self.shown:
                say({"shows": shows})
            self.shown = shows

    def tick(self):
        """Lets vanish what expires."""
        while True:
            self.clock.wait(threading.Event(), 1)
            self.show()

    # Reactions and events: kept until they are accepted, and sent in order.
    def push(self, item):
        with self.lock:
            self.queue = [*self.queue, item][-MOST:]
            with open(self.path("queue"), "a") as file:
                file.write(json.dumps(item) + "\n")
        self.queued.set()

    def send(self):
        pauses = Pauses()
        while True:
            with self.lock:
                batch = self.batch()
            if not batch:
                self.queued.wait()
                self.queued.clear()
                continue
            body = {"events": [item["call"] for item in batch]} if "call" in batch[0] else batch[0]["body"]
            wait = None
            try:
                response = self.request("POST", batch[0]["path"], None, body)
                response.read()
                if response.status < 500 and response.status not in (401, 408, 429):
                    pauses.reset()
                    self.reacted.set()
                    with self.lock:
                        self.queue = [item for item in self.queue if item not in batch]
                        self.save_queue()
                    continue
                wait = retry_after(response)
            except (OSError, http.client.HTTPException):
                pass
            self.clock.wait(threading.Event(), wait or pauses.next())

    def batch(self):
        """One reaction, or the events up to the next reaction."""
        batch = []
        for item in self.queue[:BATCH]:
            if batch and "call" not in item:
                break
            batch.append(item)
            if "call" not in item:
                break
        return batch

    def react(self, message, reaction, body=None):
        if reaction in ("dismissed", "snoozed"):
            self.gone.add(message)
        self.push({"id": str(uuid.uuid4()), "path": f"/v1/inbox/{message}/{reaction}", "body": body})
        self.show()

    def track(self, event, properties, **context):
        now = self.clock.now()
        self.touch(now)
        call = {
            "type": "track",
            "event": event,
            "properties": properties,
            "messageId": str(uuid.uuid4()),
            "timestamp": datetime.fromtimestamp(now, timezone.utc).isoformat(),
            "context": {"sessionId": self.session, **context},
        }
        self.push({"path": "/v1/in-app/events", "call": call})

    def touch(self, now):
        if self.session is None or now - self.active >= SESSION_S:
            self.session, self.exposed = str(uuid.uuid4()), set()
        self.active = now

    def flag(self, name, fallback):
        state = self.state or {}
        variant = state.get("variants", {}).get(name)
        if variant is not None:
            self.touch(self.clock.now())
            if (name, variant) not in self.exposed:
                self.exposed.add((name, variant))
                self.track("Flag Exposed", {"flag": name, "variant": variant}, active=False)
        return state.get("flags", {}).get(name, fallback)


def retry_after(response):
    return float(response.headers.get("Retry-After") or 0) or None


def main():
    client = None
    for line in sys.stdin:
        given = json.loads(line)
        do, value = given.pop("do"), None
        if do == "start":
            client = Client(**given)
            client.show()
        elif do == "token":
            client.renewed(given["token"])
        elif do == "later":
            client.clock.ahead += given["seconds"]
        elif do == "track":
            client.track(**given)
        elif do == "flag":
            value = client.flag(**given)
        elif do == "react":
            client.react(**given)
        elif do == "answer":
            client.react(given["message"], "answer", {"value": given["value"]})
        elif do == "answerQuestions":
            client.react(given["message"], "answer", {"answers": given["answers"], "done": given["done"]})
        say({"did": do, "value": value})


main()
