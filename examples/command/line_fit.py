"""Fits y = a x + b by gradient descent: a command trainable that reports through GraphQL, stores a file, can be paused
and goes on from its checkpoint, with the standard library alone."""

import argparse
import json
import os
import random
import signal
import time
import urllib.request

url = os.environ["TRIALGRAPH_URL"]
trial = os.environ["TRIALGRAPH_TRIAL"]
attempt = int(os.environ["TRIALGRAPH_ATTEMPT"])
headers = {"authorization": "Bearer " + os.environ["TRIALGRAPH_TOKEN"], "content-type": "application/json"}
checkpoint_file = os.environ["TRIALGRAPH_CHECKPOINT"]
pause = float(os.environ["LINE_FIT_PAUSE"])


def send(method, path, body):
    request = urllib.request.Request(url + path, body, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


def report(batch, steps, losses):
    """Stores points and returns whether the trial should stop. A repeated batch number is not stored twice."""
    query = "mutation ($input: ReportMetricsInput!) { reportMetrics(input: $input) { shouldStop reason } }"
    series = [{"name": "loss", "steps": steps, "values": losses}]
    given = {"trial": trial, "attempt": attempt, "batch": batch, "series": series}
    answer = send("POST", "/graphql", json.dumps({"query": query, "variables": {"input": given}}).encode())
    if "errors" in answer:
        raise RuntimeError(answer["errors"][0]["message"])
    return answer["data"]["reportMetrics"]["shouldStop"]


arguments = argparse.ArgumentParser()
arguments.add_argument("--steps", type=int, required=True)
options = arguments.parse_args()
with open(os.environ["TRIALGRAPH_PARAMS_FILE"]) as file:
    given = json.load(file)
params = given["params"]
momentum = params.get("momentum", 0)

draw = random.Random(given["seed"])
points = [(x / 50, 3 * x / 50 - 1 + draw.gauss(0, 0.05)) for x in range(-50, 51)]

# Pruned, paused or cancelled: SIGTERM comes, and ten seconds later SIGKILL.
stopping = False


def stop(*_):
    global stopping
    stopping = True


signal.signal(signal.SIGTERM, stop)

state = {"step": 0, "a": 0.0, "b": 0.0, "change_a": 0.0, "change_b": 0.0}
if os.path.exists(checkpoint_file):
    with open(checkpoint_file) as file:
        state = json.load(file)
    print("going on after step", state["step"])

steps, losses, batch = [], [], 0
while state["step"] < options.steps and not stopping:
    errors = [(x, state["a"] * x + state["b"] - y) for x, y in points]
    rate = params["learningRate"] * 2 / len(points)
    state["change_a"] = momentum * state["change_a"] - rate * sum(e * x for x, e in errors)
    state["change_b"] = momentum * state["change_b"] - rate * sum(e for _, e in errors)
    state["a"] += state["change_a"]
    state["b"] += state["change_b"]
    state["step"] += 1
    steps.append(state["step"])
    losses.append(sum((state["a"] * x + state["b"] - y) ** 2 for x, y in points) / len(points))
    if len(steps) == 20 or state["step"] == options.steps:
        stopping = report(batch, steps, losses) or stopping
        steps, losses, batch = [], [], batch + 1
    time.sleep(pause)

# In place of the one before in one move, so that there is never half of one.
with open(checkpoint_file + ".new", "w") as file:
    json.dump(state, file)
os.replace(checkpoint_file + ".new", checkpoint_file)

if not stopping:
    send("PUT", f"/artifacts/{trial}/line.json", json.dumps({"a": state["a"], "b": state["b"]}).encode())
