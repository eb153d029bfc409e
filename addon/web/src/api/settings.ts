/** Settings of the server, as ``/api/settings`` shows and takes them. */

/** A value as JSON has it; null for nothing, and for a secret. */
export type SettingValue = string | number | boolean | null;

export interface SettingAnswer {
  readonly value: SettingValue;
  readonly description: string;
  readonly type: "string" | "integer" | "boolean";
  readonly default: SettingValue;
  /** The only values, if there are few. */
  readonly choices: readonly (string | number)[];
  /** What can be written, in words. */
  readonly allowed: string;
  /** Where the value comes from. */
  readonly source: string;
  readonly is_editable: boolean;
  readonly is_secret: boolean;
  readonly is_set: boolean;
  /** Why the saved value is ignored. */
  readonly problem: string | null;
}

export interface SettingsAnswer {
  readonly settings: Readonly<Record<string, SettingAnswer>>;
  readonly warnings: readonly string[];
}

/** What Amber answers to a token that is being tried. */
export interface TriedTokenAnswer {
  readonly sites: readonly {
    readonly id: string;
    readonly nmi: string;
    readonly network: string | null;
    readonly status: string;
    readonly active_from: string | null;
    readonly channels: readonly {
      readonly identifier: string;
      readonly type: string;
    }[];
  }[];
}
