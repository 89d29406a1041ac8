export { createClient, type ClientOptions } from "./client";
export type { OutboxStorage } from "./outbox";
export { UnsentStorage } from "./unsent";
export type { Wire } from "./socket";
export type { Clock } from "./clock";
export { Refused, TokenRefused, type RefusalCode } from "./errors";
export { checkText, codePoints, TEXT_LIMIT, type TextProblem } from "./text";
export type * from "./api";
export type * from "./frames.gen";
