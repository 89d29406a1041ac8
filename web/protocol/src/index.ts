export { createClient, type ClientOptions } from "./client";
export { Refused, TokenRefused, type RefusalCode } from "./errors";
export { checkText, TEXT_LIMIT, type TextProblem } from "./text";
export type * from "./api";
export type * from "./frames.gen";
