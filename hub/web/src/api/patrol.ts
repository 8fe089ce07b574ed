/** Shapes of the patrol page, as the hub gives them. */
import type { Name, Pair } from "./types.ts";

interface Coded extends Pair {
  readonly id: string;
}
interface Called {
  readonly id: string;
  readonly name: Name;
}
/** How rounds were walked, in points. */
export interface PatrolFigures {
  readonly due: number;
  readonly kept: number;
  readonly late: number;
  readonly missed: number;
  readonly excused: number;
  readonly fast: number;
  readonly short: number;
  readonly share: number | null;
  readonly order: number | null;
}
export interface PatrolPoint {
  readonly id: string;
  readonly number: number;
  readonly name: Pair;
  readonly x: number;
  readonly y: number;
  readonly key: boolean;
}
/** The longest time of the day that nobody came by a point. */
export interface PatrolGap {
  readonly point: PatrolPoint;
  readonly grid: string;
  readonly minutes: number;
  readonly since: string;
  readonly until: string;
}
export interface PatrolRound {
  readonly id: string;
  readonly kind: Coded;
  readonly name: Pair;
  readonly grid: string;
  readonly state: Coded;
  readonly due_at: string;
  readonly closes_at: string;
  readonly open: boolean;
  readonly started_at: string | null;
  readonly started_by: Called | null;
  readonly count: number;
  readonly figures: PatrolFigures;
}
export interface MissedPoint {
  readonly round: string;
  readonly kind: Coded;
  readonly closes_at: string;
  readonly point: PatrolPoint;
  readonly reason: Coded | null;
}
export interface PatrolDay {
  readonly day: string;
  readonly figures: PatrolFigures;
  readonly grids: readonly { readonly grid: Called; readonly figures: PatrolFigures; readonly gap: PatrolGap | null }[];
  readonly rounds: readonly PatrolRound[];
  readonly missed: readonly MissedPoint[];
  readonly gaps: readonly PatrolGap[];
  readonly lone: readonly { readonly person: Called | null; readonly state: string; readonly due_at: string; readonly alert: string | null }[];
  readonly checks: readonly { readonly grid: string; readonly done: number; readonly of: number }[];
  readonly more: boolean;
}
export interface WalkedPoint extends PatrolPoint {
  readonly standing: "kept" | "late" | "early" | "missed" | "waiting";
  readonly reason: Coded | null;
}
export interface RoundVisit {
  readonly id: string;
  readonly checkpoint: string;
  readonly at: string;
  readonly received_at: string;
  readonly walker: Called | null;
  readonly device: string | null;
  readonly by: Coded;
  readonly away_m: number | null;
  readonly accuracy_m: number | null;
  readonly photo: string | null;
  readonly note: string;
}
/** Why a point was not reached, or a photo; of a point or of the round. */
export interface RoundRemark {
  readonly id: string;
  readonly at: string;
  readonly person: Called;
  readonly point: PatrolPoint | null;
  readonly reason: Coded | null;
  readonly photo: string | null;
  readonly note: string;
}
/** Its points and its seed only once it was begun, or its time is over. */
export interface RoundPage extends PatrolRound {
  readonly seed: string | null;
  readonly points: readonly WalkedPoint[] | null;
  readonly visits: readonly RoundVisit[];
  readonly remarks: readonly RoundRemark[];
  readonly fast: readonly { readonly first: string; readonly then: string; readonly metres: number; readonly seconds: number }[];
  readonly short: readonly string[];
}
export interface Checkpoint extends PatrolPoint {
  readonly grid: string;
  readonly tagged: boolean;
  readonly fence_m: number | null;
  readonly dwell_s: number;
  readonly code: { readonly serial: number; readonly until: string; readonly over: boolean } | null;
  readonly may: boolean;
}
export interface PatrolPlan {
  readonly id: string;
  readonly grid: string;
  readonly kind: Coded;
  readonly name: Pair;
  readonly times: readonly string[];
  readonly minutes: number;
  readonly points: readonly string[];
  readonly drawn: boolean;
  readonly ways: number;
  readonly begins: string;
  readonly may: boolean;
}
/** What the solver said: metres of the lap, and the worst chance to meet an intruder who knows the plan. */
export interface PlanMade {
  readonly id: string;
  readonly metres: number | null;
  readonly proved: boolean | null;
  readonly worst: number | null;
  readonly best_fixed: number | null;
}
