"""How long Optuna takes for the importances of recorded trials.

In: a JSON list of {"params": {...}, "values": [...]}. Out: {"pedAnovaMs": ..., "fanovaMs": ...}; fANOVA is for one
objective and needs scikit-learn, else null. Each is timed without filling the study; PED-ANOVA is the best of three.
"""

import json
import sys
import time
import warnings

import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.importance import FanovaImportanceEvaluator, PedAnovaImportanceEvaluator, get_param_importances

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)

kinds = [
    FloatDistribution(0, 1),
    FloatDistribution(1e-5, 1, log=True),
    IntDistribution(1, 64, log=True),
    CategoricalDistribution(["a", "b", "c", "d"]),
]
trials = json.load(sys.stdin)
study = optuna.create_study(directions=["minimize"] * len(trials[0]["values"]))
study.add_trials(
    optuna.trial.create_trial(
        params=trial["params"],
        distributions={name: kinds[int(name[1:]) % 4] for name in trial["params"]},
        values=trial["values"],
    )
    for trial in trials
)


def milliseconds(evaluator):
    start = time.perf_counter()
    get_param_importances(study, evaluator=evaluator)
    return 1000 * (time.perf_counter() - start)


result = {"pedAnovaMs": min(milliseconds(PedAnovaImportanceEvaluator()) for _ in range(3)), "fanovaMs": None}
if len(study.directions) == 1:
    try:
        result["fanovaMs"] = milliseconds(FanovaImportanceEvaluator(seed=1))
    except ImportError:
        pass
print(json.dumps(result))
