/** What the hub says about people, their rights, and what they hold. */
import type { Pair } from "./types.ts";

export interface Word extends Pair {
  readonly id: string;
}
export interface Named {
  readonly id: string;
  readonly name: Pair;
}
export interface Worn extends Named {
  readonly armband: string | null;
}
export interface Held {
  readonly id: string;
  readonly role: string;
  readonly node: Named;
}
export interface Somebody extends Worn {
  readonly login: string | null;
  readonly active: boolean;
  readonly barred: boolean;
  readonly must_change: boolean;
  readonly factor: boolean;
  /** To a log-in at the organisation. */
  readonly linked: boolean;
  readonly grants: readonly Held[];
}
export interface Waiting {
  readonly id: string;
  readonly person: Named;
  readonly role: string;
  readonly node: Named;
  readonly proposed_by: Named;
  readonly proposed_at: string;
  /** Whether whoever is signed in may decide on it. */
  readonly decides: boolean;
}
/** A place at which a right may be given. */
export interface GrantNode extends Named {
  readonly kind: "district" | "street" | "market" | "grid" | "group";
}
/** A district or a street; `above`: this market lies in it · `open`: whoever is signed in may change what does. */
export interface Area extends Named {
  readonly kind: "district" | "street";
  readonly parent: string | null;
  readonly markets: readonly Named[];
  readonly above: boolean;
  readonly open: boolean;
}
/** Visits that a shop asked for. */
export interface Care {
  readonly id: string;
  readonly shop: string;
  readonly scope: string;
  readonly consent_at: string;
  readonly begins: string;
  readonly ends: string;
}
export interface ImportedWrong extends Pair {
  readonly row: number;
  readonly column: string;
}
/** What a file would do, or did; `rows` = new + changed + same + refused. */
export interface Imported {
  readonly rows: number;
  readonly new: number;
  readonly changed: number;
  readonly same: number;
  readonly refused: number;
  readonly wrong: number;
  readonly applied: boolean;
  /** By which the good rows of what was read are taken. */
  readonly report: string;
  readonly problems: readonly ImportedWrong[];
  /** What is worth a look and bars nothing; row 0: it concerns the whole. */
  readonly remarks: readonly ImportedWrong[];
  /** Streets that are derived from the rows of doors. */
  readonly streets: number;
}
export interface Certificate {
  readonly kind: Word;
  readonly begins: string;
  readonly ends: string | null;
  readonly standing: string;
}
export interface Staff {
  readonly person: Worn;
  readonly post: Word;
  readonly employer: string;
  readonly begins: string;
  readonly ends: string | null;
  readonly barred: boolean;
  readonly active: boolean;
  readonly certificates: readonly Certificate[];
}
export interface Armband {
  readonly number: string;
  readonly state: Word;
  readonly person: Named | null;
  readonly since: string;
}
export interface PublicArmband {
  readonly number: string;
  readonly role: Word;
  readonly node: Named;
}
export interface Contact {
  readonly id: string;
  readonly name: string;
  readonly role: Word;
  readonly phone: string;
  readonly since: string;
}
export interface Looked {
  readonly id: string;
  readonly at: string;
  readonly person: Named | null;
  readonly kind: Word;
  readonly subject: string;
  readonly purpose: string;
  readonly case: string | null;
}
export interface RoleReach extends Pair {
  readonly role: string;
  readonly reach: string;
}
export interface Action extends Word {
  readonly roles: readonly RoleReach[];
}
export interface Because {
  readonly person: Worn;
  readonly role: string;
  readonly node: Named;
  readonly reach: string;
  readonly reach_words: Pair;
  readonly always: boolean;
}
export interface Who {
  readonly action: Action;
  readonly node: Named;
  readonly people: readonly Because[];
}
export interface Right {
  readonly action: Action;
  readonly role: string;
  readonly node: Named;
  readonly reach: string;
  readonly reach_words: Pair;
}
export interface What {
  readonly person: Worn;
  readonly rights: readonly Right[];
}
export interface Lived {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly made_at: string;
  readonly seen_at: string;
  readonly here: boolean;
}
export interface Screen {
  readonly id: string;
  readonly label: string;
  readonly node: string;
  readonly made_at: string;
  readonly seen_at: string;
  readonly made_by: Pair;
}
export interface ByPhone extends Worn {
  readonly phones: number;
}
export interface Handset {
  readonly id: string;
  readonly label: string;
  readonly made_at: string;
  readonly seen_at: string;
}
export interface Invited {
  readonly url: string;
  readonly qr: string;
  readonly ends_at: string;
}
export interface FactorBegun {
  readonly secret: string;
  readonly uri: string;
  readonly qr: string;
}
