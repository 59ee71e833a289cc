import type { Tensor, Variable } from '@tensorflow/tfjs';
import { type Tensorflow, TrialStopped } from '../trainable.ts';

/** A tidy of tfjs that is under way, or one that code has opened by `startScope`. */
interface Scope {
  readonly id: number;
  readonly track: Tensor[];
}

/** What tfjs knows of the tensors of whoever computes. */
interface Surroundings {
  scopeStack: Scope[];
  activeScope: Scope | null;
  registeredVariables: Record<string, Variable>;
}

interface Engine {
  readonly state: Surroundings;
  startScope(name?: string): void;
  endScope(result?: unknown): void;
  /** Called with every tensor that is made, and with those that a tidy returns. */
  track<T extends Tensor>(tensor: T): T;
  keep<T extends Tensor>(tensor: T): T;
  makeVariable(...args: unknown[]): Variable;
  disposeVariable(variable: Variable): void;
  disposeVariables(): void;
  readonly registeredVariables: Record<string, Variable>;
}

/** So many tensors at least are looked through for those that their code has freed: few, as they cannot be collected before. */
const minLook = 128;

/** The tensors of one run that no tidy frees, with its open tidies and its variables, whose names are its own. */
export class RunTensors implements Surroundings {
  scopeStack: Scope[] = [];
  activeScope: Scope | null = null;
  registeredVariables: Record<string, Variable> = {};
  #tensors: Tensor[] = [];
  #nextLook = minLook;

  add(tensor: Tensor): void {
    this.#tensors.push(tensor);
    if (this.#tensors.length < this.#nextLook) return;
    this.#tensors = this.#tensors.filter(({ isDisposed }) => !isDisposed);
    this.#nextLook = Math.max(minLook, 2 * this.#tensors.length);
  }

  /** Frees what its code has left behind. */
  free(): void {
    const inScopes = this.scopeStack.flatMap(({ track }) => track);
    const variables = Object.values(this.registeredVariables);
    for (const tensor of [...inScopes, ...this.#tensors, ...variables]) {
      if (!tensor.isDisposed) tensor.dispose();
    }
    this.scopeStack.length = 0;
    this.#tensors = [];
  }
}

/** Thrown into code that computes after its trial has ended; where nobody awaits that code, nobody is told. */
export class RunIsOver extends TrialStopped {
  override readonly message =
    'The trial of this code has ended, and its tensors are freed: await all that it does.';
}

/**
 * Makes tfjs keep the tensors of runs apart that are interleaved. Tensors in a tidy are freed by that; all others are noted,
 * which costs much less than a kernel. Variables are found by the names that their own run gave them, so
 * `tf.disposeVariables` and an optimizer without a list of them mean those of their own run.
 * @param current the tensors of the run whose code is running; null: it is over; undefined: it is no run's
 */
export function keepTensorsApart(tf: Tensorflow, current: () => RunTensors | null | undefined): void {
  const engine = tf.engine() as unknown as Engine;
  const { state } = engine;
  const { scopeStack, activeScope, registeredVariables } = state;
  const outside: Surroundings = { scopeStack, activeScope, registeredVariables };
  let present: Surroundings = outside;
  /** Puts what belongs to the running code where tfjs looks for it. */
  const enter = (): RunTensors | null | undefined => {
    const run = current();
    const next = run ?? outside;
    if (next !== present) {
      copy(state, present);
      copy(next, state);
      present = next;
    }
    return run;
  };
  const { startScope, endScope, track, keep, makeVariable, disposeVariable, disposeVariables } = engine;
  engine.startScope = (name) => {
    // Every operation begins so: before it finds its tensors freed.
    if (enter() === null) throw new RunIsOver();
    startScope.call(engine, name);
  };
  engine.endScope = (result) => {
    enter();
    endScope.call(engine, result);
  };
  engine.track = (tensor) => {
    const run = enter();
    if (run === null) {
      tensor.dispose();
      throw new RunIsOver();
    }
    if (run !== undefined && state.activeScope === null) run.add(tensor);
    return track.call(engine, tensor) as typeof tensor;
  };
  engine.keep = (tensor) => {
    current()?.add(tensor);
    return keep.call(engine, tensor) as typeof tensor;
  };
  engine.makeVariable = (...args) => {
    enter();
    return makeVariable.apply(engine, args);
  };
  engine.disposeVariable = (variable) => {
    enter();
    disposeVariable.call(engine, variable);
  };
  engine.disposeVariables = () => {
    enter();
    disposeVariables.call(engine);
  };
  Object.defineProperty(engine, 'registeredVariables', {
    configurable: true,
    get: () => {
      enter();
      return state.registeredVariables;
    },
  });
}

function copy(from: Surroundings, to: Surroundings): void {
  to.scopeStack = from.scopeStack;
  to.activeScope = from.activeScope;
  to.registeredVariables = from.registeredVariables;
}
