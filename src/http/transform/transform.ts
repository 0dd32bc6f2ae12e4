import type { Json, Transform } from '../../catalog/types.ts';
import { OrgqlError } from '../../util/errors.ts';
import type { TransformedBody } from '../request/prepare.ts';
import type { MethodCall } from '../types.ts';

export function transformRequestBody(transform: Transform, _body: Json): string {
  throw new OrgqlError('unsupported_syntax', `Transforms of type ${transform.type} are not supported`);
}

export function transformResponseBody(transform: Transform, _bytes: Uint8Array, _call: MethodCall): TransformedBody {
  throw new OrgqlError('unsupported_syntax', `Transforms of type ${transform.type} are not supported`);
}
