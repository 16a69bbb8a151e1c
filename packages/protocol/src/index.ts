export {
  actionAfterClose,
  type CloseAction,
  CloseCode,
  delayAfterClose,
  restartingReason,
} from './close-codes.js';
export * from './frames.js';
export { REFUSAL_CODES, type RefusalCode } from './refusal-codes.js';
