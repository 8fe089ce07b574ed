/** What people were told, and the ways that reach them. */
import type { Pair, Severity } from "./types.ts";

export type Way = "push" | "email" | "sms" | "voice" | "wecom" | "dingtalk" | "feishu";
export interface NoticeSent {
  readonly kind: string;
  readonly state: "waiting" | "sent" | "failed" | "dropped";
  readonly at: string | null;
  readonly why: Pair | null;
}
export interface Notice {
  readonly id: string;
  readonly subject: string;
  readonly step: string;
  readonly severity: Severity;
  readonly at: string;
  readonly read_at: string | null;
  readonly words: Pair;
  readonly sent: readonly NoticeSent[];
}
/** The person's own, unread first, each part newest first. */
export interface Notices {
  readonly unread: number;
  readonly notices: readonly Notice[];
}
/** What a browser needs to subscribe; an empty key: this hub pushes nothing. */
export interface Push {
  readonly key: string;
  readonly best_effort: Pair;
}
export interface Channel {
  readonly id: string;
  readonly kind: Way;
  readonly name: Pair;
  /** Most of the address left out. */
  readonly shown: string;
  /** False: best effort. */
  readonly sure: boolean;
  readonly verified: boolean;
  readonly made_at: string;
  readonly good_at: string | null;
  readonly failed_at: string | null;
  readonly why: Pair | null;
}
/** A kind that can be added here; `asks`: how its address is asked for, none: by the browser itself. */
export interface ChannelOffer {
  readonly kind: Way;
  readonly name: Pair;
  readonly sure: boolean;
  readonly asks: Pair | null;
}
export interface QuietHours {
  readonly begins: string;
  readonly ends: string;
}
export interface Channels {
  readonly channels: readonly Channel[];
  readonly offers: readonly ChannelOffer[];
  /** What is missing for an urgent alert to arrive by two independent ways. */
  readonly lacking: Pair | null;
  readonly quiet: QuietHours | null;
  readonly best_effort: Pair;
}
