// What the API tells of channels: how one is connected, a check of it, and what did not go out.

import type { Bilingual, ChannelKind } from "@rapport/ui";

export interface ChannelField {
  name: string;
  label: Bilingual;
  /** Where to find it at the provider. */
  hint: Bilingual;
  secret: boolean;
  required: boolean;
  /** What holds where it is left empty. */
  default: string;
  /** Empty for a secret. */
  value: string;
  is_set: boolean;
}

/** `GET /inboxes/{id}/channel`. */
export interface ChannelRow {
  channel: ChannelKind;
  /** What the provider is to be told to call. */
  callback_url: string;
  fields: ChannelField[];
  /** Names of required fields that are missing. */
  missing: string[];
}

/** A step of `POST /inboxes/{id}/channel/check`. */
export interface CheckStep {
  name: string;
  /** `null`: could not be tried after what failed before. */
  passed: boolean | null;
  said: Bilingual;
}

/** A row of `GET /deliveries/stuck`. */
export interface StuckRow {
  id: string;
  /** To a customer, or what a provider told us. */
  kind: "message" | "fact";
  inbox: string;
  conversation?: string;
  contact?: string;
  text: string;
  /** `unknown`: it may have arrived. */
  outcome: "rejected" | "unknown";
  code: string;
  at: number;
}
