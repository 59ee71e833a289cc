"""Runs searches with Optuna's pruners, four trials at a time, each making one step in turn.

Reads one JSON object from standard input, {"workers", "pruners": {name: [class, arguments]}, "searches": [{"direction",
"steps", "target", "curves", "orders"}]}, and prints one row of costs a search and pruner as JSON lines.
"""

import json
import sys

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)


def search(direction, steps, target, curves, order, pruner, workers):
    study = optuna.create_study(
        direction=direction,
        pruner=pruner,
        sampler=optuna.samplers.RandomSampler(seed=1),
        # Hyperband hashes it to choose brackets.
        study_name=str(order),
    )
    minimize = direction == "minimize"
    running = [None] * workers
    started = 0
    spent = 0
    while True:
        for i in range(workers):
            if running[i] is None and started < len(order):
                running[i] = [study.ask(), curves[order[started]], 0]
                started += 1
        if all(worker is None for worker in running):
            return {"spent": spent, "reached": False}
        for i, worker in enumerate(running):
            if worker is None:
                continue
            trial, curve, step = worker
            value = curve[step]
            value = float("nan") if value is None else value
            step += 1
            spent += 1
            worker[2] = step
            trial.report(value, step)
            if step == steps:
                if value <= target if minimize else value >= target:
                    return {"spent": spent, "reached": True}
                if value != value:
                    study.tell(trial, state=optuna.trial.TrialState.FAIL)
                else:
                    study.tell(trial, value)
                running[i] = None
            elif trial.should_prune():
                study.tell(trial, state=optuna.trial.TrialState.PRUNED)
                running[i] = None


def main():
    request = json.load(sys.stdin)
    for number, task in enumerate(request["searches"]):
        orders = task.pop("orders")
        for name, (kind, arguments) in request["pruners"].items():
            for order in orders:
                pruner = getattr(optuna.pruners, kind)(**arguments)
                cost = search(**task, order=order, pruner=pruner, workers=request["workers"])
                print(json.dumps({"search": number, "pruner": name, **cost}), flush=True)


main()
