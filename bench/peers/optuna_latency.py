"""How long Optuna's ask (of all parameters) and tell take after many finished trials, in memory.

Arguments: sampler (random or tpe), objectives, finished trials, asks. The history is drawn at random, as on the other
side. Prints one JSON object with both medians and the 99th percentile of the asks in milliseconds.
"""

import json
import math
import sys
import time
import warnings

import numpy
import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)

kind, objectives, finished, asks = sys.argv[1], *map(int, sys.argv[2:])

space = {
    **{f"x{i}": FloatDistribution(0, 1) for i in range(4)},
    **{f"rate{i}": FloatDistribution(1e-5, 1, log=True) for i in range(2)},
    **{f"layers{i}": IntDistribution(1, 32) for i in range(2)},
    **{f"kind{i}": CategoricalDistribution(["a", "b", "c"]) for i in range(2)},
}


def values_of(params):
    rate = abs(math.log10(params["rate0"]) + 2) / 3
    kind = 0.2 if params["kind0"] == "b" else 0
    first = params["x0"] ** 2 + (params["x2"] - 0.5) ** 2 + rate + params["layers0"] / 32 + kind
    second = (1 - params["x0"]) ** 2 + params["x3"] + params["layers1"] / 32
    return [first, second][:objectives]


random = numpy.random.default_rng(1)


def draw(distribution):
    if isinstance(distribution, CategoricalDistribution):
        return distribution.choices[random.integers(len(distribution.choices))]
    if isinstance(distribution, IntDistribution):
        return int(random.integers(distribution.low, distribution.high + 1))
    if distribution.log:
        return math.exp(random.uniform(math.log(distribution.low), math.log(distribution.high)))
    return random.uniform(distribution.low, distribution.high)


samplers = {"random": optuna.samplers.RandomSampler, "tpe": optuna.samplers.TPESampler}
study = optuna.create_study(sampler=samplers[kind](seed=1), directions=["minimize"] * objectives)
for _ in range(finished):
    params = {name: draw(distribution) for name, distribution in space.items()}
    study.add_trial(
        optuna.trial.create_trial(params=params, distributions=space, values=values_of(params))
    )

ask_ms, tell_ms = [], []
for _ in range(asks):
    start = time.perf_counter()
    trial = study.ask(space)
    asked = time.perf_counter()
    study.tell(trial, values_of(trial.params))
    told = time.perf_counter()
    ask_ms.append((asked - start) * 1000)
    tell_ms.append((told - asked) * 1000)

# The first one fills caches.
print(
    json.dumps(
        {
            "askP50Ms": float(numpy.quantile(ask_ms[1:], 0.5)),
            "askP99Ms": float(numpy.quantile(ask_ms[1:], 0.99)),
            "tellP50Ms": float(numpy.quantile(tell_ms[1:], 0.5)),
        }
    )
)
