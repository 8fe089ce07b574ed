/** What the hub says about the registers of the place: components, shops, businesses, groups, workrooms, letters. */
import type { Named, Word, Worn } from "./people.ts";
import type { Pair } from "./types.ts";

export interface Component {
  readonly id: string;
  readonly kind: Word;
  readonly owner: Word;
  /** The shop in which it is, or whose door is nearest. */
  readonly shop: Named;
  readonly inside: boolean;
  readonly grid: string;
  readonly spot: string;
  readonly x: number;
  readonly y: number;
  readonly standing: Word;
  /** Since somebody saw it. */
  readonly days: number;
  readonly verified_at: string;
  readonly verified_by: Named | null;
  /** Nobody comes to look again before this day. */
  readonly free_from: string | null;
  readonly may: boolean;
}
export interface KindCount {
  readonly kind: Word;
  readonly all: number;
  readonly stale: number;
  readonly faulty: number;
  readonly missing: number;
}
export interface Limits {
  readonly stale_days: number;
  readonly gap_days: number;
  readonly term_months: number;
}
export interface Components {
  readonly components: readonly Component[];
  readonly more: boolean;
  readonly kinds: readonly KindCount[];
  readonly limits: Limits;
}
export interface Check {
  readonly at: string;
  readonly by: Named | null;
  readonly condition: Word;
  readonly note: string;
}
export interface Visit {
  readonly at: string;
  readonly by: Named | null;
  readonly note: string;
}
/** Days from `begins` to before `ends`. */
interface Dated {
  readonly begins: string;
  readonly ends: string | null;
}
export interface Premises {
  readonly id: string;
  readonly name: Pair;
  readonly grid: Named;
  readonly trade: string;
  readonly fire_class: string;
  readonly hours: string;
  readonly verified_at: string | null;
  readonly components: readonly Component[];
  readonly surveys: readonly Visit[];
  readonly free_from: string | null;
  readonly placements: readonly (Dated & { readonly grid: Named; readonly group: number | null })[];
  readonly centres: readonly (Dated & { readonly group: number | null })[];
  readonly tenancies: readonly (Dated & { readonly business: Named })[];
  readonly may: boolean;
}
export interface Tenancy extends Dated {
  readonly shop: Named;
  readonly grid: string;
  readonly now: boolean;
  readonly primary: boolean;
}
export interface Business extends Named {
  readonly shops: readonly Tenancy[];
  /** They care for it, that of the primary shop first. */
  readonly grids: readonly Named[];
  readonly may: boolean;
}
export interface Businesses {
  readonly businesses: readonly Business[];
  readonly more: boolean;
}
export interface GroupLine {
  readonly id: string;
  readonly number: number;
  readonly grid: string;
  readonly shops: number;
  readonly centre: Named | null;
  readonly deputy: Named | null;
  readonly begins: string | null;
  readonly ends: string | null;
  readonly term: Word;
  readonly open: boolean;
}
export interface Election {
  readonly id: string;
  readonly way: Word;
  readonly state: "called" | "decided" | "cancelled";
  readonly electors: number;
  readonly blank: number;
  readonly by_lot: boolean;
  readonly candidates: readonly (Named & { readonly votes: number | null })[];
  readonly centre: string | null;
  readonly deputy: string | null;
  readonly begins: string | null;
  readonly ends: string | null;
  readonly called_at: string;
  readonly called_by: Named | null;
  readonly decided_at: string | null;
  readonly decided_by: Named | null;
}
export interface Span extends Dated {
  readonly shop: Named;
}
export interface GroupPage {
  readonly id: string;
  readonly number: number;
  readonly grid: Named;
  readonly centre: Named | null;
  readonly term: Word;
  readonly ends: string | null;
  readonly members: readonly Named[];
  readonly elections: readonly Election[];
  readonly history: readonly Span[];
  readonly centres: readonly Span[];
  readonly term_months: number;
  readonly may: boolean;
  /** Shops for which whoever is signed in speaks. */
  readonly own: readonly string[];
}
export interface Item extends Word {
  readonly asks: Pair;
  readonly ready: boolean;
  readonly stale: boolean;
  readonly note: string;
  readonly at: string | null;
  readonly by: Named | null;
}
export interface Workroom {
  readonly grid: Named;
  readonly room: { readonly name: Pair; readonly spot: string; readonly phone: string } | null;
  readonly items: readonly Item[];
  readonly missing: readonly string[];
  readonly may: boolean;
}
export interface Leader extends Worn {
  readonly office: Pair | null;
  readonly letter: string | null;
}
export interface Led extends Named {
  readonly people: readonly Leader[];
  readonly unlettered: readonly Pair[];
}
export interface Level extends Word {
  readonly leads: Pair;
  readonly tasks: readonly { readonly words: Pair; readonly every: Word }[];
  readonly places: readonly Led[];
}
export interface Appointment {
  readonly id: string;
  readonly number: string;
  readonly grid: Named;
  readonly office: Word;
  readonly person: Named;
  readonly begins: string;
  readonly ends: string | null;
  readonly standing: Word;
  readonly revoked: boolean;
  readonly granted: boolean;
  readonly made_by: Named | null;
  readonly may: boolean;
}
export interface AppointmentLetter extends Appointment {
  readonly market: Pair;
  readonly made_at: string;
}
