import { skeletonOf } from './skeleton.js';

/**
 * Names under which somebody would be taken for the service itself, in the languages that it
 * speaks. What people call a role of theirs, such as `admin`, is theirs to take.
 */
const NAMES = [
  ...['system', 'parley', 'official', 'service', 'server'],
  ...['系统', '系统消息', '系统通知', '系統', '官方', '服务器'],
];

const SKELETONS: ReadonlySet<string> = new Set(NAMES.map(skeletonOf));

/** @param skeleton of the name, so that no look-alike of a reserved one gets through */
export function isReserved(skeleton: string): boolean {
  return SKELETONS.has(skeleton);
}
