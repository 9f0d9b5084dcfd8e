import { Script } from 'node:vm';
import { Worker, type Logger, type WorkerOptions } from '@temporalio/worker';
import type { CompiledWorkerOptions } from '@temporalio/worker/lib/worker-options';
import type { Workflow, WorkflowCreateOptions, WorkflowCreator } from '@temporalio/worker/lib/workflow/interface';
import { ReusableVMWorkflow, ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm';
import type { WorkflowModule } from '@temporalio/worker/lib/workflow/vm-shared';

type Bundle = ReusableVMWorkflowCreator['workflowBundle'];

/**
 * Calls a function of the bundle. All its microtasks are done when the script has ended, but only if it ends without an error: one
 * thrown through it would leave them to the next call, which may be another workflow's.
 */
const CALL = new Script(`{
  const [name, args] = __sojournCall;
  let outcome;
  try { outcome = { value: __TEMPORAL__.api[name](...args) }; } catch (error) { outcome = { error }; }
  outcome;
}`);
type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** What the SDK's bundler writes for this kind of executor: what isn't preloaded is a module of its own for each workflow. */
const KEEPS_MODULES_APART = 'globalThis.__webpack_module_cache__';
const NANOSECONDS = 1_000_000n;

/**
 * Runs our one workflow in the worker's own thread, in the sandbox of the SDK but without what it does for workflows it does not
 * know: a thread that watches over each call into the sandbox for an endless loop, globals exchanged between one workflow and the
 * next, and each promise followed for stack traces. `workflows/` has no loop that does not wait, and no globals.
 * The watch alone is 0.2 ms a call (https://github.com/nodejs/node/pull/47739), and a wake-up makes eight.
 */
class LifecycleExecutor extends ReusableVMWorkflowCreator {
  override createWorkflow(options: WorkflowCreateOptions): Promise<Workflow> {
    const { context } = this;
    const own: { activator: typeof context.__TEMPORAL_ACTIVATOR__ } = { activator: undefined };
    const api = new Proxy({} as WorkflowModule, {
      get:
        (_, name: string) =>
        (...args: unknown[]): unknown => {
          Object.assign(context, { __TEMPORAL_ACTIVATOR__: own.activator, __sojournCall: [name, args] });
          const outcome = CALL.runInContext(context) as Outcome;
          if ('error' in outcome) throw outcome.error;
          return outcome.value;
        },
    });
    api.initRuntime({
      ...options,
      sourceMap: this.workflowBundle.sourceMap,
      getTimeOfDay: () => BigInt(Date.now()) * NANOSECONDS,
      registeredActivityNames: this.registeredActivityNames,
      stackTracesEnabled: false,
    });
    const activator = context.__TEMPORAL_ACTIVATOR__;
    if (!activator) throw new Error('The SDK keeps the state of a workflow elsewhere than we know it.');
    own.activator = activator;
    const workflow = new ReusableVMWorkflow(options.info.runId, context, activator, api);
    // Where the SDK looks whose promise was rejected with nobody to handle it, and where it is taken out at the end.
    ReusableVMWorkflowCreator.workflowByRunId.set(options.info.runId, workflow);
    return Promise.resolve(workflow);
  }
}

/** A worker of the SDK with our executor. It relies on parts of the SDK that are not documented, hence the tilde before its version. */
export class LifecycleWorker extends Worker {
  /** A wake-up is traced in eight lines, each kept for a tenth of a second, with all it is about, until it turns out that nobody reads it. */
  static override async create(options: WorkerOptions): Promise<Worker> {
    const worker = await super.create(options);
    if (!(worker instanceof LifecycleWorker)) throw new Error('The SDK makes workers in another way than we know it.');
    const logger = Object.assign(Object.create(worker.logger) as Logger, { trace: () => undefined });
    return Object.assign(worker, { logger });
  }

  protected static override createWorkflowCreator(
    bundle: Bundle,
    { isolateExecutionTimeoutMs, activities }: CompiledWorkerOptions,
  ): Promise<WorkflowCreator> {
    if (!bundle.code.includes(KEEPS_MODULES_APART))
      throw new Error('The workflow bundle is of another version of the SDK.');
    const script = new Script(bundle.code, { filename: bundle.filename });
    return Promise.resolve(
      new LifecycleExecutor(script, bundle, isolateExecutionTimeoutMs, new Set(activities.keys())),
    );
  }
}
