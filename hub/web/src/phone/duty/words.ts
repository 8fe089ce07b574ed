/** The words of duty, swaps, calls for help and one's own things on a phone; see words.ts. */
import type { WordPair } from "../../words.ts";

export const DUTY_WORDS = {
  "mine.install": ["装在手机上", "On this phone"],
} as const satisfies Record<string, WordPair>;

export type DutyWord = keyof typeof DUTY_WORDS;
