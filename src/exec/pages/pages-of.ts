import type { Page } from '../../http/types.ts';
import { methodCall, type ScanCall, type ScanRequest } from '../scan.ts';

/** The pages of one call of a fetch step, from wherever the statement's options let them come. */
export async function* pagesOf(request: ScanRequest, call: ScanCall): AsyncGenerator<Page, void, undefined> {
  const http = await request.environment.http();
  yield* http.pages(methodCall(request, call));
}
