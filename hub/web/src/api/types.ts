/** What the hub says over HTTP. Times are ISO 8601 UTC, metres are the market's own, y down. */

export interface Pair {
  readonly zh: string;
  readonly en: string;
}
/** A name in both languages, or one that has only one form. */
export type Name = Pair | string;

export type Severity = 0 | 1 | 2 | 3;
export type AlertState = "NEW" | "ACKED" | "CONFIRMED" | "DISMISSED" | "ATTACHED" | "EXPIRED";
export type Dismissal = "staff" | "animal" | "light" | "authorised" | "duplicate" | "other";
export type Emergency = "119" | "110" | "120";

export interface Person {
  readonly id: string;
  readonly name: Pair;
  readonly roles: readonly string[];
  readonly node: string | null;
  readonly armband: string | null;
}
export interface DemoLogin {
  readonly user: string;
  readonly password: string;
  readonly role?: string;
  readonly name?: Name;
}
/** Pages that somebody may be shown. */
export type Office = "people" | "rights" | "staff" | "armbands" | "contacts" | "care" | "phones" | "displays" | "register" | "imports" | "areas";
export type Register = "components" | "premises" | "businesses" | "groups" | "workrooms" | "leaders";
export type Page = "wall" | "cases" | "devices" | "letters" | "playback" | "zones" | "market" | "duty" | "patrol" | Office | Register;
export type Owed = "code" | "factor" | "password";
export type May = "person.see" | "person.change" | "grant.approve" | "staff.change" | "armband.change" | "care.change" | "market.change" | "plan.change" | "plan.approve" | "coverage.see" | "coverage.change" | "filing.see" | "filing.change" | "component.change" | "workroom.change" | "appoint" | "elect" | "video.turn" | "duty.change" | "duty.approve" | "duty.swap" | "handover" | "task.see" | "task.change" | "asset.see" | "asset.change" | "patrol.change";
export interface MarketName {
  readonly id: string;
  readonly name: Pair;
}
export interface Session {
  readonly person: Person;
  readonly pages: readonly Page[];
  /** `half`: the password was right, and `owed` is still asked for. */
  readonly kind: "half" | "person" | "phone" | "display";
  readonly owed: readonly Owed[];
  /** At a display: whoever has signed in there. */
  readonly acting: Person | null;
  readonly may: readonly May[];
  readonly factor: boolean;
  readonly recovery_left: number;
  readonly pin: boolean;
  /** At a phone: what its proofs are made over. */
  readonly bound: string | null;
  readonly csrf: string;
  readonly market: MarketName;
  /** Every market that the person's grants reach. */
  readonly markets: readonly MarketName[];
  readonly demo?: readonly DemoLogin[] | null;
}

export type Ring = readonly (readonly [number, number])[];
export interface Grid {
  readonly id: string;
  readonly name: Name;
  readonly shops: number;
  readonly leader: unknown;
  readonly tint: number;
}
export interface Camera {
  readonly id: string;
  readonly name: Name;
  readonly place: Name;
  readonly grid: string | null;
  readonly hall: string | null;
  readonly x: number;
  readonly y: number;
  /** Degrees, 0 up on the plan, clockwise. */
  readonly bearing: number;
  /** Degrees, whole opening. */
  readonly fov: number;
  /** Metres. */
  readonly range: number;
  readonly critical: boolean;
  /** The edge that reads it; none for a camera that stands on the plan only. */
  readonly device: string | null;
}
export interface Market {
  readonly id: string;
  readonly name: Name;
  readonly bounds: readonly [number, number, number, number];
  readonly halls: readonly { readonly id: string; readonly name: Name; readonly ring: Ring }[];
  readonly streets: readonly { readonly id: string; readonly kind: string; readonly ring: Ring }[];
  readonly grids: readonly Grid[];
  readonly groups: readonly { readonly id: string; readonly grid: string; readonly number: number }[];
  /** Columns of equal length; `grid` and `group` are indexes, -1 for none; `ring` is x, y, x, y … */
  readonly shops: {
    readonly id: readonly string[];
    readonly grid: readonly number[];
    readonly group: readonly number[];
    readonly ring: readonly (readonly number[])[];
    readonly name: readonly Name[];
  };
  readonly gates: readonly { readonly id: string; readonly name: Name; readonly x: number; readonly y: number }[];
  readonly cameras: readonly Camera[];
}

/** A rectangle in 0..1 of the picture. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly label: string;
  readonly score: number;
}
export interface Told {
  readonly at: string;
  readonly who: Name;
  readonly step: number | string;
  readonly done: boolean;
}
export interface Alert {
  readonly id: string;
  readonly number: string | number;
  readonly kind: string;
  readonly severity: Severity;
  readonly state: AlertState;
  readonly camera: string | null;
  readonly zone: string | null;
  readonly grid: string | null;
  readonly place: Name;
  readonly x: number | null;
  readonly y: number | null;
  readonly first_at: string;
  readonly last_at: string;
  readonly received_at: string;
  readonly count: number | null;
  readonly score: number;
  readonly trust: string;
  readonly seconds: number | null;
  readonly reason: string | null;
  readonly still: string | null;
  readonly clip: string | null;
  readonly boxes: readonly Box[];
  readonly lease: { readonly person: string; readonly name: Name; readonly until: string } | null;
  readonly ack_due: string | null;
  readonly ack_at: string | null;
  readonly case: string | null;
  readonly dismissal: string | null;
  readonly nearest: { readonly crew: string | number; readonly people: readonly Name[] | Name; readonly metres: number | null } | null;
  readonly leader: { readonly name: Name; readonly armband: string | null } | null;
  readonly duty_shop: { readonly id: string; readonly name: Name } | null;
  readonly told: readonly Told[];
  readonly calls: readonly { readonly at: string; readonly number: string; readonly who: Name }[];
  readonly drill: boolean;
  readonly version: number;
}
export interface CameraState {
  readonly id: string;
  readonly state: string;
  readonly since: string | null;
  readonly reason: string | null;
  readonly still_at: string | null;
}
export interface Crew {
  readonly number: string | number;
  readonly people: readonly Name[];
  readonly grid: string | null;
  readonly place: Name | null;
  readonly round: readonly [number, number] | null;
  readonly gap_min: number | null;
  /** Metres, where the crew was last seen by a scan; absent when that is not known. */
  readonly x?: number | null;
  readonly y?: number | null;
}
export interface Duty {
  readonly on: number;
  readonly of: number;
  readonly lead: Name | null;
  readonly desk: readonly Name[];
  readonly handover_at: string | null;
}
export interface Tonight {
  readonly buckets: readonly number[];
  readonly limit: number;
  readonly confirmed: number;
  readonly dismissed: number;
  readonly ack_p50_s: number | null;
}
export interface WallPage {
  readonly now: string;
  readonly seq: number;
  readonly alerts: readonly Alert[];
  readonly cameras: readonly CameraState[];
  readonly duty: Duty;
  readonly crews: readonly Crew[];
  readonly tonight: Tonight;
  readonly selftest: { readonly passed: number; readonly of: number; readonly at: string } | null;
  readonly edges: { readonly online: number; readonly of: number; readonly offset_ms: number | null };
}

export type Stage =
  | "REPORTED" | "ACCEPTED" | "REJECTED" | "MERGED" | "DISPATCHED" | "HANDLING"
  | "SUSPENDED" | "HANDLED" | "CLOSED" | "EVALUATED" | "CANCELLED";
export interface Due {
  readonly clock: string;
  readonly at: string;
  readonly total_s: number;
  readonly started_at: string;
}
export interface CaseCard {
  readonly id: string;
  readonly number: string;
  readonly title: Name;
  readonly kind: string;
  readonly severity: Severity;
  readonly stage: Stage;
  readonly grid: string | null;
  readonly place: Name;
  readonly opened_at: string;
  readonly due: Due | null;
  readonly late: boolean;
  readonly unit: Name | null;
  readonly handler: Name | null;
  readonly version: number;
}
export interface Media {
  readonly id: string;
  readonly type?: string;
  readonly at?: string;
}
export type Choice =
  | string
  | number
  | { readonly value?: string | number; readonly id?: string; readonly zh?: string; readonly en?: string; readonly name?: Name };
export interface Field {
  readonly name: string;
  readonly label: Name;
  readonly type: "text" | "choice" | "date" | "unit" | "person" | "check";
  readonly required: boolean;
  readonly choices?: readonly Choice[] | null;
}
export interface Move {
  readonly act: string;
  readonly name: Name;
  readonly allowed: boolean;
  readonly en: string | null;
  readonly zh: string | null;
  readonly fields: readonly Field[];
}
export interface TimelineLine {
  readonly seq: number;
  readonly at: string;
  readonly act: string;
  readonly who: { readonly name: Name; readonly role: Name | null } | null;
  readonly from: string | null;
  readonly to: string | null;
  /** Somebody's own words. */
  readonly text: string | null;
  /** The act's own facts, in both languages. */
  readonly zh: string;
  readonly en: string;
  readonly media: readonly (string | Media)[];
}
export interface StageLine {
  readonly stage: Stage;
  readonly at: string;
  readonly used_s: number | null;
  readonly limit_s: number | null;
  readonly who: Name | null;
  readonly note: Name | null;
}
export interface CaseClock {
  readonly clock: string;
  readonly started_at: string;
  readonly due_at: string | null;
  readonly stopped_at: string | null;
  readonly state: "running" | "paused" | "met" | "late";
  readonly total_s: number;
}
export interface CasePage extends CaseCard {
  readonly stages: readonly StageLine[];
  readonly timeline: readonly TimelineLine[];
  readonly clocks: readonly CaseClock[];
  readonly moves: readonly Move[];
  readonly alerts: readonly (string | Alert)[];
  readonly people: readonly {
    readonly name: Name;
    readonly role: Name;
    readonly place: Name | null;
    readonly state: string | null;
    readonly armband: string | null;
  }[];
  readonly x: number | null;
  readonly y: number | null;
  readonly root: string | null;
  readonly merged: readonly unknown[];
  readonly reporter: { readonly channel: string; readonly name: Name | null } | null;
  readonly tracking_code: string | null;
  readonly close_conditions: readonly { readonly id: string; readonly en: string; readonly zh: string; readonly met: boolean }[];
}
