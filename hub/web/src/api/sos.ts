/** What the hub says about a call for help: before it is made, and what became of it. */
import type { Pair } from "./types.ts";

export interface SosTold {
  readonly at: string;
  readonly who: Pair;
  readonly step: number;
  readonly done: boolean;
}
export interface SosShown {
  readonly call: string;
  readonly alert: string;
  readonly number: string;
  readonly received_at: string;
  readonly kind: string;
  readonly severity: number;
  readonly place: Pair;
  readonly state: string;
  /** Nobody need come any more, or it has become a case. */
  readonly closed: boolean;
  readonly taken: { readonly at: string; readonly who: Pair } | null;
  readonly told: readonly SosTold[];
}
/** Who would hear, so many seconds after the press. */
export interface SosHeard {
  readonly who: Pair;
  readonly after_s: number;
}
export interface SosAhead {
  readonly place: Pair;
  /** How the place is known. */
  readonly by: "shop" | "position" | "visit" | "grid" | "market";
  readonly sos: readonly SosHeard[];
  readonly help: readonly SosHeard[];
  readonly numbers: readonly (Pair & { readonly number: string })[];
  /** The person's own calls that are not over. */
  readonly open: readonly SosShown[];
}
