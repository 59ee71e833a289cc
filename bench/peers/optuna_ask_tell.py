"""Optuna's TPE behind a pipe of JSON lines, so that both sides of a comparison evaluate the very same functions.

In: {"study": {...}} starts a study and asks for its first trial; {"values": [...], "constraints": [...]} tells the
trial and asks for the next. Out: the parameters of that trial. A constraint is kept where it is not above 0.
"""

import json
import sys
import warnings

import optuna

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


def meets(test, value):
    if not isinstance(test, dict):
        return value == test
    compare = {
        "in": lambda bound: value in bound,
        "lt": lambda bound: value < bound,
        "lte": lambda bound: value <= bound,
        "gt": lambda bound: value > bound,
        "gte": lambda bound: value >= bound,
    }
    return all(compare[key](bound) for key, bound in test.items())


def suggest(trial, parameters):
    """Asks as a user's program does: parameters in order, those under a condition only where it holds."""
    params = {}
    for parameter in parameters:
        name = parameter["name"]
        when = parameter.get("when", {})
        if not all(parent in params and meets(test, params[parent]) for parent, test in when.items()):
            continue
        if parameter["type"] == "categorical":
            params[name] = trial.suggest_categorical(name, parameter["choices"])
        else:
            ask = trial.suggest_int if parameter["type"] == "int" else trial.suggest_float
            step = {"step": parameter["step"]} if "step" in parameter else {}
            log = parameter.get("log", False)
            params[name] = ask(name, parameter["low"], parameter["high"], log=log, **step)
    return params


study = trial = space = None
for line in sys.stdin:
    message = json.loads(line)
    if "study" in message:
        settings = message["study"]
        space = settings["parameters"]
        sampler = optuna.samplers.TPESampler(seed=settings["seed"], **settings["sampler"])
        study = optuna.create_study(sampler=sampler, directions=settings["directions"])
    else:
        for i, violation in enumerate(message["constraints"]):
            trial.set_constraint(f"c{i}", violation)
        study.tell(trial, message["values"])
    trial = study.ask()
    print(json.dumps(suggest(trial, space)), flush=True)
