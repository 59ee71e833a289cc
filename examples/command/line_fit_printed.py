"""Fits y = a x + b by gradient descent: a command trainable that prints its metrics, with the standard library alone."""

import argparse
import json
import random

arguments = argparse.ArgumentParser()
arguments.add_argument("--rate", type=float, required=True)
arguments.add_argument("--momentum", type=float, required=True)
arguments.add_argument("--seed", type=int, default=0)
options = arguments.parse_args()

draw = random.Random(options.seed)
points = [(x / 50, 3 * x / 50 - 1 + draw.gauss(0, 0.05)) for x in range(-50, 51)]

a = b = change_a = change_b = 0.0
for step in range(1, 101):
    errors = [(x, a * x + b - y) for x, y in points]
    change_a = options.momentum * change_a - options.rate * sum(2 * e * x for x, e in errors) / len(points)
    change_b = options.momentum * change_b - options.rate * sum(2 * e for _, e in errors) / len(points)
    a, b = a + change_a, b + change_b
    loss = sum((a * x + b - y) ** 2 for x, y in points) / len(points)
    # Every number of a line of JSON is a metric; with "step=%d loss=%g" it would be the same.
    print(json.dumps({"step": step, "loss": loss, "slope": a}))

print("done: the line is", a, "x +", b)
