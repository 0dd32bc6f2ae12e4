import type { OverlaySubject, ResourceOverlay } from '../../../src/catalog/builder/build.ts';

/** The planner's facts about a resource of the Okta provider. */
export function oktaOverlay(_subject: OverlaySubject): ResourceOverlay {
  return {};
}
