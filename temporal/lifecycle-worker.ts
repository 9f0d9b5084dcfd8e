import { Script } from 'node:vm';
import { Worker, type Logger, type WorkerOptions } from '@temporalio/worker';
import type { CompiledWorkerOptions } from '@temporalio/worker/lib/worker-options';
import type { Workflow, WorkflowCreateOptions, WorkflowCreator } from '@temporalio/worker/lib/workflow/interface';
import { ReusableVMWorkflow, ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm';
import type { WorkflowModule } from '@temporalio/worker/lib/workflow/vm-shared';

type Bundle = ReusableVMWorkflowCreator['workflowBundle'];

/**
 * Calls a function of the bundle and catches its error. All microtasks are done when a script ends normally. An error thrown through the
 * script would leave them to the next call, which may belong to another workflow.
 */
const CALL = new Script(`{
  const [name, args] = __sojournCall;
  let outcome;
  try { outcome = { value: __TEMPORAL__.api[name](...args) }; } catch (error) { outcome = { error }; }
  outcome;
}`);
type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** The SDK's bundler writes this for reusable VMs, where each workflow has its own instance of every module that isn't preloaded. */
const SEPARATE_MODULES = 'globalThis.__webpack_module_cache__';
/** Beginning of the error for internals that have changed. */
const UNSUPPORTED = 'Unsupported @temporalio/worker version: expected 1.24.x internals';
const NANOSECONDS_PER_MS = 1_000_000n;

/**
 * Runs the lifecycle workflow in the worker's own thread, in the SDK's sandbox. It leaves out three safeguards for unknown workflow
 * code: a watchdog thread for endless loops, the exchange of globals between workflows, and the tracking of promises for stack traces.
 * `workflows/` has no loop that does not wait, and no globals. The watchdog alone costs 0.2 ms a call
 * (https://github.com/nodejs/node/pull/47739), and a wake-up makes eight calls.
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
      getTimeOfDay: () => BigInt(Date.now()) * NANOSECONDS_PER_MS,
      registeredActivityNames: this.registeredActivityNames,
      stackTracesEnabled: false,
    });
    const activator = context.__TEMPORAL_ACTIVATOR__;
    if (!activator) throw new Error(`${UNSUPPORTED} (__TEMPORAL_ACTIVATOR__ after initRuntime).`);
    own.activator = activator;
    const workflow = new ReusableVMWorkflow(options.info.runId, context, activator, api);
    // The SDK looks up the workflow of an unhandled rejection here, and removes it at the end.
    ReusableVMWorkflowCreator.workflowByRunId.set(options.info.runId, workflow);
    return Promise.resolve(workflow);
  }
}

/** An SDK worker with `LifecycleExecutor`. It relies on undocumented parts of the SDK, so package.json allows patch releases only. */
export class LifecycleWorker extends Worker {
  /**
   * Creates a worker that writes no trace lines. The SDK would make eight for each wake-up, and keep each with its data for a tenth of a
   * second before it drops them.
   * @throws {Error} when the SDK's version is unsupported, or the worker can't be created
   */
  static override async create(options: WorkerOptions): Promise<Worker> {
    const worker = await super.create(options);
    if (!(worker instanceof LifecycleWorker)) throw new Error(`${UNSUPPORTED} (Worker.create).`);
    const logger = Object.assign(Object.create(worker.logger) as Logger, { trace: () => undefined });
    return Object.assign(worker, { logger });
  }

  protected static override createWorkflowCreator(
    bundle: Bundle,
    { isolateExecutionTimeoutMs, activities }: CompiledWorkerOptions,
  ): Promise<WorkflowCreator> {
    if (!bundle.code.includes(SEPARATE_MODULES))
      throw new Error(
        'Unsupported workflow bundle: expected one built by the installed @temporalio/worker. Run npm run build.',
      );
    const script = new Script(bundle.code, { filename: bundle.filename });
    return Promise.resolve(
      new LifecycleExecutor(script, bundle, isolateExecutionTimeoutMs, new Set(activities.keys())),
    );
  }
}
