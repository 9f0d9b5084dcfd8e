import { startFake, type FakeService, type Reply } from './service';

/**
 * Starts a stand-in for a workflow of Power Automate that begins "When a Teams webhook request is received". The address of a
 * workflow is `url`, the path `/workflows/…` and its signature `?sig=…`.
 */
export function startTeams(): Promise<FakeService> {
  return startFake(({ method, path, body }): Reply => {
    const failed = (status: number, code: string): Reply => ({ status, body: { error: { code, message: code } } });
    if (method !== 'POST' || !path.startsWith('/workflows/')) return failed(404, 'WorkflowNotFound');
    if (!path.includes('sig=')) return failed(401, 'DirectApiAuthorizationRequired');
    const { type, attachments } = JSON.parse(body) as { type?: unknown; attachments?: { contentType?: unknown }[] };
    const isCard = attachments?.[0]?.contentType === 'application/vnd.microsoft.card.adaptive';
    return type === 'message' && isCard ? { status: 202 } : failed(400, 'TriggerInputSchemaMismatch');
  });
}
