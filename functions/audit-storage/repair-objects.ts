import { inParallel } from '#shared/domain/in-parallel.ts';
import type { AuditPorts } from './audit-ports.ts';

/**
 * Deletes garbage, each object by its exact key. To delete one again does nothing; a crash in between leaves the others to the next try,
 * whose report then lacks those that were deleted before.
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export async function repairObjects(
  garbage: readonly { readonly key: string; readonly what: string }[],
  ports: Pick<AuditPorts, 'objects' | 'reportRepair'>,
): Promise<void> {
  await inParallel(garbage, async ({ key, what }) => {
    await ports.objects.delete(key);
    ports.reportRepair(key, what);
  });
}
