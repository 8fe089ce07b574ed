/** What is drawn on cameras' pictures, as the hub says it over HTTP. */
import type { Pair } from "./types.ts";

export type Point = readonly [x: number, y: number];
export interface Hours {
  readonly from: string;
  readonly to: string;
  readonly days: string;
}
/** One rule as the edge is told it: its kind, and fields by the rulebook. */
export type Rule = { readonly kind: string } & Readonly<Record<string, unknown>>;
export interface Zone {
  readonly id: string;
  readonly polygon?: readonly Point[] | null;
  readonly line?: readonly Point[] | null;
  /** Square metres of ground. */
  readonly area?: number | null;
  readonly rules: readonly Rule[];
}
export interface Drawn {
  readonly masks?: readonly (readonly Point[])[];
  readonly zones?: readonly Zone[];
}
export interface DrawnCamera {
  readonly id: string;
  readonly name: Pair;
  readonly place: Pair;
  readonly device: string;
  readonly online: boolean;
  readonly state: string;
}
export interface Drawing {
  readonly version: number;
  readonly state: "queued" | "sent" | "applied" | "rejected" | "rolled-back" | "replaced";
  readonly reason: string | null;
  readonly by: Pair;
  readonly at: string;
}
export interface OldDrawing extends Drawing {
  /** null: what the edge's own file says held again. */
  readonly drawn: Drawn | null;
}
export type May = "draw" | "test" | "replay" | "try";
export interface Scene {
  readonly camera: DrawnCamera;
  /** Of the edge's configuration, given back with what is drawn. */
  readonly version: number;
  readonly drawn: Drawn | null;
  readonly order: Drawing | null;
  readonly told: Drawn | null;
  readonly told_at: string | null;
  readonly obeys: boolean;
  readonly may: readonly May[];
  readonly why: Readonly<Partial<Record<May, Pair>>>;
}
export interface RuleField {
  readonly name: string;
  readonly form: "number" | "whole" | "choice" | "labels" | "armed" | "holidays";
  readonly default?: unknown;
  readonly maybe: boolean;
  readonly least?: number;
  readonly most?: number;
  /** A limit that it may not reach itself. */
  readonly over?: number;
  readonly under?: number;
  readonly choices?: readonly string[];
}
export interface RuleKind {
  readonly kind: string;
  readonly on: "polygon" | "line";
  readonly fields: readonly RuleField[];
}

export const sceneUrl = (camera: string): string => `/api/scenes/${encodeURIComponent(camera)}`;
