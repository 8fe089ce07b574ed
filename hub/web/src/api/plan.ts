/** What the hub says of plans of grids and groups, and of the versions that came of them. Days are dates of the market. */
import type { Pair } from "./types.ts";
import type { Named } from "./people.ts";

export type PlanKind = "grids" | "groups" | "hand";
export type PlanState = "draft" | "submitted" | "approved" | "applied" | "withdrawn" | "rejected" | "undone";
export type PlanAct = "change" | "submit" | "withdraw" | "approve" | "reject" | "undo" | "discard";

/** How the solver of a plan stands; `gap` is the share of `best` that is not proved. */
export interface PlanJob {
  readonly state: "waiting" | "running" | "done" | "stopped" | "failed";
  readonly stage_words: Pair;
  readonly seconds: number;
  readonly best: number | null;
  readonly bound: number | null;
  readonly gap: number | null;
  readonly share: number | null;
  readonly reason: Pair | null;
}
export interface PlanHead {
  readonly id: string;
  readonly number: string;
  readonly kind: PlanKind;
  readonly kind_words: Pair;
  readonly state: PlanState;
  readonly state_words: Pair;
  readonly title: string;
  readonly effective: string;
  readonly revision: number;
  readonly made_by: Named;
  readonly made_at: string;
  readonly submitted_by: Named | null;
  readonly submitted_at: string | null;
  readonly decided_by: Named | null;
  readonly decided_at: string | null;
  readonly undone_by: Named | null;
  readonly undone_at: string | null;
  /** Why it was rejected or undone, in somebody's words; `stale`: a draft that was approved, and could not be applied. */
  readonly reason: string | null;
  readonly moved_grid: number;
  readonly moved_group: number;
  readonly job: PlanJob | null;
  readonly may: readonly PlanAct[];
  readonly withdraw_until: string | null;
}
export interface Figure {
  readonly id: string;
  readonly words: Pair;
  readonly unit: "share" | "count" | "metres";
  readonly before: number | null;
  readonly after: number | null;
  readonly better: boolean | null;
}
export interface Proof {
  readonly what: "grids" | "groups";
  readonly gap: number;
  readonly seconds: number;
  readonly stopped: boolean;
  readonly least_moved: number | null;
}
/** A rule that a draft breaks; `hard`: it cannot be submitted so · `new`: it was kept before the plan. */
export interface Broken extends Pair {
  readonly rule: string;
  readonly subject: string;
  readonly hard: boolean;
  readonly new: boolean;
}
/** Ids; a walk is metres to the centre of the grid. */
interface Moved {
  readonly grid_from: string;
  readonly grid_to: string;
  readonly group_from: string | null;
  readonly group_to: string | null;
  readonly walk_from: number | null;
  readonly walk_to: number | null;
}
export interface Change extends Moved {
  readonly shop: string;
}
/** Neighbours with one change; `label` is `C-101 … C-108`. */
export interface PlanRow extends Moved {
  readonly shops: readonly string[];
  readonly label: string;
  readonly count: number;
  readonly reason_words: Pair;
}
export interface PlanGrid {
  readonly id: string;
  readonly number: number;
  readonly name: Pair;
  readonly shops: number;
  readonly shops_before: number;
  readonly new: boolean;
  readonly gone: boolean;
}
export interface PlanGroup {
  readonly id: string;
  readonly grid: string;
  readonly number: number;
  readonly shops: number;
  readonly centre: string | null;
  /** Whether its centre shop has to be chosen anew. */
  readonly elect: boolean;
  readonly new: boolean;
  readonly gone: boolean;
}
/** What moves on a draft gave. */
export interface Edited {
  readonly revision: number;
  readonly broken: readonly Broken[];
  readonly changes: readonly Change[];
  readonly grids: readonly PlanGrid[];
  readonly groups: readonly PlanGroup[];
}
export interface PlanPage extends PlanHead {
  readonly figures: readonly Figure[];
  readonly proofs: readonly Proof[];
  readonly oddities: readonly Pair[];
  readonly broken: readonly Broken[];
  readonly rows: readonly PlanRow[];
  readonly changes: readonly Change[];
  readonly grids: readonly PlanGrid[];
  readonly groups: readonly PlanGroup[];
  readonly tell: { readonly leaders: readonly Named[]; readonly centres: readonly string[]; readonly shops: readonly string[] };
  readonly duties: number;
  readonly unchanged: { readonly open_cases: number; readonly twice: number };
}
/** A day from which the market was cut anew; the first has no plan. */
export interface Version {
  readonly begins: string;
  readonly plan: string | null;
  readonly number: string | null;
  readonly title: string | null;
  readonly state: "applied" | "undone" | null;
  readonly grids: number;
  readonly groups: number;
  readonly shops: number;
}
/** Shops that are given another grid or group; a group of null is the nearest one, `new` one of their own. */
export interface Move {
  readonly shops: readonly string[];
  readonly grid: string | null;
  readonly group: string | null;
}
export interface NewPlan {
  readonly kind: PlanKind;
  readonly title: string;
  readonly effective: string;
  readonly grid_wish?: { readonly grids: number | null; readonly anew: boolean };
  readonly group_wish?: { readonly anew: boolean };
  readonly seconds: number;
}
export const planUrl = (id: string, more = ""): string => `/api/plans/${encodeURIComponent(id)}${more}`;
export const isBusy = (job: PlanJob | null | undefined): boolean => job?.state === "waiting" || job?.state === "running";
