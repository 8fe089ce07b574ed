import type { Choice } from "../api/types.ts";

/** What is sent for a choice that the hub offered. */
export const valueOf = (choice: Choice): string | number => (typeof choice === "object" ? (choice.value ?? choice.id ?? "") : choice);
